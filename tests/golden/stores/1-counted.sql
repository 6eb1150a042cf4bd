CREATE TABLE packets (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  collar TEXT NOT NULL, boot TEXT NOT NULL, seq INTEGER NOT NULL,
  start_s REAL NOT NULL, arrival_s REAL NOT NULL,
  content_type TEXT NOT NULL, payload BLOB NOT NULL,
  UNIQUE (collar, boot, seq, start_s)
);
CREATE TABLE points (
  measurement TEXT NOT NULL, run TEXT NOT NULL, dog TEXT NOT NULL, kind TEXT NOT NULL,
  time_ns INTEGER NOT NULL, fields TEXT NOT NULL,
  PRIMARY KEY (measurement, run, dog, kind, time_ns)
) WITHOUT ROWID;
CREATE TABLE outbox (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  kind TEXT NOT NULL, key TEXT NOT NULL UNIQUE, body BLOB NOT NULL, made_s REAL NOT NULL
);
CREATE TABLE followers (
  name TEXT PRIMARY KEY, position INTEGER NOT NULL, memory BLOB
);
CREATE TABLE dead_letters (
  id INTEGER PRIMARY KEY,
  follower TEXT NOT NULL, row INTEGER NOT NULL, kind TEXT NOT NULL, body BLOB NOT NULL,
  reason TEXT NOT NULL, time_s REAL NOT NULL
);
CREATE TABLE memory (name TEXT PRIMARY KEY, body BLOB NOT NULL, position INTEGER NOT NULL);
CREATE TABLE aside (
  id INTEGER PRIMARY KEY,
  topic TEXT NOT NULL, payload BLOB NOT NULL, cause TEXT NOT NULL, arrival_s REAL NOT NULL
);
CREATE TABLE counts (cause TEXT PRIMARY KEY, n INTEGER NOT NULL);
CREATE TABLE commands (
  id INTEGER PRIMARY KEY, time_s REAL NOT NULL, body BLOB NOT NULL,
  taken INTEGER NOT NULL DEFAULT 0
);
INSERT INTO packets VALUES (41, 'red', '1', 7, 1780315200.0, 1780315210.0, 'application/cbor', x'a1');
INSERT INTO packets VALUES (42, 'red', '1', 8, 1780315210.0, 1780315220.0, 'application/cbor', x'a2');
INSERT INTO packets VALUES (57, 'red', '1', 23, 1780315360.0, 1780315370.0, 'application/cbor', x'a3');
DELETE FROM packets WHERE id = 57;
INSERT INTO points VALUES ('alert', 'live', 'rex', 'jumping', 1780315200000000000, '{"id": "abc"}');
INSERT INTO outbox (kind, key, body, made_s) VALUES ('point', 'alert abc', x'01', 1780315220.0);
INSERT INTO followers VALUES ('mqtt', 1, NULL);
INSERT INTO dead_letters (follower, row, kind, body, reason, time_s) VALUES ('influx', 1, 'point', x'01', 'refused', 1780315221.0);
INSERT INTO memory VALUES ('engine', x'80', 57);
INSERT INTO aside (topic, payload, cause, arrival_s) VALUES ('odd', x'00', 'encoding', 1780315200.0);
INSERT INTO counts VALUES ('repeat', 3);
INSERT INTO commands (time_s, body) VALUES (1780315200.0, x'7b7d');
PRAGMA application_id=1399878265;
PRAGMA user_version=1;
