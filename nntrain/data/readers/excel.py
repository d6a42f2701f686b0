"""The reader of Excel workbooks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar

from nntrain.data.parsing.number_inference import MAX_EXACT_INTEGER
from nntrain.data.readers.file_reader import FileReader
from nntrain.errors import DataError
from nntrain.files.plain_name import get_plain_name
from nntrain.formatting import format_names


@dataclass(frozen=True)
class Excel(FileReader):
    """A sheet of an .xlsx workbook: the first row that is not blank has the column names, the others have values.

    ``sheet``: its name (default: the first that is not empty). ``header``: whether there is a row of names. Cells keep
    their types: numbers, booleans, dates, strings. Blank rows are skipped, with a note. DataError for merged cells.
    """

    suffixes: ClassVar[tuple[str, ...]] = (".xlsx", ".xlsm")

    sheet: str | None = None
    header: bool = True
    notes: list[str] = field(default_factory=list, compare=False)

    def rows(self, path: Path) -> Iterator[Sequence[Any]]:
        name, sheet = select_sheet(path, self.sheet)
        if sheet.merged_cell_ranges:
            (row, column), _ = sheet.merged_cell_ranges[0]
            raise DataError(f"sheet {name!r}: row {row + 1}, column {column + 1}: merged cells; unmerge them")
        cells = [[get_value(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]
        filled = [row for row in cells if any(cell is not None for cell in row)]
        first = next(number for number, row in enumerate(cells) if row is filled[0])
        used = [place for place in range(len(filled[0])) if any(row[place] is not None for row in filled)]
        self.notes.clear()
        if self.sheet is None:
            self.notes.append(f"read the sheet {name!r}; to read another: --set 'data.sheet=\"NAME\"'")
        if blank := len(cells) - first - len(filled):
            self.notes.append(f"skipped {blank:,} blank row{'s' if blank > 1 else ''}")
        names = [filled[0][place] for place in used] if self.header else [f"column_{place + 1}" for place in used]
        if None in names:
            place = used[names.index(None)] + 1
            raise DataError(f"sheet {name!r}: row {first + 1}, column {place}: expected a name, got none")
        yield names
        for row in filled[1:] if self.header else filled:
            yield [row[place] for place in used]


def select_sheet(path: Path, name: str | None) -> tuple[str, Any]:
    """Return the sheet of that name, or the first that is not empty. DataError if there is none."""
    try:
        from python_calamine import CalamineWorkbook
    except ImportError:
        raise DataError('Excel needs python-calamine, which is not installed: pip install "nntrain[excel]"') from None
    with CalamineWorkbook.from_path(get_plain_name(path)) as book:
        if name is not None and name not in book.sheet_names:
            raise DataError(f"no sheet {name!r}; the sheets are: {format_names(book.sheet_names)}")
        for each in book.sheet_names if name is None else [name]:
            sheet = book.get_sheet_by_name(each)
            if sheet.start is not None:
                return each, sheet
    raise DataError("no sheet with cells" if name is None else f"sheet {name!r} is empty")


def get_value(cell: Any) -> Any:
    """Return the value of a cell; None for an empty cell or an error such as #N/A."""
    if isinstance(cell, str):
        return cell.strip() or None
    if isinstance(cell, float) and cell.is_integer() and abs(cell) <= MAX_EXACT_INTEGER:
        return int(cell)
    return cell.total_seconds() if isinstance(cell, timedelta) else cell
