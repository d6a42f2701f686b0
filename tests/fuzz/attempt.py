"""One command in this process, and what came of it."""

from __future__ import annotations

import contextlib
import errno
import io
import os
import re
import traceback
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from nntrain.cli.main import cli, format_problems, show_warning
from nntrain.cli.messages import print_error
from nntrain.cli.terminal import use_terminal
from nntrain.errors import NntrainError
from nntrain.training.run_folder import folder_lock

__all__ = ["FAULTS", "SUCCESS", "attempt"]

SUCCESS = "success"

# The outcomes that must not be: beside these there are success and the names of the project's errors.
FAULTS = ("traceback", "memory", "hang", "crash", "outside", "control", "misread")

# Control characters that must not reach a terminal, and marks of direction; lines may end, and be drawn anew.
RAW = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")

# A command may take so many bytes more than the process has, and may have so many more in use.
ROOM, IN_USE = 3 << 30, 400 << 20


def attempt(arguments: Sequence[str]) -> tuple[str, str]:
    """Run ``nntrain`` with the arguments: the outcome, and what it said or where it went wrong.

    A config may ask for all memory, if that there is not enough is told in words.
    """
    before = in_use(afresh=True)
    with captured() as output, use_terminal():
        outcome, told = run(arguments)
    for folder in list(folder_lock.HELD_LOCKS):
        folder_lock.unlock_folder(folder)
    peak = in_use() - before
    if peak > IN_USE and outcome not in FAULTS:
        outcome, told = "memory", f"{peak >> 20} MB in use; {told}"
    raw = RAW.search(output.getvalue())
    if raw and outcome not in FAULTS:
        outcome, told = "control", repr(output.getvalue()[max(raw.start() - 100, 0) : raw.end() + 100])
    if outcome == "memory" and any(argument.endswith(".toml") for argument in arguments):
        outcome = "told that memory is not enough"
    return outcome, told


def run(arguments: Sequence[str]) -> tuple[str, str]:
    try:
        result = cli.main(list(arguments), prog_name="nntrain", standalone_mode=False)
        return SUCCESS, str(result)
    except NntrainError as error:
        for line in format_problems(error):
            print_error(line)
        memory = any(isinstance(cause, MemoryError) for cause in causes(error))
        return "memory" if memory else type(error).__name__, str(error)
    except click.ClickException as error:
        error.show()
        return type(error).__name__, error.format_message()
    except MemoryError:
        return "memory", where()
    except OSError as error:
        # A name that the system does not take: its own words are shown, in one line.
        return ("OSError", str(error)) if error.errno == errno.ENAMETOOLONG else ("traceback", where())
    except BaseException:
        return "traceback", where()


def causes(error: BaseException | None) -> Iterator[BaseException]:
    """An error, what it came from, and so on."""
    while error is not None:
        yield error
        error = error.__cause__


def where() -> str:
    """The last lines of the traceback: the error first."""
    lines = traceback.format_exc(limit=-6).strip().splitlines()
    return "\n".join([lines[-1][:300], *(line.strip() for line in lines[1:-1] if line.startswith("  File"))])


@contextlib.contextmanager
def captured() -> Iterator[io.StringIO]:
    """A context in which all that is shown is collected."""
    output = io.StringIO()
    with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output), warnings.catch_warnings():
        warnings.showwarning = show_warning
        yield output


def in_use(*, afresh: bool = False) -> int:
    """The most bytes in use since it was last asked ``afresh``, as Linux counts them; 0 elsewhere."""
    status = Path("/proc/self/status")
    if not status.exists():
        return 0
    if afresh:
        with contextlib.suppress(OSError), open("/proc/self/clear_refs", "w") as file:
            file.write("5")
    return field(status.read_text(), "VmHWM")


def taken() -> int:
    """The bytes of addresses that the process has; 0 where Linux does not tell."""
    status = Path(f"/proc/{os.getpid()}/status")
    return field(status.read_text(), "VmSize") if status.exists() else 0


def field(status: str, name: str) -> int:
    """A line of kilobytes, as bytes."""
    return int(status.partition(f"{name}:")[2].split()[0]) << 10
