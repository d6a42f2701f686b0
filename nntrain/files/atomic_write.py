"""Write files atomically."""

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from nntrain.files.pinned_folders import open_pinned
from nntrain.files.temporary_folders import create_temporary_folder
from nntrain.system_limits import format_os_error

# The prefix of temporary folders next to a user's files.
HIDDEN_PREFIX = ".nntrain-"


@contextmanager
def write_atomically(path: Path, *, private: bool = False) -> Iterator[Path]:
    """Yield a new, empty file to write to, which is renamed to ``path`` once it is on the disk.

    If anything fails, ``path`` does not change and the new file is removed. A link at ``path`` is replaced, not
    followed. ``private``: only this user may read the file; default: the umask decides. The new file has the same
    name in a temporary folder next to ``path``; such folders of killed processes are removed first.
    OSError, with the name ``path``, if the file cannot be created.
    """
    with ExitStack() as stack:
        with replace_error_path(path):
            folder = stack.enter_context(open_pinned(path.parent))
            new = stack.enter_context(create_temporary_folder(folder, HIDDEN_PREFIX)) / path.name
            with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600 if private else 0o666), "wb") as file:
                mode = os.fstat(file.fileno()).st_mode & 0o777
        try:
            yield new
        except OSError as error:
            # If the disk is full, Python's error does not name the file.
            if error.errno and (error.filename is None or str(error.filename).startswith(str(new.parent))):
                raise OSError(error.errno, format_os_error(error), str(path)) from error
            raise
        with replace_error_path(path):
            new.chmod(mode)  # some libraries replace the file
            flush_to_disk(new)
            os.replace(new, folder / path.name)
            flush_to_disk(folder)


@contextmanager
def replace_error_path(path: Path) -> Iterator[None]:
    """A context in which an OSError about a temporary file names ``path`` instead."""
    try:
        yield
    except OSError as error:
        raise OSError(error.errno, format_os_error(error), str(path)) from error


def link_file(path: Path, new: Path) -> None:
    """Make ``new`` a hard link to ``path``, or a copy if there are no links; it is complete at any moment."""
    with open_pinned(path.parent) as source, open_pinned(new.parent) as target:
        old, link = source / path.name, target / new.name
        if link.exists() and link.samefile(old):
            return
        with create_temporary_folder(target, HIDDEN_PREFIX) as folder:
            try:
                os.link(old, folder / new.name, follow_symlinks=False)
            except OSError:
                with write_atomically(link, private=True) as copy:
                    shutil.copyfile(old, copy)
            else:
                os.replace(folder / new.name, link)


def flush_to_disk(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk."""
    if os.name == "nt" and path.is_dir():  # Windows cannot open folders
        return
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
