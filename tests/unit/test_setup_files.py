"""What users start the program with: docker-compose.yml, Dockerfile, ./run, the broker's files."""

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]  # PyYAML ships no types

from config.load import load

ROOT = Path(__file__).resolve().parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
INFLUX_BUCKET = "DOCKER_INFLUXDB_INIT_BUCKET"
INFLUX_ORG = "DOCKER_INFLUXDB_INIT_ORG"
DAEMONS = sorted(name for name in SERVICES if name != "init")


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_each_image_is_pinned(name: str) -> None:
    """A tag with a number in it; ``latest`` of InfluxDB is another program than last year."""
    assert re.fullmatch(r"[a-z/-]+:\d+\.\d+(\.\d+)?(-[a-z0-9]+)?", SERVICES[name]["image"])


def test_the_base_image_is_pinned() -> None:
    bases = re.findall(r"^FROM (\S+)", (ROOT / "Dockerfile").read_text(), re.MULTILINE)

    assert bases
    assert [base for base in bases if not re.search(r":\d+\.\d+", base)] == []


@pytest.mark.parametrize("name", DAEMONS)
def test_each_service_says_when_it_is_well_and_comes_back_by_itself(name: str) -> None:
    assert SERVICES[name]["healthcheck"]["test"][0] == "CMD"
    assert SERVICES[name]["restart"] == "unless-stopped"


def test_the_daemon_waits_for_broker_and_database_to_be_well() -> None:
    waits = SERVICES["spryhound"]["depends_on"]

    assert {name: wait["condition"] for name, wait in waits.items()} == {
        "mosquitto": "service_healthy",
        "influxdb": "service_healthy",
    }


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_each_service_has_few_rights_and_a_bounded_log(name: str) -> None:
    service = SERVICES[name]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["logging"]["options"].keys() == {"max-size", "max-file"}


@pytest.mark.parametrize("name", DAEMONS)
def test_no_service_runs_as_root(name: str) -> None:
    assert int(SERVICES[name]["user"].split(":")[0]) > 0


@pytest.mark.parametrize("name", DAEMONS)
def test_nothing_listens_beyond_this_machine_unless_told(name: str) -> None:
    outside = [
        port
        for port in SERVICES[name].get("ports", [])
        if not re.match(r"(127\.0\.0\.1|\$\{\w+:-127\.0\.0\.1\}):", port)
    ]

    assert outside == []


@pytest.mark.parametrize("name", sorted(SERVICES))
def test_there_is_no_password_in_the_file(name: str) -> None:
    """Secrets come from files, which the service ``init`` makes."""
    environment = SERVICES[name].get("environment", {})

    secret = [key for key in environment if re.search("PASSWORD|TOKEN|SECRET", key)]

    assert [key for key in secret if not key.endswith("_FILE")] == []


def test_the_settings_that_compose_makes_are_understood(tmp_path: Path) -> None:
    """A misspelt variable would leave the daemon talking to a broker that is not there."""
    environ = dict(SERVICES["spryhound"]["environment"])
    for key in [key for key in environ if key.endswith("_FILE")]:
        secret = tmp_path / key
        secret.write_text(f"secret of {key}\n")
        environ[key] = str(secret)

    settings = load(None, environ)

    assert (settings.mqtt.host, settings.mqtt.user) == ("mosquitto", "spryhound")
    assert settings.mqtt.password is not None
    assert settings.mqtt.password.get_secret_value() == "secret of SPRYHOUND_MQTT__PASSWORD_FILE"
    assert (settings.influx.enabled, settings.influx.url) == (True, "http://influxdb:8086")
    assert settings.influx.bucket == SERVICES["influxdb"]["environment"][INFLUX_BUCKET]
    assert settings.influx.org == SERVICES["influxdb"]["environment"][INFLUX_ORG]
    assert settings.home.data_dir == Path("/data")
    published = SERVICES["spryhound"]["ports"][0]
    assert published.endswith(f":{settings.web.port}:{settings.web.port}")


def test_every_volume_is_declared_and_every_mounted_file_exists() -> None:
    mounts = [mount for service in SERVICES.values() for mount in service["volumes"]]
    sources = {mount.rsplit(":/", 1)[0] for mount in mounts if isinstance(mount, str)}
    named = {source for source in sources if not source.startswith((".", "$"))}
    files = {source for source in sources if source.startswith(".")}

    assert named == COMPOSE["volumes"].keys()
    assert [name for name in files if not (ROOT / name).exists()] == []


def test_missing_settings_do_not_become_a_folder() -> None:
    """Docker makes a folder where a file to be mounted is missing, unless it is told not to."""
    (mount,) = [each for each in SERVICES["spryhound"]["volumes"] if isinstance(each, dict)]

    assert mount["target"] == "/config/spryhound.toml"
    assert mount["bind"]["create_host_path"] is False
    assert mount["read_only"] is True


def test_the_image_holds_all_that_the_wheel_is_built_from() -> None:
    let_in = (ROOT / ".dockerignore").read_text().splitlines()

    needed = ["analysis", "config", "ingest", "simulators", "LICENSE", "README.md"]
    assert [
        name
        for name in [*needed, "pyproject.toml", "requirements.lock"]
        if f"!{name}" not in let_in
    ] == []


@pytest.mark.parametrize("script", ["run", ".ci/run", "config/compose/init.sh"])
def test_each_script_can_be_run(script: str) -> None:
    path = ROOT / script

    subprocess.run(["bash", "-n", str(path)], check=True)  # noqa: S607  # bash, wherever it is
    assert path.stat().st_mode & 0o111


def test_run_names_its_commands() -> None:
    done = subprocess.run([str(ROOT / "run"), "help"], capture_output=True, text=True, check=True)

    assert all(f"\n  {name} " in done.stdout for name in ("demo", "test", "check", "bench"))


def test_run_refuses_a_command_that_it_does_not_know() -> None:
    done = subprocess.run([str(ROOT / "run"), "tset"], capture_output=True, text=True, check=False)

    assert done.returncode == 2
    assert "there is no command 'tset'" in done.stderr


def test_run_says_which_python_it_needs(tmp_path: Path) -> None:
    """On a machine with nothing but an old Python 3."""
    old = tmp_path / "python3"
    old.write_text('#!/bin/sh\ncase "$2" in *exit*) exit 1 ;; esac\necho 3.9\n')
    old.chmod(0o755)
    for tool in ("bash", "dirname", "env", "sh", "cat", "cksum"):
        (tmp_path / tool).symlink_to(f"/usr/bin/{tool}")
    clone = tmp_path / "clone"
    clone.mkdir()
    (clone / "run").write_text((ROOT / "run").read_text())
    (clone / "run").chmod(0o755)

    done = subprocess.run(
        [str(clone / "run"), "demo"],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": str(tmp_path)},
    )

    assert done.returncode == 1
    assert "needs Python 3.11 or newer; python3 here is 3.9" in done.stderr
