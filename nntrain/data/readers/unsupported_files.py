"""Unsupported file formats, recognized by first bytes or name, and how to convert them."""

import zlib
from contextlib import suppress
from pathlib import Path

from nntrain.data.readers.zip_archive import ZIP_SIGNATURE, list_members
from nntrain.errors import DataError

GZIP_SIGNATURE = b"\x1f\x8b"

PANDAS_ADVICE = "convert it with pandas: {}(...).to_parquet(...)"
SPREADSHEET_ADVICE = "save it as .xlsx or CSV"
NUMPY_ADVICE = "write the arrays to HDF5: h5py.File('data.h5', 'w')['inputs'] = array"
PICKLE_ADVICE = "pickles can run code and are never loaded; export Parquet or HDF5 with the program that wrote it"
UNPACK_ADVICE = "unpack it first"
IMAGE_ADVICE = "write images as one array in HDF5"

# Position and bytes of a signature, the format, and what to do.
SIGNATURES: tuple[tuple[int, bytes, str, str], ...] = (
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Excel or Office file (.xls)", SPREADSHEET_ADVICE),
    (0, b"SQLite format 3\0", "an SQLite database", "export the table: sqlite3 -header -csv FILE 'SELECT * FROM ...'"),
    (0, b"\x93NUMPY", "a NumPy array (.npy)", NUMPY_ADVICE),
    (0, b"\x89PNG", "a PNG image", IMAGE_ADVICE),
    (0, b"\xff\xd8\xff", "a JPEG image", IMAGE_ADVICE),
    (0, b"GIF8", "a GIF image", IMAGE_ADVICE),
    (0, b"II*\0", "a TIFF image", IMAGE_ADVICE),
    (0, b"MM\0*", "a TIFF image", IMAGE_ADVICE),
    (8, b"WEBP", "a WebP image", IMAGE_ADVICE),
    (0, b"%PDF", "a PDF document", "export its table as CSV"),
    (0, b"PK\x05\x06", "a zip archive without files", "add a file of rows"),
    (0, b"7z\xbc\xaf\x27\x1c", "a 7z archive", UNPACK_ADVICE),
    (0, b"Rar!", "a RAR archive", UNPACK_ADVICE),
    (257, b"ustar", "a tar archive", UNPACK_ADVICE),
    (0, b"BZh", "a bzip2 file", UNPACK_ADVICE),
    (0, b"\xfd7zXZ\0", "an xz file", UNPACK_ADVICE),
    (0, b"\x28\xb5\x2f\xfd", "a Zstandard file", UNPACK_ADVICE),
    (0, b"ORC", "an ORC file", PANDAS_ADVICE.format("pandas.read_orc")),
    (0, b"Obj\x01", "an Avro file", "convert it to Parquet"),
    (0, b"FEA1", "a Feather file of version 1", PANDAS_ADVICE.format("pandas.read_feather")),
    (0, b"<stata_dta>", "a Stata file (.dta)", PANDAS_ADVICE.format("pandas.read_stata")),
    (0, b"$FL2", "an SPSS file (.sav)", PANDAS_ADVICE.format("pandas.read_spss")),
    (0, b"$FL3", "an SPSS file (.sav)", PANDAS_ADVICE.format("pandas.read_spss")),
    (0, b"RDX", "an R data file", "write it in R: write.csv(...)"),
    (0, b"MATLAB 5.0", "a MATLAB file (.mat)", "save it with -v7.3, which is HDF5, or write CSV"),
    (0, bytes(12) + b"\xc2\xea\x81\x60", "a SAS file (.sas7bdat)", PANDAS_ADVICE.format("pandas.read_sas")),
    (0, b"HEADER RECORD*******LIB", "a SAS transport file (.xpt)", PANDAS_ADVICE.format("pandas.read_sas")),
)

