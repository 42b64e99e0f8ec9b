"""The source archive: cut-off downloads go on, damaged archives are thrown away."""

import io
import tarfile
import threading
from dataclasses import replace
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from spar_env import archive
from spar_env.console import SetupError

CONTENT = bytes(range(256)) * 4096


class _Mirror(BaseHTTPRequestHandler):
    """Serves CONTENT, with ranges; ``cut`` closes the connection after so much."""

    content = CONTENT
    cut = 0
    ranges: list[str | None]

    def do_GET(self):
        asked = self.headers["Range"]
        self.server.ranges.append(asked)
        start = int(asked[6:-1]) if asked else 0
        if asked and start >= len(self.server.content):
            self.send_error(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE)
            return
        body = self.server.content[start:]
        code = HTTPStatus.PARTIAL_CONTENT if asked else HTTPStatus.OK
        self.send_response(code)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: self.server.cut] if self.server.cut else body)

    def log_message(self, *arguments):
        """Quiet."""


@pytest.fixture
def mirror():
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Mirror)
    server.content, server.cut, server.ranges = CONTENT, 0, []
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    server.address = f"http://127.0.0.1:{server.server_port}/odoo.tar.gz"
    yield server
    server.shutdown()
    server.server_close()


def test_a_download_that_was_cut_off_goes_on_where_it_stopped(mirror, tmp_path):
    target = tmp_path / "odoo.tar.gz"
    mirror.cut = 1000
    with pytest.raises(SetupError, match="cut off"):
        archive.download(mirror.address, target)
    assert not target.exists()

    mirror.cut = 0
    archive.download(mirror.address, target)

    assert target.read_bytes() == CONTENT
    assert mirror.ranges == [None, "bytes=1000-"]


def test_a_part_longer_than_the_whole_is_started_again(mirror, tmp_path):
    target = tmp_path / "odoo.tar.gz"
    (tmp_path / "odoo.tar.gz.part").write_bytes(CONTENT + b"more")

    archive.download(mirror.address, target)

    assert target.read_bytes() == CONTENT


def test_an_unreachable_server_is_a_sentence(tmp_path):
    with pytest.raises(SetupError) as caught:
        archive.download("http://127.0.0.1:1/odoo.tar.gz", tmp_path / "x")

    assert "ODOO_HOME" in caught.value.advice


def test_an_archive_is_unpacked(mirror, settings):
    mirror.content = _archive(
        {"odoo-19.0/odoo/release.py": b"version_info = (19, 0)\n"}
    )
    partial = _partial(settings)

    home = archive.install(replace(settings, odoo_archive=mirror.address), partial)

    assert home == "odoo-19.0"
    assert (partial / home / "odoo" / "release.py").exists()


@pytest.mark.parametrize("damage", ["cut", "flipped"])
def test_a_damaged_archive_is_removed_and_fetched_anew(mirror, settings, damage):
    whole = _archive({"odoo-19.0/odoo/release.py": bytes(range(256)) * 100})
    middle = len(whole) // 2
    flipped = whole[:middle] + bytes([whole[middle] ^ 255]) + whole[middle + 1 :]
    mirror.content = whole[:middle] if damage == "cut" else flipped
    settings = replace(settings, odoo_archive=mirror.address)
    with pytest.raises(SetupError, match="damaged"):
        archive.install(settings, _partial(settings))

    mirror.content = whole

    assert archive.install(settings, _partial(settings)) == "odoo-19.0"


def test_an_archive_of_something_else_is_refused(mirror, settings):
    mirror.content = _archive({"other/README": b"hello"})
    settings = replace(settings, odoo_archive=mirror.address)

    with pytest.raises(SetupError, match="holds no Odoo"):
        archive.install(settings, _partial(settings))


def test_nothing_is_written_outside_the_target(mirror, settings):
    mirror.content = _archive(
        {"../escaped": b"x", "odoo-19.0/odoo/release.py": b"version_info = (19, 0)\n"}
    )
    partial = _partial(settings)

    archive.install(replace(settings, odoo_archive=mirror.address), partial)

    assert not (partial.parent / "escaped").exists()


def _partial(settings):
    partial = settings.cache / "odoo.partial"
    partial.mkdir(parents=True, exist_ok=True)
    return partial


def _archive(files: dict[str, bytes]) -> bytes:
    sink = io.BytesIO()
    with tarfile.open(fileobj=sink, mode="w:gz") as tar:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return sink.getvalue()
