"""Figures of one style, as SVG whose colors follow the page, light or dark, or as PNG."""

import io
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from nntrain.formatting import escape_line, shorten

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# The colors of the light page, which an SVG replaces by the variables of the style sheet.
INK, MUTED, LINE, PAPER = "#1b1f24", "#57606a", "#d0d7de", "#ffffff"
BLUE, ORANGE, GREEN, PURPLE, PINK, GRAY = "#0b62c4", "#b35900", "#1a7f37", "#7d4cdb", "#bf3989", "#6e7781"
SERIES_COLORS = (BLUE, ORANGE, GREEN, PURPLE, PINK, GRAY)

VARIABLES = {
    INK: "--ink", MUTED: "--muted", LINE: "--line", PAPER: "--paper", BLUE: "--blue", ORANGE: "--orange",
    GREEN: "--green", PURPLE: "--purple", PINK: "--pink", GRAY: "--gray",
}  # fmt: skip

STYLE = {
    # Text stays text, so that it is small, can be searched, and has the characters of every language.
    "svg.fonttype": "none",
    # A dollar sign in a column name is not mathematics.
    "text.parse_math": False,
    "font.size": 9,
    "axes.edgecolor": LINE,
    "axes.labelcolor": MUTED,
    "axes.facecolor": "none",
    "axes.grid": True,
    "axes.axisbelow": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": 10,
    "axes.titlelocation": "left",
    "axes.titlecolor": INK,
    "figure.facecolor": "none",
    "grid.color": LINE,
    "grid.linewidth": 0.6,
    "text.color": INK,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "legend.frameon": False,
    "lines.linewidth": 1.6,
}

# Width and height of a figure in inches.
WIDTH, HEIGHT = 6.0, 3.3


# Maximum number of characters of a name in a figure.
MAX_LABEL_LENGTH = 28


def format_label(text: str) -> str:
    """Return the name of a column or class as it is written in a figure: short and on one line."""
    return (
        shorten(escape_line(text), MAX_LABEL_LENGTH)
        if len(text) <= MAX_LABEL_LENGTH
        else f"{escape_line(text)[: MAX_LABEL_LENGTH - 1]}…"
    )


@contextmanager
def use_style(further: Mapping[str, Any] | None = None) -> Iterator[None]:
    """Draw in the style of the reports, with ``further`` settings."""
    import logging

    import matplotlib as mpl

    # Its notes on fonts and caches are not for the users of a report.
    logging.getLogger("matplotlib").setLevel(logging.ERROR)
    settings: Any = {**STYLE, **(further or {})}
    with mpl.rc_context(settings):
        yield


def create_axes(width: float = WIDTH, height: float = HEIGHT, **layout: Any) -> "tuple[Figure, Any]":
    """Return a figure and its axes; ``layout``: ``nrows`` and ``ncols`` for several. To be called in ``use_style``."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained" if layout else "tight")
    return figure, figure.subplots(**layout)


def to_svg(figure: "Figure", name: str) -> str:
    """Return a figure as an SVG element, the same for the same figure, in the colors of the page.

    The names inside depend on ``name``, so that they are unique in a page.
    """
    buffer = io.StringIO()
    with use_style({"svg.hashsalt": name}):
        figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
    return adapt_svg(buffer.getvalue())


def to_png(figure: "Figure") -> bytes:
    """Return a figure as a PNG file on white."""
    buffer = io.BytesIO()
    with use_style():
        figure.savefig(buffer, format="png", dpi=150, facecolor=PAPER)
    return buffer.getvalue()


def adapt_svg(text: str) -> str:
    """Return a complete SVG file as an element of a page: without its header and unused names, in its colors."""
    text = text[text.index("<svg") :]
    # The style sheet of the page has its rules, which would apply to the whole page.
    text = re.sub(r"<metadata>.*?</metadata>|<style.*?</style>", "", text, flags=re.DOTALL)
    # Groups of different figures have the same names, which must be unique in a page.
    text = re.sub(r'<g id="[^"]*"', "<g", text)
    text = re.sub(r'<svg [^>]*?(viewBox="[^"]*")[^>]*>', r'<svg \1 xmlns="http://www.w3.org/2000/svg" '
                  r'xmlns:xlink="http://www.w3.org/1999/xlink" aria-hidden="true">', text, count=1)  # fmt: skip
    return re.sub("|".join(VARIABLES), lambda found: f"var({VARIABLES[found[0]]})", text.replace("'DejaVu Sans', ", ""))
