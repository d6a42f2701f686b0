"""Read a file in a child process first, where a crash inside HDF5 does no harm."""

import gc
import os
import signal
import sys
import warnings
from collections.abc import Callable
from contextlib import suppress
from typing import NoReturn

from nntrain.errors import NntrainError
from nntrain.hdf5.budget import Budget
from nntrain.hdf5.error_factory import ErrorFactory
from nntrain.system_limits import format_limit_message, format_memory_message

# Other systems cannot fork, or not as safely.
IS_SANDBOXED = sys.platform == "linux"

# CPU seconds for any file, and for each MB of it, which may unpack to 1000 MB. The wall-clock limit is larger, because
# other processes may use the processor or the disk.
MIN_SECONDS, SECONDS_PER_MB, WALL_CLOCK_FACTOR = 5, 4, 6

# Bytes of address space beyond the budget: for the caches of HDF5 and the reserves of the allocator.
EXTRA_MEMORY = 2**28

# Maximum bytes of the line that the child reports.
MAX_LINE_SIZE = 4096

# The signals that end a process at its CPU time limit or wall-clock limit.
TIMEOUT_SIGNALS = (signal.SIGXCPU, signal.SIGALRM) if IS_SANDBOXED else ()

# The signals of a crash. Other signals come from users and from the system.
CRASH_SIGNALS = (
    (signal.SIGSEGV, signal.SIGBUS, signal.SIGABRT, signal.SIGFPE, signal.SIGILL, signal.SIGSYS, signal.SIGTRAP)
    if IS_SANDBOXED
    else ()
)

MALICIOUS_MESSAGE = "the file may be malicious or corrupt"

UNTRIED_MESSAGE = "it could not be read in a sandbox process"

MEMORY_MESSAGE = f"reading it needs more memory than the limit for this file size; {MALICIOUS_MESSAGE}"


def run_sandboxed(survey: Callable[[ErrorFactory], None], size: int) -> str:
    """Run ``survey``, which reads a file of ``size`` bytes, in a process with limited memory and time.

    Return an empty string, or the problem: the error that was raised, a crash or timeout of the process, or the system
    limit or signal that ended it. If processes cannot be forked, run it in this process.
    """
    if not IS_SANDBOXED:
        return get_error_message(survey)
    seconds = MIN_SECONDS + SECONDS_PER_MB * size // 2**20
    memory = Budget(size, NntrainError).whole + EXTRA_MEMORY
    reading, writing = os.pipe()
    try:
        with warnings.catch_warnings():
            # The child runs only h5py and numpy, which do not wait for other threads of this process.
            warnings.simplefilter("ignore", DeprecationWarning)
            child = os.fork()
    except OSError as error:
        os.close(reading)
        os.close(writing)
        return f"cannot start a sandbox process to read the file: {error.strerror}"
    if not child:
        run_child(survey, memory, seconds, writing)
    status = None
    try:
        os.close(writing)
        with open(reading, "rb") as pipe:
            line = pipe.read(MAX_LINE_SIZE).decode(errors="replace")
        _, status = os.waitpid(child, 0)
    finally:
        if status is None:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
    number = os.waitstatus_to_exitcode(status)
    return (
        explain_exit(number, line, seconds, scarce=is_memory_scarce(memory))
        if number or line == MEMORY_MESSAGE
        else line
    )


def explain_exit(number: int, line: str, seconds: int, *, scarce: bool) -> str:
    """Return the reason that the child ended: the file, or a system limit on its time or ``scarce`` memory."""
    if -number in TIMEOUT_SIGNALS:
        import resource

        # No limit is -1.
        if -number == signal.SIGXCPU and 0 <= resource.getrlimit(resource.RLIMIT_CPU)[0] < seconds:
            return "reached the CPU time limit (ulimit -t) while HDF5 read it; raise the limit"
        return f"HDF5 did not finish reading it in {seconds} s; {MALICIOUS_MESSAGE}"
    if number < 0 and -number not in CRASH_SIGNALS:
        memory = ", or free memory if the system ran out of it" if -number == signal.SIGKILL else ""
        name = f"signal {-number} ({signal.strsignal(-number)})"
        return f"the sandbox process was ended by {name}; try again{memory}"
    if not number:
        return format_memory_message() if scarce else line
    crash = f"HDF5 crashes while reading it (signal {-number})" if number < 0 else UNTRIED_MESSAGE
    if scarce:
        return format_limit_message(f"{crash}, probably for lack of memory", ("-v", "-d"), "free some")
    return f"{crash}; {MALICIOUS_MESSAGE}" if number < 0 else crash


def is_memory_scarce(memory: int) -> bool:
    """Whether ``ulimit -v`` or ``-d`` leaves this process less than ``memory`` bytes."""
    import resource

    with suppress(OSError), open("/proc/self/statm", encoding="ascii") as file:
        pages = [int(field) for field in file.read().split()]
        for limit, used in ((resource.RLIMIT_AS, pages[0]), (resource.RLIMIT_DATA, pages[5])):
            if resource.getrlimit(limit)[0] in range(used * resource.getpagesize() + memory):
                return True
    return False


def run_child(survey: Callable[[ErrorFactory], None], memory: int, seconds: int, writing: int) -> NoReturn:
    """Run the child, which ends with 0 and a line in the pipe, or by a signal, and never returns."""
    try:
        restrict_process(memory, seconds)
        os.write(writing, get_error_message(survey).encode(errors="replace")[:MAX_LINE_SIZE])
        os._exit(0)
    finally:
        # The code of the parent must not continue in the child.
        os._exit(1)


def get_error_message(survey: Callable[[ErrorFactory], None]) -> str:
    """Return the error of a survey; empty if it raises none."""
    try:
        survey(NntrainError)
    except NntrainError as error:
        return str(error)
    except MemoryError:
        return MEMORY_MESSAGE
    return ""


def restrict_process(memory: int, seconds: int) -> None:
    """Limit the memory and time of the process, and remove the parent's signal handlers and output."""
    import resource

    # Do not collect objects of other libraries: their threads do not exist in this process.
    gc.disable()
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    for number in signal.valid_signals():
        with suppress(OSError, ValueError):
            signal.signal(number, signal.SIG_DFL)
    # Ctrl-C reaches the complete process group; the parent handles it and ends this process.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.alarm(seconds * WALL_CLOCK_FACTOR)
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, 1)
    os.dup2(null, 2)
    limits = {resource.RLIMIT_CPU: seconds, resource.RLIMIT_CORE: 0}
    # Without /proc the current memory is unknown, and only the time is limited.
    with suppress(OSError), open("/proc/self/statm", encoding="ascii") as file:
        limits[resource.RLIMIT_AS] = int(file.read().split()[0]) * resource.getpagesize() + memory
    for limit, value in limits.items():
        soft, hard = resource.getrlimit(limit)
        known = [number for number in (soft, hard) if number != resource.RLIM_INFINITY]
        resource.setrlimit(limit, (min([value, *known]), hard))
