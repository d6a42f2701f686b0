"""A page and its sections."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nntrain.report.page.blocks import Block, Details, Gallery, Plot


@dataclass(frozen=True)
class PageSection:
    """A titled part of a page. ``anchor``: its name in links."""

    anchor: str
    title: str
    blocks: Sequence[Block]


@dataclass(frozen=True)
class Page:
    """A self-contained page: a title, a line below it, and sections."""

    title: str
    subtitle: str
    sections: Sequence[PageSection]

    def iterate_plots(self) -> Iterator[Plot]:
        """Iterate over the plots in all sections."""
        for section in self.sections:
            yield from iterate_plots(section.blocks)


def iterate_plots(blocks: Sequence[Block]) -> Iterator[Plot]:
    """Iterate over the plots among blocks and inside them."""
    for block in blocks:
        if isinstance(block, Plot):
            yield block
        elif isinstance(block, Gallery | Details):
            yield from iterate_plots(block.blocks)
