"""A page as one HTML file, which needs neither scripts nor a network."""

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from nntrain import __version__
from nntrain.formatting import escape_text, is_number
from nntrain.report.page.page import Page
from nntrain.report.plots.drawing import to_svg

if TYPE_CHECKING:
    from jinja2 import Template


def render_page(page: Page) -> str:
    """Return the HTML of a page. All texts in it are escaped."""
    style = files(__package__).joinpath("style.css").read_text(encoding="utf-8")
    return load_template().render(page=page, style=style, version=__version__)


@cache
def load_template() -> "Template":
    """Load the template, which escapes all texts except for the style and SVG, and their invisible characters."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("nntrain.report.page", "."),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=lambda value: escape_text(value) if type(value) is str else value,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.tests["numeric"] = is_number
    environment.filters["to_svg"] = to_svg
    return environment.get_template("page.html.jinja")
