"""The page for partners is true: its commands, typed as they stand, do what it says."""

import json
import os
import re
import signal
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

PAGE = Path(__file__).resolve().parents[1] / "docs" / "connect-your-pbms.md"
BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SECONDS = 60
#: Stands between the outputs of two blocks.
MARK = "---- next ----"


@pytest.fixture(scope="module")
def outputs(spar, tmp_path_factory) -> list[str]:
    """What each block of commands printed, typed one after the other in one shell."""
    # Earlier tests sent as this partner with no server: its callbacks would wait.
    with closing(spar.connect()) as connection, connection, connection.cursor() as sql:
        sql.execute("UPDATE g2p_spar_delivery SET state = 'parked' WHERE state = 'due'")
    folder = tmp_path_factory.mktemp("pbms")
    (folder / ".run").symlink_to(spar.settings.run)
    blocks = BLOCK.findall(PAGE.read_text())
    script = f"\necho '{MARK}'\n".join(["set -e", *blocks, ""])
    with (folder / "output").open("w") as sink:
        shell = subprocess.Popen(
            ["bash", "-c", script],
            cwd=folder,
            env={
                **os.environ,
                "PATH": f"{spar.settings.venv}/bin:{os.environ['PATH']}",
            },
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        code = shell.wait(SECONDS)
    finally:
        # The web server of the page, and a shell that waits for what never comes.
        os.killpg(shell.pid, signal.SIGKILL)
    said = (folder / "output").read_text()
    assert code == 0, said[-3000:]
    return said.split(f"{MARK}\n")[1:-1]


def block(outputs: list[str], word: str) -> str:
    """Output of the first block in which a word stands."""
    blocks = BLOCK.findall(PAGE.read_text())
    return outputs[next(n for n, text in enumerate(blocks) if word in text)]


def documents(output: str) -> list[dict]:
    """The JSON documents that a block printed, one a line."""
    return [json.loads(line) for line in output.splitlines() if line.startswith("{")]


def test_link_and_resolve(outputs):
    linked, resolved = documents(block(outputs, "mapper/sync/link"))
    assert linked["header"]["status"] == "succ"
    [result] = resolved["message"]["resolve_response"]
    assert result["fa"] == "account:123456@indigo.dfsp1.bank_acc"


def test_acknowledged_and_called_back(outputs):
    output = block(outputs, "tee ack.json")
    [ack] = documents(output)
    assert ack["message"]["ack_status"] == "ACK"
    told = json.loads(re.search("^/on-update (.*)$", output, re.MULTILINE)[1])
    assert told["message"]["update_response"][0]["status"] == "succ"
    assert told["message"]["correlation_id"] == ack["message"]["correlation_id"]


def test_status(outputs):
    [told] = documents(block(outputs, "txn/status"))
    status = told["message"]["txnstatus_response"]["txn_status"]
    assert status["update_response"][0]["status"] == "succ"


def test_the_same_again(outputs):
    [first] = documents(block(outputs, "tee ack.json"))
    [again] = documents(outputs[-1])
    assert again["message"]["correlation_id"] == first["message"]["correlation_id"]


def test_nothing_is_left_that_nobody_typed():
    """Each block of commands is one that the test types."""
    fences = re.findall(r"^```(\w+)$", PAGE.read_text(), re.MULTILINE)
    assert set(fences) <= {"sh", "json", "text"}
