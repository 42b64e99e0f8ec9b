"""Odoo's configuration and life, with a small program in Odoo's place."""

import configparser
import os
import signal
import socket
import stat
import subprocess
import sys
from dataclasses import replace

import pytest

from spar_env import server
from spar_env.console import SetupError
from spar_env.postgres import Cluster
from spar_env.server import Server

HEALTHY = """
import configparser, http.server, sys
conf = configparser.ConfigParser()
conf.read(sys.argv[2])
class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if self.path == "/spar/v1/health" else 404)
        self.end_headers()
port = int(conf["options"]["http_port"])
http.server.HTTPServer(("127.0.0.1", port), Answer).serve_forever()
"""
WITH_WORKER = "import os\nos.fork()\n" + HEALTHY.replace(
    "http.server.HTTPServer(",
    "http.server.HTTPServer.allow_reuse_port = True\nhttp.server.HTTPServer(",
)
BROKEN = "print('the reason stands here'); raise SystemExit(3)"


@pytest.fixture
def stand_in(settings, odoo_folder):
    """Factory: settings whose "Odoo" is the given Python program."""
    started = []

    def make(program: str):
        own = replace(settings, port=server.free_port())
        own.odoo_bin.parent.mkdir(parents=True)
        own.odoo_bin.write_text(f"#!{sys.executable}\n{program}")
        own.odoo_bin.chmod(0o755)
        own.run.mkdir()
        server.write_files(own, odoo_folder(), Cluster(own))
        started.append(Server(own))
        return started[-1]

    yield make
    for one in started:
        one.stop()


def test_configuration_is_closed_and_local(settings, odoo_folder):
    text = server.configuration(settings, odoo_folder(), Cluster(settings))

    parser = configparser.ConfigParser()
    parser.read_string(text)
    options = parser["options"]
    assert options["http_interface"] == "127.0.0.1"
    assert options["http_port"] == "8069"
    assert options["list_db"] == "False"
    assert options["db_name"] == "spar"
    assert "dbfilter" not in options


@pytest.mark.parametrize(
    ("workers", "root", "work"), [(0, 2, 1), (1, 2, 1), (2, 2, 1), (8, 8, 7)]
)
def test_each_channel_leaves_a_worker_free(settings, odoo_folder, workers, root, work):
    own = replace(settings, workers=workers, port=8123)

    text = server.configuration(own, odoo_folder(), Cluster(own))

    parser = configparser.ConfigParser()
    parser.read_string(text)
    jobs = parser["queue_job"]
    assert jobs["channels"] == (
        f"root:{root},root.g2p_spar_work:{work},"
        "root.g2p_spar_callback:1,root.g2p_spar_file:1,root.g2p_spar_intake:1"
    )
    assert (jobs["host"], jobs["port"]) == ("127.0.0.1", "8123")
    assert "queue_job" in parser["options"]["server_wide_modules"].split(",")


def test_a_second_run_writes_the_same_configuration_in_one_move(settings, odoo_folder):
    settings.run.mkdir()
    home, cluster = odoo_folder(), Cluster(settings)
    server.write_files(settings, home, cluster)
    with settings.conf.open() as reader:
        server.write_files(settings, home, cluster)
        read_meanwhile = reader.read()

    assert read_meanwhile == settings.conf.read_text()
    assert "http_interface = 127.0.0.1" in read_meanwhile
    assert stat.S_IMODE(settings.conf.stat().st_mode) == 0o600


def test_what_the_server_stores_is_for_its_owner_only(settings, odoo_folder):
    server.write_files(settings, odoo_folder(), Cluster(settings))

    paths = (settings.run / "data", settings.log, settings.conf, settings.secret_key)
    assert [stat.S_IMODE(p.stat().st_mode) & 0o077 for p in paths] == [0, 0, 0, 0]


def test_an_own_source_checkout_brings_its_addons_folder(settings, odoo_folder):
    home = odoo_folder()
    manifest = home / "addons" / "web" / "__manifest__.py"
    manifest.parent.mkdir(parents=True)
    manifest.touch()

    text = server.configuration(settings, home, Cluster(settings))

    assert f"addons_path = {settings.root},{home / 'addons'}\n" in text


def test_the_secret_key_is_made_once_and_for_the_owner_only(tmp_path):
    path = tmp_path / "secret.key"
    server.ensure_secret_key(path)
    first = path.read_bytes()

    server.ensure_secret_key(path)

    assert path.read_bytes() == first
    assert len(first) == 44
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_start_waits_until_healthy_and_stop_ends_it(stand_in):
    running = stand_in(HEALTHY)

    pid = running.start()

    assert running.healthy()
    assert running.pid() == pid
    assert running.stop() is True
    assert running.pid() is None
    assert not running.healthy()


def test_start_takes_variables(stand_in):
    running = stand_in(f"import os\nassert os.environ['ROOT'] == '0'\n{HEALTHY}")

    running.start(ROOT="0")

    assert running.healthy()


def test_a_server_of_other_settings_is_not_current(stand_in):
    running = stand_in(HEALTHY)
    running.start()
    assert running.current()
    other = replace(running.settings, db="other")

    text = running.settings.conf.read_text()
    server.write_private(other.conf, text.replace("db_name = spar", "db_name = other"))

    assert not Server(other).current()
    assert Server(other).pid() == running.pid()


def test_a_server_that_ends_shows_the_log_and_what_to_do(stand_in, capsys):
    with pytest.raises(SetupError) as caught:
        stand_in(BROKEN).start()

    assert "code 3" in caught.value.problem
    assert "the reason stands here" in capsys.readouterr().out


def test_a_port_that_is_being_left_is_waited_for(monkeypatch):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        monkeypatch.setattr(server.time, "sleep", lambda seconds: other.close())

        server.require_free_port(port)


def test_a_port_in_use_is_named_with_another_one(stand_in, monkeypatch):
    monkeypatch.setattr(server, "PORT_SECONDS", 0)
    running = stand_in(HEALTHY)
    with socket.socket() as other:
        other.bind(("127.0.0.1", running.settings.port))
        other.listen()

        with pytest.raises(SetupError) as caught:
            running.start()

    assert str(running.settings.port) in caught.value.problem
    assert "SPAR_PORT=" in caught.value.advice


def test_a_process_that_is_not_ours_is_never_ended(settings):
    settings.run.mkdir()
    other = subprocess.Popen(
        [sys.executable, "-c", "input()"],
        stdin=subprocess.PIPE,
        start_new_session=True,
    )
    Server(settings).pid_file.write_text(str(other.pid))

    assert Server(settings).stop() is False

    assert other.poll() is None
    other.communicate(b"\n")
    assert other.returncode == 0


def test_a_server_that_was_killed_counts_as_stopped(stand_in):
    running = stand_in(HEALTHY)
    pid = running.start()
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)

    assert running.pid() is None
    assert running.stop() is False


def test_workers_left_by_a_kill_are_ended_too(stand_in):
    running = stand_in(WITH_WORKER)
    pid = running.start()
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    assert running.pid() is None

    assert running.stop() is True

    running.start()
    assert running.healthy()
