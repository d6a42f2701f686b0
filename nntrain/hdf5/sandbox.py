"""Reading a file in a child process first, where what goes wrong inside of HDF5 harms nobody."""

from __future__ import annotations

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

__all__ = ["IS_SANDBOXED", "run_sandboxed"]

# Elsewhere a process cannot be forked, or not as safely.
IS_SANDBOXED = sys.platform == "linux"

# Seconds of the processor for any file, and for each MB of it, which may unpack to a thousand. By the clock it is more,
# for other processes may keep the machine or the disk busy.
MIN_SECONDS, SECONDS_PER_MB, WALL_CLOCK_FACTOR = 5, 4, 6

# Bytes of addresses beyond the budget: the memory in which HDF5 caches, and what the allocator sets aside.
EXTRA_MEMORY = 2**28

# Bytes of a line that the child may report.
MAX_LINE_SIZE = 4096

# How a process ends that has used up its time: by the limit on the processor, or its alarm clock.
TIMEOUT_SIGNALS = (signal.SIGXCPU, signal.SIGALRM) if IS_SANDBOXED else ()

# How a process ends by its own fault. Other signals come from users and from the system.
CRASH_SIGNALS = (
    (signal.SIGSEGV, signal.SIGBUS, signal.SIGABRT, signal.SIGFPE, signal.SIGILL, signal.SIGSYS, signal.SIGTRAP)
    if IS_SANDBOXED
    else ()
)

MALICIOUS_MESSAGE = "the file may be malicious or corrupt"

UNTRIED_MESSAGE = "it could not be tried in a process of its own"

MEMORY_MESSAGE = f"reading it needs more memory than such a file may take; {MALICIOUS_MESSAGE}"


def run_sandboxed(survey: Callable[[ErrorFactory], None], size: int) -> str:
    """Run ``survey``, which reads a file of ``size`` bytes, in a process of limited memory and time.

    Return what is wrong, the empty text if nothing is: the error that was raised, that the process crashed or did not
    end, or the limit of the system or the signal that ended it. Where processes cannot be forked it is run here.
    """
    if not IS_SANDBOXED:
        return get_error_message(survey)
    seconds = MIN_SECONDS + SECONDS_PER_MB * size // 2**20
    memory = Budget(size, NntrainError).whole + EXTRA_MEMORY
    reading, writing = os.pipe()
    try:
        with warnings.catch_warnings():
            # The child runs nothing but h5py and numpy, which other threads of this process do not hold up.
            warnings.simplefilter("ignore", DeprecationWarning)
            child = os.fork()
    except OSError as error:
        os.close(reading)
        os.close(writing)
        return f"no process can be started in which to try the file: {error.strerror}"
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
    """What ended the child: the file, or the system, which may have left it too little time or ``scarce`` memory."""
    if -number in TIMEOUT_SIGNALS:
        if -number == signal.SIGXCPU and get_allowed_seconds(seconds) < seconds:
            return "reached the limit of CPU time (ulimit -t) while HDF5 read it; raise it"
        return f"HDF5 did not come to an end of it in {seconds} s; {MALICIOUS_MESSAGE}"
    if number < 0 and -number not in CRASH_SIGNALS:
        memory = ", or free some memory if the system ran out of it" if -number == signal.SIGKILL else ""
        name = f"signal {-number} ({signal.strsignal(-number)})"
        return f"the process that tried it was ended by {name}; try again{memory}"
    if not number:
        return format_memory_message() if scarce else line
    crash = f"HDF5 crashes while reading it (signal {-number})" if number < 0 else UNTRIED_MESSAGE
    if scarce:
        return format_limit_message(f"{crash}, probably because it gets no memory", ("-v", "-d"), "free some")
    return f"{crash}; {MALICIOUS_MESSAGE}" if number < 0 else crash


def is_memory_scarce(memory: int) -> bool:
    """Whether ``ulimit -v`` or ``-d`` leaves this process less memory than that."""
    import resource

    with suppress(OSError), open("/proc/self/statm", encoding="ascii") as file:
        pages = [int(field) for field in file.read().split()]
        for limit, used in ((resource.RLIMIT_AS, pages[0]), (resource.RLIMIT_DATA, pages[5])):
            if resource.getrlimit(limit)[0] in range(used * resource.getpagesize() + memory):
                return True
    return False


def get_allowed_seconds(seconds: int) -> int:
    """So many seconds of the processor, or as many as ``ulimit -t`` gives."""
    import resource

    limit = resource.getrlimit(resource.RLIMIT_CPU)[0]
    return seconds if limit == resource.RLIM_INFINITY else min(seconds, limit)


def run_child(survey: Callable[[ErrorFactory], None], memory: int, seconds: int, writing: int) -> NoReturn:
    """What the child does: it ends with 0 and a line in the pipe, or by a signal, and never returns."""
    try:
        restrict_process(memory, seconds)
        os.write(writing, get_error_message(survey).encode(errors="replace")[:MAX_LINE_SIZE])
        os._exit(0)
    finally:
        # Whatever was raised, the parent's code must not go on in the child.
        os._exit(1)


def get_error_message(survey: Callable[[ErrorFactory], None]) -> str:
    """The error of a survey, the empty text if it raises none."""
    try:
        survey(NntrainError)
    except NntrainError as error:
        return str(error)
    except MemoryError:
        return MEMORY_MESSAGE
    return ""


def restrict_process(memory: int, seconds: int) -> None:
    """Give the process memory and time up to a limit, and neither the parent's signals nor its output."""
    import resource

    # Objects of other libraries must not be collected here: their threads do not exist in this process.
    gc.disable()
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    for number in signal.valid_signals():
        with suppress(OSError, ValueError):
            signal.signal(number, signal.SIG_DFL)
    # Ctrl-C reaches the whole group of processes: the parent decides, and ends this one.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.alarm(seconds * WALL_CLOCK_FACTOR)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    limits = {resource.RLIMIT_CPU: seconds, resource.RLIMIT_CORE: 0}
    # Without /proc nobody knows how much there is already, and time alone is limited.
    with suppress(OSError), open("/proc/self/statm", encoding="ascii") as file:
        limits[resource.RLIMIT_AS] = int(file.read().split()[0]) * resource.getpagesize() + memory
    for limit, value in limits.items():
        soft, hard = resource.getrlimit(limit)
        known = [number for number in (soft, hard) if number != resource.RLIM_INFINITY]
        resource.setrlimit(limit, (min([value, *known]), hard))
