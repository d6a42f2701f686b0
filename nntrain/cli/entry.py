"""Where the program starts, before anything that takes time is imported."""

from __future__ import annotations

import sys

from nntrain.machine import choose_kernels, spare_threads
from nntrain.signals.stopping import ignore, listen

__all__ = ["STOPPED", "main"]

# The exit code of a command that was stopped by a signal.
STOPPED = 130


def main() -> None:
    """Run a command; an error is one line on stderr and an exit code. Signals to stop work from here on."""
    try:
        listen()
        choose_kernels()
        spare_threads()
        code = started()
    except KeyboardInterrupt:
        # While something was imported, or in between two commands of Python that handle it.
        sys.stderr.write("Stopped at once.\n")
        code = STOPPED
    ignore()
    sys.exit(code)


def started() -> int:
    """Import what the command line is made of, and run a command."""
    from nntrain.cli.output import open_outputs, printing_may_fail, reserve_descriptors

    reserve_descriptors()
    open_outputs()
    try:
        from nntrain.cli.main import exit_code

        return exit_code(sys.argv[1:])
    finally:
        # Python flushes both when it ends.
        printing_may_fail()
