"""CHANGELOG.md and the version go together."""

import re
import tomllib

import nntrain
from tests.docs.guide import ROOT

HEADINGS = re.findall(r"^## (.*)$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]


def test_the_version_is_the_same_everywhere() -> None:
    assert nntrain.__version__ == VERSION
    assert VERSION in [heading.split()[0] for heading in HEADINGS]


def test_a_section_has_a_version_and_a_date_or_is_not_released() -> None:
    assert all(re.fullmatch(r"\d+\.\d+\.\d+ \((not released|\d{4}-\d\d-\d\d)\)", heading) for heading in HEADINGS)
    numbers = [tuple(map(int, heading.split()[0].split("."))) for heading in HEADINGS]
    assert numbers == sorted(numbers, reverse=True)


def test_the_version_is_raised_by_a_release() -> None:
    newest = HEADINGS[0]
    assert (newest.split()[0] == VERSION) == ("not released" not in newest)
