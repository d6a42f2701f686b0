"""docs/plugins.md: its blocks, and its table of what is public."""

from __future__ import annotations

import re

from tests.paths import ROOT

TEXT = (ROOT / "docs" / "plugins.md").read_text(encoding="utf-8")


def examples() -> dict[str, str]:
    """The fenced blocks that say in their first line which file they are."""
    blocks = re.findall(r"```\w+\n(.*?)```", TEXT, re.DOTALL)
    named = ((re.match(r"# (\S+\.(?:py|toml))\n", block), block) for block in blocks)
    return {found[1]: block for found, block in named if found}


def entry_points() -> str:
    """The entry points of the examples, as an installed distribution has them."""
    table = re.search(r"```toml\n\[project\.entry-points\.nntrain\]\n(.*?)```", TEXT, re.DOTALL)
    assert table
    return "[nntrain]\n" + table[1].replace('"', "")


def commands(title: str) -> list[str]:
    """The lines to type of a section's first indented block."""
    section = TEXT.partition(f"\n## {title}\n")[2].partition("\n## ")[0]
    block = re.search(r"(?:^ {4}.*\n)+", section, re.MULTILINE)
    assert block
    return [line.strip() for line in block[0].splitlines()]


def public() -> dict[str, set[str]]:
    """The names of the table, by module."""
    rows = re.findall(r"^\| `(nntrain[\w.]*)` \| (.*) \|$", TEXT, re.MULTILINE)
    return {module: set(re.findall(r"`(\w+)`", names)) for module, names in rows}
