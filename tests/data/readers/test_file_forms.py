"""Excel workbooks, zip archives, Feather files, and files that are not read."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

import numpy as np
import pytest

from nntrain.data.options.file_options import FileOptions, ReadOptions
from nntrain.data.readers.table_reader import read_table
from tests.data.conftest import Write, refusal

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPES = "application/vnd.openxmlformats-officedocument.spreadsheetml"
STYLES = (
    f'<styleSheet xmlns="{MAIN}"><fonts count="1"><font/></fonts><fills count="1"><fill/></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
    '<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="22" applyNumberFormat="1"/></cellXfs></styleSheet>'
)


class Day(float):
    """Days since the end of 1899, as Excel keeps times."""


def workbook(path: Path, sheets: dict[str, list[list[Any]]], merged: str = "") -> Path:
    """Write an .xlsx file by hand, after ECMA-376."""
    places = range(1, len(sheets) + 1)
    names = "".join(f'<sheet name="{n}" sheetId="{i}" r:id="r{i}"/>' for i, n in zip(places, sheets, strict=True))
    parts = {f"/xl/worksheets/s{i}.xml": f"{TYPES}.worksheet+xml" for i in places}
    parts |= {"/xl/workbook.xml": f"{TYPES}.sheet.main+xml", "/xl/styles.xml": f"{TYPES}.styles+xml"}
    overrides = "".join(f'<Override PartName="{part}" ContentType="{type_}"/>' for part, type_ in parts.items())
    links = "".join(f'<Relationship Id="r{i}" Type="{OFFICE}/worksheet" Target="worksheets/s{i}.xml"/>' for i in places)
    with ZipFile(path, "w") as file:
        file.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="rels" '
            f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>{overrides}</Types>',
        )
        file.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="r1" Type="{OFFICE}/officeDocument" '
            'Target="xl/workbook.xml"/></Relationships>',
        )
        file.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{PACKAGE}/relationships">{links}<Relationship Id="s" Type="{OFFICE}/styles" '
            'Target="styles.xml"/></Relationships>',
        )
        file.writestr(
            "xl/workbook.xml", f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}"><sheets>{names}</sheets></workbook>'
        )
        file.writestr("xl/styles.xml", STYLES)
        for place, rows in zip(places, sheets.values(), strict=True):
            lines = "".join(f'<row r="{r}">{"".join(map(cell, row))}</row>' for r, row in enumerate(rows, 1))
            merge = f'<mergeCells count="1"><mergeCell ref="{merged}"/></mergeCells>' if merged else ""
            file.writestr(
                f"xl/worksheets/s{place}.xml",
                f'<worksheet xmlns="{MAIN}"><sheetData>{lines}</sheetData>{merge}</worksheet>',
            )
    return path


def cell(value: Any) -> str:
    if value is None:
        return "<c/>"
    if isinstance(value, str):
        return f'<c t="inlineStr"><is><t>{escape(value)}</t></is></c>'
    if isinstance(value, bool):
        return f'<c t="b"><v>{int(value)}</v></c>'
    return f'<c s="1"><v>{float(value)}</v></c>' if isinstance(value, Day) else f"<c><v>{value}</v></c>"


PEOPLE = [
    ["name", "age", "height", "member", "since", "code"],
    ["Ann", 31, 1.75, True, Day(44197.5), "007"],
    [None, None, None, None, None, None],
    ["Bob", None, 1.8, False, Day(44562), 8],
]
READ = {
    "name": ["Ann", "Bob"],
    "age": [31, None],
    "height": [1.75, 1.8],
    "member": [1, 0],
    # 1899-12-30 and 44,197.5 days are noon of 2021-01-01.
    "since": [np.datetime64("2021-01-01T12:00"), np.datetime64("2022-01-01")],
    "code": ["007", "8"],
}


def values(path: Path, sheet: str | None = None) -> dict[str, list[Any]]:
    columns = read_table(path, ReadOptions(FileOptions(sheet=sheet))).columns
    return {
        name: [None if gone else value for value, gone in zip(c.values, c.missing, strict=True)]
        for name, c in columns.items()
    }


def test_the_first_sheet_with_cells_is_a_table(tmp_path):
    pytest.importorskip("python_calamine")
    path = workbook(tmp_path / "t.xlsx", {"Empty": [], "People": PEOPLE, "Other": [["x"], [1]]})
    assert values(path) == READ
    notes = " ".join(read_table(path).notes)
    assert "read the sheet 'People'" in notes
    assert "skipped 1 blank row" in notes
    assert values(path, "Other") == {"x": [1]}
    assert "no sheet 'Gone'; the sheets are: 'Empty', 'People', 'Other'" in refusal(values, path, "Gone")
    renamed = path.rename(tmp_path / "people.dat")
    assert values(renamed) == READ


def test_what_a_sheet_may_not_have_is_reported_with_its_place(tmp_path):
    pytest.importorskip("python_calamine")
    path = workbook(tmp_path / "t.xlsx", {"People": PEOPLE}, merged="A2:A4")
    assert "sheet 'People': row 2, column 1: merged cells; unmerge them" in refusal(read_table, path)
    path = workbook(tmp_path / "t.xlsx", {"People": [["a", None], [1, 2]]})
    assert "row 1, column 2: expected a name, got none" in refusal(read_table, path)
    assert "no sheet with cells" in refusal(read_table, workbook(tmp_path / "t.xlsx", {"People": []}))
    path.write_bytes(path.read_bytes()[:300])
    refusal(read_table, path)


@pytest.mark.parametrize(("module", "extra"), [("python_calamine", "excel"), ("pyarrow", "feather")])
def test_an_extra_that_is_not_installed_is_reported_with_the_command(tmp_path, monkeypatch, module, extra):
    monkeypatch.setitem(sys.modules, module, None)
    path = tmp_path / "t"
    if extra == "excel":
        workbook(path, {"People": PEOPLE})
    else:
        path.write_bytes(b"ARROW1\0\0")
    assert f'pip install "nntrain[{extra}]"' in refusal(read_table, path)


def test_a_feather_file_keeps_its_types(tmp_path):
    arrow = pytest.importorskip("pyarrow")
    table = arrow.table(
        {
            "id": arrow.array([2**53 + 1, None], arrow.int64()),
            "name": arrow.array(["NA", None]).dictionary_encode(),
            "x": [1.5, None],
            "at": arrow.array([1, 2], arrow.timestamp("us", tz="Europe/Berlin")),
        }
    )
    path = tmp_path / "t.feather"
    with arrow.ipc.new_file(str(path), table.schema) as file:
        file.write_table(table)
    assert values(path) == {
        "id": [str(2**53 + 1), None],
        "name": ["NA", None],
        "x": [1.5, None],
        "at": [np.datetime64(1, "us"), np.datetime64(2, "us")],
    }
    path.write_bytes(path.read_bytes()[:100])
    assert "not a Feather file, or a corrupt one" in refusal(read_table, path)


CSV = "a,b\n1,x\n2,y\n"


def zipped(path: Path, files: dict[str, str | bytes]) -> Path:
    with ZipFile(path, "w", ZIP_DEFLATED) as file:
        for name, content in files.items():
            file.writestr(name, content)
    return path


def test_a_table_in_an_archive_is_read(tmp_path):
    path = zipped(tmp_path / "t.zip", {"data/t.csv": CSV, "__MACOSX/data/._t.csv": "junk", "data/.DS_Store": "junk"})
    assert values(path) == {"a": [1, 2], "b": ["x", "y"]}
    path = zipped(tmp_path / "t.zip", {"t.json": '[{"a": 1}, {"a": 2}]'})
    assert values(path) == {"a": [1, 2]}
    path = zipped(tmp_path / "t.zip", {"t.csv": CSV, "u.tsv": "c\td\n3\tz\n"})
    assert "expected one file in the archive, got 2: 't.csv', 'u.tsv'" in refusal(read_table, path)
    assert values(path, "u.tsv") == {"c": [3], "d": ["z"]}
    assert "got 2: 't.csv', 'u.tsv'" in refusal(values, path, "v.csv")


def test_a_bad_archive_is_one_line_that_names_it(tmp_path):
    path = zipped(tmp_path / "t.zip", {"t.csv": "a,b\n1,x\n2\n3,z\n4,u\n"})
    text = refusal(read_table, path)
    assert text.startswith(f"{path}: t.csv: line 3")
    path.write_bytes(path.read_bytes()[:40])
    assert "a corrupt zip archive" in refusal(read_table, path)
    assert "got 0: none" in refusal(read_table, zipped(path, {"a/": ""}))
    path = zipped(tmp_path / "t.zip", {"t.csv": CSV})
    whole = bytearray(path.read_bytes())
    place = whole.index(b"PK\x01\x02")
    whole[place + 24 : place + 28] = (2**31).to_bytes(4, "little")
    path.write_bytes(whole)
    assert "declares 2,147,483,648 bytes" in refusal(read_table, path)


UNSUPPORTED: dict[str, tuple[bytes, str]] = {
    "t.xls": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "an old Excel or Office file (.xls)"),
    "t.csv": (b"SQLite format 3\0" + bytes(99), "an SQLite database"),
    "t.npy": (b"\x93NUMPY\x01\0" + bytes(99), "a NumPy array (.npy)"),
    "t.pkl": (b"\x80\x04\x95\0", "a Python pickle"),
    "old.pkl": (b"(lp0\n.", "a Python pickle"),
    "t.png": (b"\x89PNG\r\n\x1a\n" + bytes(9), "a PNG image"),
    "t.jpg": (b"\xff\xd8\xff\xe0" + bytes(9), "a JPEG image"),
    "t.pdf": (b"%PDF-1.7\n", "a PDF document"),
    "t.7z": (b"7z\xbc\xaf\x27\x1c" + bytes(9), "a 7z archive"),
    "t.rar": (b"Rar!\x1a\x07\x01\0", "a RAR archive"),
    "t.tar": (bytes(257) + b"ustar" + bytes(300), "a tar archive"),
    "t.html": (b"\n<!DOCTYPE HTML><table></table>", "a web page (HTML)"),
    "t.orc": (b"ORC" + bytes(9), "an ORC file"),
    "t.avro": (b"Obj\x01" + bytes(9), "an Avro file"),
    "t.dta": (b"<stata_dta><header>", "a Stata file (.dta)"),
    "old.dta": (b"\x72\x02\x01\0", "a Stata file (.dta)"),
    "t.sas7bdat": (bytes(12) + b"\xc2\xea\x81\x60" + bytes(99), "a SAS file (.sas7bdat)"),
    "t.mat": (b"MATLAB 5.0 MAT-file", "a MATLAB file (.mat)"),
    "t.sav": (b"$FL2@(#) SPSS", "an SPSS file (.sav)"),
    "t.xz": (b"\xfd7zXZ\0", "an xz file"),
    "junk.csv": (bytes(range(256)) * 4, "not a text file"),
}


@pytest.mark.parametrize(("name", "case"), UNSUPPORTED.items(), ids=UNSUPPORTED)
def test_other_files_are_refused_in_one_line_that_says_what_they_are(write: Write, name, case):
    content, what = case
    path = write(name, content)
    text = refusal(read_table, path)
    assert text.startswith(f"{path}: {what}")


@pytest.mark.parametrize(
    ("member", "what"),
    [("arr_0.npy", "NumPy arrays"), ("archive/data.pkl", "a PyTorch file"), ("content.xml", "an OpenDocument file")],
)
def test_archives_of_other_programs_are_reported(tmp_path, member, what):
    assert what in refusal(read_table, zipped(tmp_path / "t.zip", {member: "x"}))
