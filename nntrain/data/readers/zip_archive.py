"""A table in a zip archive."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from io import FileIO
from pathlib import Path, PurePosixPath
from zipfile import BadZipFile, ZipFile, ZipInfo
from zlib import error as ZlibError  # noqa: N812 (an exception)

from nntrain.errors import DataError
from nntrain.files.temporary_folders import get_process_folder
from nntrain.formatting import format_names

__all__ = ["ZIP_SIGNATURE", "extract_member", "list_members", "open_archive", "report_archive_path"]

# How archives begin.
ZIP_SIGNATURE = b"PK\x03\x04"

# Bytes that deflate makes of one, at most.
MAX_RATIO = 1032

# Bytes of the list of files in an archive, which are read at once: it has about 20,000 of them then.
MAX_DIRECTORY_BYTES = 2**20


class DirectoryFile(FileIO):
    """An archive of which no more than DIRECTORY bytes are read at once."""

    def read(self, size: int | None = -1) -> bytes:
        """BadZipFile for more."""
        if size is not None and size > MAX_DIRECTORY_BYTES:
            raise BadZipFile(f"its list of files takes {size:,} bytes, expected at most {MAX_DIRECTORY_BYTES:,}")
        return super().read(-1 if size is None else size)


@contextmanager
def open_archive(path: Path) -> Iterator[ZipFile]:
    """An archive. BadZipFile if it is none, or has very many files."""
    with DirectoryFile(path) as file, ZipFile(file) as archive:
        yield archive


def list_members(path: Path) -> list[str]:
    """The names of the files in an archive, without those that systems add. DataError for a corrupt one."""
    try:
        with open_archive(path) as archive:
            names = [item.filename for item in archive.infolist() if not item.is_dir()]
    except (BadZipFile, OSError, ValueError) as error:
        raise DataError(f"{path}: a corrupt zip archive: {error}") from error
    return [name for name in names if not name.startswith("__MACOSX/") and not PurePosixPath(name).name.startswith(".")]


def extract_member(path: Path, name: str | None) -> Path:
    """The only file in an archive, or the one of that name, until this process ends. DataError if there are several."""
    names = list_members(path)
    found = [one for one in names if one == name] if name is not None else names
    if len(found) > 1 and len(set(found)) == 1:
        raise DataError(
            f"{path}: {len(found)} files in the archive are named {found[0]!r}; rename or remove the others"
        )
    if len(found) != 1:
        many = f"{format_names(names)}; choose one with --set 'data.sheet=\"NAME\"'" if names else "none"
        asked = "one file" if name is None else repr(name)
        raise DataError(f"{path}: expected {asked} in the archive, got {len(names)}: {many}")
    known = path.stat()
    return extract_once(path, found[0], known.st_mtime_ns, known.st_size)


@contextmanager
def report_archive_path(path: Path) -> Iterator[None]:
    """A DataError about a file that was unpacked names the archive ``path`` in its place."""
    try:
        yield
    except DataError as error:
        inner, _, what = str(error).partition(": ")
        if inner == str(path) or not inner.startswith(str(get_process_folder())):
            raise
        raise DataError(f"{path}: {Path(inner).name}: {what}") from error


@cache
def extract_once(path: Path, name: str, time: int, size: int) -> Path:
    """A file of an archive, under its own name, once for an archive as it is."""
    new = Path(tempfile.mkdtemp(dir=get_process_folder())) / PurePosixPath(name).name
    try:
        with open_archive(path) as archive:
            item = archive.getinfo(name)
            check_member(path, item)
            with archive.open(item) as source, new.open("wb") as target:
                shutil.copyfileobj(source, target)
    except (BadZipFile, NotImplementedError, OSError, EOFError, RuntimeError, ZlibError) as error:
        raise DataError(f"{path}: {name!r} cannot be unpacked: {error}") from error
    return new


def check_member(path: Path, item: ZipInfo) -> None:
    """DataError for a file that is encrypted, or larger than its bytes can unpack to."""
    if item.flag_bits & 1:
        raise DataError(f"{path}: {item.filename!r} is encrypted; unpack it first")
    if item.file_size > item.compress_size * MAX_RATIO:
        raise DataError(f"{path}: {item.filename!r} declares {item.file_size:,} bytes in {item.compress_size:,}")
