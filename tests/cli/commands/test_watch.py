"""``nntrain watch`` serves the report of a run until Ctrl-C."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
import pytest

from nntrain.report.serving.report_server import ReportServer
from tests.cli.processes import ENDLESS, SHORT, begun, ended, read_until, run

Command = Callable[..., Any]


@contextmanager
def watched(folder: Path, *arguments: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server in a process of its own, and its URL."""
    process = begun("watch", *arguments, cwd=folder)
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        (url,) = re.findall(r": (http://127\.0\.0\.1:\d+/[\w-]{43}/)$", line)
        yield process, url
    finally:
        process.kill()
        process.communicate()


def test_the_report_is_served_until_ctrl_c(tmp_path: Path) -> None:
    assert run(*SHORT, "--no-report", cwd=tmp_path).code == 0
    with watched(tmp_path, "runs/iris") as (process, url):
        with urllib.request.urlopen(url) as answer:
            assert "loss over epochs" in answer.read().decode("utf-8")
            assert answer.headers["Refresh"] is None
        process.send_signal(signal.SIGINT)
        outcome = ended(process)
    assert (outcome.code, outcome.out, outcome.err) == (0, "Stopped.\n", "")


def test_a_run_that_trains_is_refreshed(tmp_path: Path) -> None:
    training = begun(*ENDLESS, cwd=tmp_path)
    try:
        read_until(training, "epoch   1/")
        with watched(tmp_path, "runs/iris") as (_, url), urllib.request.urlopen(url) as answer:
            assert int(answer.headers["Refresh"]) >= 5
            assert "Training is not complete" in answer.read().decode("utf-8")
    finally:
        training.kill()
        training.communicate()


def test_a_folder_without_a_run_and_a_port_in_use_are_one_line(nntrain: Command, iris: Path) -> None:
    outcome = nntrain("watch", "gone")
    assert (outcome.code, outcome.err.count("\n")) == (2, 1)
    assert nntrain("fit", iris, "--target", "species", "--set", "train.epochs=1", "--no-report").code == 0
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        outcome = nntrain("watch", "runs/iris", "--port", port)
    assert (outcome.code, outcome.out) == (2, "")
    assert re.fullmatch(rf"Error: --port {port}: .+ in use; choose another, or omit it\n", outcome.err)
    assert nntrain("watch", "runs/iris", "--port", 70_000).code == 2


def test_open_opens_the_url_in_the_browser(nntrain: Command, iris: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert nntrain("fit", iris, "--target", "species", "--set", "train.epochs=1", "--no-report").code == 0
    opened: list[str] = []
    monkeypatch.setattr(click, "launch", opened.append)
    monkeypatch.setattr(ReportServer, "run", ReportServer.server_close)
    outcome = nntrain("watch", "runs/iris", "--open")
    assert outcome.out == f"The report of runs/iris, until Ctrl-C: {opened[0]}\n"
    assert len(opened) == 1
    assert nntrain("watch", "runs/iris").code == 0
    assert len(opened) == 1
