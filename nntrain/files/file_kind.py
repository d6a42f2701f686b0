"""Describe the kinds of files, for messages."""

import os
import stat
from pathlib import Path

KIND_NAMES = {
    stat.S_IFREG: "a file",
    stat.S_IFDIR: "a folder",
    stat.S_IFLNK: "a symbolic link",
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a character device",
    stat.S_IFBLK: "a block device",
}

# Files whose content the kernel generates while they are read; some never end.
KERNEL_FOLDERS = ("/proc/", "/sys/")


def describe_file(path: Path) -> str | None:
    """Describe the target of ``path``, with links followed. None for a regular file and for a missing one."""
    try:
        mode = os.stat(path).st_mode
    except (OSError, ValueError):
        return None
    if stat.S_ISREG(mode):
        return "a file of the kernel" if os.path.realpath(path).startswith(KERNEL_FOLDERS) else None
    return get_kind_name(mode)


def get_kind_name(mode: int) -> str:
    """Return the name of the kind of a file with this ``st_mode``."""
    return KIND_NAMES.get(stat.S_IFMT(mode), "a special file")
