"""The entry point of the program, which imports little before signals are handled."""

import os
import sys

# The exit code of a command that was stopped by a signal.
EXIT_INTERRUPTED = 130


def main() -> None:
    """Run a command. An error is one line on stderr and an exit code. From here on signals stop it."""
    try:
        from nntrain.signals.stop_signals import ignore_signals, install_handlers

        install_handlers()
        code = run_command_line()
        ignore_signals()
    except KeyboardInterrupt:
        # During an import, or between two statements that handle it.
        from nntrain.signals.stop_signals import ignore_signals

        ignore_signals()
        print_error("Stopped at once.")
        code = EXIT_INTERRUPTED
    except Exception as error:
        # During an import, or while reporting another error.
        if not (line := explain_error(error)):
            raise
        print_error(f"Error: {line}")
        code = 1
    sys.exit(code)


def run_command_line() -> int:
    """Import the command line, and run a command."""
    from nntrain.compute.cpu_setup import choose_kernels, limit_threads, reserve_cpu_time

    reserve_cpu_time()
    choose_kernels()
    limit_threads()

    from nntrain.cli.output_stream import ignore_print_errors, open_outputs, reserve_descriptors

    reserve_descriptors()
    open_outputs()
    try:
        from nntrain.cli.main import run_command

        return run_command(sys.argv[1:])
    finally:
        # Python flushes both at exit.
        ignore_print_errors()


def explain_error(error: Exception) -> str | None:
    """The reason of a system error; memory, if there is too little to find the reason."""
    try:
        from nntrain.system_limits import explain_system_error

        return explain_system_error(error)
    except Exception:
        return "not enough memory; raise the limit (ulimit -v)"


def print_error(line: str) -> None:
    """Print a line directly to stderr, which may be closed or full: the streams may not be open yet."""
    from contextlib import suppress

    with suppress(OSError):
        os.write(2, f"{line}\n".encode())