# The beginnings of text files, in lowercase.
TEXT_SIGNATURES = (
    (b"<!doctype html", "a web page (HTML)", "export its table as CSV"),
    (b"<html", "a web page (HTML)", "export its table as CSV"),
    (b"<?xml", "an XML file", PANDAS_ADVICE.format("pandas.read_xml")),
)

# Formats that are recognized by name.
SUFFIXES = {
    ".xls": ("an old Excel file (.xls)", SPREADSHEET_ADVICE),
    ".xlsb": ("a binary Excel file (.xlsb)", SPREADSHEET_ADVICE),
    ".ods": ("an OpenDocument file (.ods)", SPREADSHEET_ADVICE),
    ".dta": ("a Stata file (.dta)", PANDAS_ADVICE.format("pandas.read_stata")),
    ".sas7bdat": ("a SAS file (.sas7bdat)", PANDAS_ADVICE.format("pandas.read_sas")),
    ".pkl": ("a Python pickle", PICKLE_ADVICE),
    ".pickle": ("a Python pickle", PICKLE_ADVICE),
    ".joblib": ("a Python pickle", PICKLE_ADVICE),
    ".pt": ("a PyTorch file", PICKLE_ADVICE),
    ".pth": ("a PyTorch file", PICKLE_ADVICE),
    ".npz": ("NumPy arrays (.npz)", NUMPY_ADVICE),
    ".sqlite": ("an SQLite database", "export the table as CSV"),
    ".db": ("a database", "export the table as CSV"),
    ".html": ("a web page (HTML)", "export its table as CSV"),
    ".htm": ("a web page (HTML)", "export its table as CSV"),
    ".avro": ("an Avro file", "convert it to Parquet"),
    ".orc": ("an ORC file", PANDAS_ADVICE.format("pandas.read_orc")),
    ".rds": ("an R data file", "write it in R: write.csv(...)"),
}

# Archives that other programs write, by the name of a member.
ARCHIVE_MEMBERS = {
    ".npy": ("NumPy arrays (.npz)", NUMPY_ADVICE),
    "data.pkl": ("a PyTorch file", PICKLE_ADVICE),
    "word/document.xml": ("a Word document", SPREADSHEET_ADVICE),
    "ppt/presentation.xml": ("a PowerPoint document", SPREADSHEET_ADVICE),
    "xl/workbook.bin": ("a binary Excel file (.xlsb)", SPREADSHEET_ADVICE),
    "content.xml": ("an OpenDocument file (.ods)", SPREADSHEET_ADVICE),
}

HEAD_SIZE = 512


def check_supported(path: Path, head: bytes) -> None:
    """DataError, with how to convert it, for a file of an unsupported format. ``head``: its first bytes."""
    if head.startswith(GZIP_SIGNATURE):
        with suppress(zlib.error):
            head = zlib.decompressobj(16 + zlib.MAX_WBITS).decompress(head, HEAD_SIZE)
    found = identify_file(head) or identify_archive(path, head) or SUFFIXES.get(path.suffix.lower())
    if found is not None:
        name, advice = found
        raise DataError(f"{path}: {name} is not supported; {advice}")


def identify_file(head: bytes) -> tuple[str, str] | None:
    """Return the name of an unsupported format and advice, by the first bytes; None for other files."""
    for start, signature, name, advice in SIGNATURES:
        if head[start : start + len(signature)] == signature:
            return name, advice
    text = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    for signature, name, advice in TEXT_SIGNATURES:
        if text.startswith(signature):
            return name, advice
    # A pickle starts with its protocol.
    if head[:1] == b"\x80" and head[1:2] in (b"\x02", b"\x03", b"\x04", b"\x05"):
        return "a Python pickle", PICKLE_ADVICE
    return None


def identify_archive(path: Path, head: bytes) -> tuple[str, str] | None:
    """Return the name and advice of an unsupported archive; None for other files."""
    if not head.startswith(ZIP_SIGNATURE):
        return None
    names = list_members(path)
    return next((found for end, found in ARCHIVE_MEMBERS.items() if any(name.endswith(end) for name in names)), None)
