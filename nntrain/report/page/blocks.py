"""The blocks of a section. Every text is plain text: the template escapes it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar, TypeAlias

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@dataclass(frozen=True)
class Paragraph:
    """A paragraph. ``tone``: the importance of a statement: plain, ``lead``, ``note`` or ``warning``."""

    kind: ClassVar[str] = "paragraph"
    text: str
    tone: str = "plain"


@dataclass(frozen=True)
class Table:
    """A header and rows of formatted cells; columns of numbers are aligned to the right.

    ``highlight``: the positions of emphasized rows.
    """

    kind: ClassVar[str] = "table"
    header: Sequence[str]
    rows: Sequence[Sequence[str]]
    caption: str = ""
    highlight: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Plot:
    """A figure of matplotlib. ``name``: of its file. ``alt``: its content in words; ``numbers``: as a table."""

    kind: ClassVar[str] = "plot"
    name: str
    caption: str
    alt: str
    figure: "Figure"
    numbers: Table | None = None


@dataclass(frozen=True)
class Picture:
    """A small PNG image, e.g. one row of image data, as base64. ``alt``: its content in words."""

    kind: ClassVar[str] = "picture"
    caption: str
    alt: str
    png: str


@dataclass(frozen=True)
class Gallery:
    """Blocks side by side, as many in a line as fit."""

    kind: ClassVar[str] = "gallery"
    blocks: Sequence["Block"]


@dataclass(frozen=True)
class Details:
    """Blocks that are shown when the reader opens them; ``summary`` is always visible."""

    kind: ClassVar[str] = "details"
    summary: str
    blocks: Sequence["Block"]


@dataclass(frozen=True)
class Listing:
    """Text in a fixed-width font, e.g. a config or commands."""

    kind: ClassVar[str] = "listing"
    text: str
    caption: str = ""


@dataclass(frozen=True)
class Facts:
    """Key figures: pairs of a label and a value."""

    kind: ClassVar[str] = "facts"
    pairs: Sequence[tuple[str, str]] = field(default_factory=tuple)


@dataclass(frozen=True)
class Step:
    """A part of a diagram inside ``depth`` others: its name, and remarks."""

    depth: int
    name: str
    remarks: Sequence[str] = ()


@dataclass(frozen=True)
class Diagram:
    """Steps from top to bottom, each inside others or after the one above. ``alt``: its content in words."""

    kind: ClassVar[str] = "diagram"
    alt: str
    steps: Sequence[Step]


Block: TypeAlias = Diagram | Paragraph | Table | Plot | Picture | Gallery | Details | Listing | Facts
