"""nntrain in a process that gets a signal in the middle of something: ``python -m tests.cli.struck WHERE SIGNAL ...``.

WHERE is a function, such as nntrain.training.training_loop.write, which is struck the first time that it is
called, or with ``:2`` after it the second time; or it is ``import`` and the name of a module; or ``call`` and
a number, of the calls of functions since nntrain began to receive signals.
"""

from __future__ import annotations

import importlib
import os
import signal
import sys
from collections.abc import Callable
from importlib.abc import MetaPathFinder
from typing import Any

from nntrain.signals import stop_signals


def strike_at(where: str, number: int) -> None:
    """Send the signal to this process when a function is called."""
    place, _, call = where.partition(":")
    owner_name, name = place.rsplit(".", 1)
    owner = found(owner_name)
    struck: Callable[..., Any] = getattr(owner, name)
    left = int(call or 1)

    def striking(*args: Any, **kwargs: Any) -> Any:
        nonlocal left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), number)
        return struck(*args, **kwargs)

    setattr(owner, name, striking)


def found(name: str) -> Any:
    """A module, or a class in one."""
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError:
        module, _, inner = name.rpartition(".")
        return getattr(importlib.import_module(module), inner)


class Strikes(MetaPathFinder):
    """Sends a signal when a module is looked for, and finds nothing."""

    def __init__(self, name: str, number: int) -> None:
        self.name, self.number = name, number

    def find_spec(self, fullname: str, path: object, target: object = None) -> None:
        if fullname == self.name:
            os.kill(os.getpid(), self.number)


def strike_after(calls: int, number: int) -> None:
    """Send the signal to this process at a call of any function of Python."""
    listen = stop_signals.install_handlers

    def count(frame: object, event: str, arg: object) -> None:
        nonlocal calls
        calls -= event == "call"
        if calls == 0:
            sys.setprofile(None)
            os.kill(os.getpid(), number)

    def listening() -> None:
        listen()
        sys.setprofile(count)

    stop_signals.install_handlers = listening


def main() -> None:
    where, name = sys.argv[1], sys.argv[2]
    number = getattr(signal, name)
    if where.startswith("call "):
        strike_after(int(where.removeprefix("call ")), number)
    elif where.startswith("import "):
        sys.meta_path.insert(0, Strikes(where.removeprefix("import "), number))
    else:
        strike_at(where, number)
    from nntrain.cli.entry import main as nntrain

    sys.argv[:3] = ["nntrain"]
    nntrain()


if __name__ == "__main__":
    main()
