"""`avowal serve`: it listens on this machine alone, answers, and stops when told to."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from urllib.request import Request, urlopen

import pytest

import avowal

pytest.importorskip("fastapi", reason="the server needs the extra serve")
pytest.importorskip("uvicorn", reason="the server needs the extra serve")

Run = Callable[..., tuple[int, str]]
RUN = "from avowal.cli import main; main()"


@pytest.mark.usefixtures("shipped")
def test_it_serves_the_models_that_ship_until_it_is_told_to_stop() -> None:
    text = "“We will freeze their assets,” Minister Ana Belu said on Monday."
    command = [sys.executable, "-c", RUN, "serve", "--port", "0", "--threads", "1"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr is not None
            said = process.stderr.readline()
            address = said.removeprefix("avowal on ").strip()
            assert address.startswith("http://127.0.0.1:"), said
            body = json.dumps({"articles": [{"text": text}]}).encode()
            request = Request(f"{address}/score", body, {"Content-Type": "application/json"})
            with urlopen(request, timeout=120) as answer:
                [article] = json.load(answer)["articles"]
            [expected] = avowal.load(device="cpu", threads=1).score([text])
            assert article["statements"] == [s.to_dict() for s in expected.statements] != []
        finally:
            process.send_signal(signal.SIGINT)
        process.wait(120)
        assert "Traceback" not in process.stderr.read()


def test_an_address_that_is_taken_is_named(run: Run) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        code, said = run("serve", "--port", port)
    assert code == 2
    assert said.startswith(f"avowal: cannot listen on 127.0.0.1 port {port}: ")


def test_a_model_that_is_not_there_is_named(run: Run) -> None:
    code, said = run("serve", "--port", 0, "--model", "enormous")
    assert code == 2
    assert said.startswith("avowal: no model 'enormous'")


def test_without_the_extra_what_to_install_is_said(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, "avowal.serve.app", raising=False)
    monkeypatch.setitem(sys.modules, "fastapi", None)
    code, said = run("serve")
    assert code == 2
    assert "pip install 'avowal[serve]'" in said
