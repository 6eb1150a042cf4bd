#!/bin/sh
# Makes the secrets of a new installation, once; run by docker compose before anything else.
#
#   docker compose run --rm init                 what `up` does
#   docker compose run --rm init user NAME       a password for a collar (NAME is its id), or for
#                                                homeassistant; printed once, not kept in the clear
#   docker compose run --rm init page            shows the password of the page
set -eu

secrets=${SECRETS:-/secrets}
passwords=$secrets/mosquitto/passwords
umask 077

random() { head -c 24 /dev/urandom | od -A n -t x1 | tr -d ' \n'; }

# keep FILE: fill a file with a random word, unless there is one from before.
keep() {
    [ -s "$1" ] || random >"$1"
}

# add_user NAME PASSWORD: through a file, since every user of a machine sees what programs are
# called with.
add_user() {
    [ -e "$passwords" ] || : >"$passwords"
    mosquitto_passwd -D "$passwords" "$1" >/dev/null 2>&1 || true
    printf '%s:%s\n' "$1" "$2" >"$passwords.new"
    mosquitto_passwd -U "$passwords.new"
    cat "$passwords.new" >>"$passwords"
    rm "$passwords.new"
}

# give OWNER PATH: let the service that needs a secret read it, and nobody else.
give() { [ "$(id -u)" != 0 ] || chown -R "$1" "$2"; }

mkdir -p "$secrets/mosquitto" "$secrets/influxdb" "$secrets/spryhound"

if [ "${1:-}" = user ]; then
    name=${2:?"say whose: init user NAME"}
    case $name in
        spryhound | *[!a-z0-9_-]*)
            echo "'$name' is not the id of a collar: a-z, 0-9, _ and -" >&2
            exit 2
            ;;
    esac
    password=$(random)
    add_user "$name" "$password"
    echo "User $name, password $password (shown only now)"
elif [ "${1:-}" = page ]; then
    cat "$secrets/spryhound/web_password"
    echo
else
    keep "$secrets/influxdb/password"
    keep "$secrets/influxdb/token"
    keep "$secrets/spryhound/mqtt_password"
    keep "$secrets/spryhound/web_password"
    cp "$secrets/influxdb/token" "$secrets/spryhound/influx_token"
    add_user spryhound "$(cat "$secrets/spryhound/mqtt_password")"
fi

give "${MOSQUITTO_UID:-1883}" "$secrets/mosquitto"
give "${INFLUXDB_UID:-1000}" "$secrets/influxdb"
give "${SPRYHOUND_UID:-10001}" "$secrets/spryhound"
# The folders of new volumes belong to root; the services do not run as root.
[ ! -d /data/mosquitto ] || give "${MOSQUITTO_UID:-1883}" /data/mosquitto
[ ! -d /data/influxdb ] || give "${INFLUXDB_UID:-1000}" /data/influxdb
[ ! -d /data/spryhound ] || give "${SPRYHOUND_UID:-10001}" /data/spryhound
