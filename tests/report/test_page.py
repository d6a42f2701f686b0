"""Pages: everything is text, and the file needs nothing else."""

from __future__ import annotations

from nntrain.report.page.blocks import Details, Facts, Listing, Paragraph, Plot, Table
from nntrain.report.page.page import Page, PageSection
from nntrain.report.page.rendering import render_page
from nntrain.report.plots.drawing import create_axes, format_label, use_style

HOSTILE = "<script>alert(1)</script> & \"quotes\" 'single' $x^2$ \u202e</style></svg>"


def build_page(text: str) -> Page:
    with use_style():
        figure, axes = create_axes()
        axes.plot([1, 2, 3], label=format_label(text))
        axes.set_title(format_label(text))
        axes.legend()
    blocks = [
        Paragraph(text),
        Facts([(text, text)]),
        Table([text], [[text]], caption=text),
        Details(text, [Listing(text, text), Plot("plot", text, text, figure, Table([text], [[text]]))]),
    ]
    return Page(text, text, [PageSection("first", text, blocks)])


def test_a_hostile_text_is_never_markup() -> None:
    html = render_page(build_page(HOSTILE))
    assert "<script" not in html
    assert html.count("</style>") == 1
    assert html.count("</svg>") == 1
    assert "&lt;script&gt;" in html
    assert "\u202e" not in html


def test_the_same_page_is_the_same_file() -> None:
    assert render_page(build_page("x")) == render_page(build_page("x"))


def test_a_page_loads_nothing_and_runs_nothing() -> None:
    html = render_page(build_page("x"))
    assert "default-src 'none'" in html
    assert "<link" not in html
    assert "src=" not in html.replace("default-src", "")
    assert "http" not in html.replace("http-equiv", "").replace("http://www.w3.org/", "")


def test_colors_of_plots_are_those_of_the_page() -> None:
    html = render_page(build_page("x"))
    assert "var(--blue)" in html
    assert "#0b62c4" not in html.partition("</style>")[2]
