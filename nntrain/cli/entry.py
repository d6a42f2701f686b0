"""Where the program starts, before anything that takes time is imported."""

from __future__ import annotations

import os
import sys

__all__ = ["STOPPED", "main"]

# The exit code of a command that was stopped by a signal.
STOPPED = 130


def main() -> None:
    """Run a command; an error is one line on stderr and an exit code. Signals stop it from here on."""
    try:
        from nntrain.signals.stopping import ignore, listen

        listen()
        code = started()
        ignore()
    except KeyboardInterrupt:
        # During an import, or between two commands of Python that handle it.
        from nntrain.signals.stopping import ignore

        ignore()
        report_stop()
        code = STOPPED
    sys.exit(code)


def started() -> int:
    """Import what the command line is made of, and run a command."""
    from nntrain.machine import choose_kernels, spare_threads

    choose_kernels()
    spare_threads()

    from nntrain.cli.output import open_outputs, printing_may_fail, reserve_descriptors

    reserve_descriptors()
    open_outputs()
    try:
        from nntrain.cli.main import exit_code

        return exit_code(sys.argv[1:])
    finally:
        # Python flushes both when it ends.
        printing_may_fail()


def report_stop() -> None:
    """Report the stop, past streams that may not be open yet. stderr may be closed or full."""
    from contextlib import suppress

    with suppress(OSError):
        os.write(2, b"Stopped at once.\n")
