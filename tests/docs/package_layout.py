"""The package list of docs/design.md, from the code: ``python -m tests.docs.package_layout`` rewrites it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.docs.guide import DOCS, ROOT
from tests.laws.test_imports import ENTRIES, FAMILIES, OPEN, ROWS

PAGE = DOCS / "design.md"
SECTION = re.compile(r"(?<=<!-- python -m tests\.docs\.package_layout -->\n).*?(?=<!-- end -->)", re.DOTALL)


def main() -> None:
    """Rewrite the page."""
    PAGE.write_text(update(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


def update(page: str) -> str:
    """Return the page with the current package list."""
    text = "\n".join(["", *build_section(), "", ""])
    return SECTION.sub(lambda _: text, page)


def build_section() -> Iterator[str]:
    """The order of imports, the packages of nntrain from the bottom up, and the layer families."""
    order = " < ".join(", ".join(f"`{name}`" for name in row) for row in ROWS)
    yield "A package imports only those before it, and none of its own row:"
    yield ""
    yield f"{order}."
    yield ""
    yield from ("| package | content |", "| --- | --- |")
    for name in (name for row in ROWS for name in row):
        path = ROOT / "nntrain" / name
        yield from list_package(path if path.is_dir() else path.with_suffix(".py"), ROOT / "nntrain")
    yield ""
    yield f"Above all: {', '.join(f'`{name}`' for name in sorted(ENTRIES))}."
    allowed = ", ".join(f"`nntrain.{name}`" for name in OPEN)
    yield f"The packages in `plugins/` import only {allowed} and the public names of `nntrain.training`:"
    yield ""
    yield from ("| package | content |", "| --- | --- |")
    for name in FAMILIES:
        yield from list_package(ROOT / "plugins" / name, ROOT / "plugins")


def list_package(path: Path, base: Path) -> Iterator[str]:
    """A row for a module, or for a package and each package in it."""
    if path.suffix:
        yield f"| `{path.relative_to(base)}` | {read_first_sentence(path)} |"
        return
    for init in sorted(path.rglob("__init__.py")):
        if "template" not in init.parts:
            yield f"| `{init.parent.relative_to(base)}/` | {read_first_sentence(init)} |"


def read_first_sentence(path: Path) -> str:
    """The first paragraph of a docstring, in one line."""
    text = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return " ".join(text.partition("\n\n")[0].split()).replace("``", "`").replace("|", "\\|")


if __name__ == "__main__":
    main()
