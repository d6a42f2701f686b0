"""Hooks of mkdocs that convert the pages, which are plain Markdown for GitHub, for the site.

Pages at the top of the repository are added, indented blocks are highlighted in their language, and docstrings on the
pages of layers are formatted as formulas and text.
"""

from __future__ import annotations

import ast
import importlib
import inspect
import re
import tomllib
from html import escape
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

ROOT = Path(__file__).parents[2]

# Pages at the top of the repository, where GitHub and packagers expect them.
TOP = {"CHANGELOG.md": "changelog.md", "CONTRIBUTING.md": "contributing.md", "SECURITY.md": "security.md"}

# The first words of shell commands.
SHELL = re.compile(
    r"(\$ )?(nntrain|pip|pipx|uvx|uv|python3?|make|tensorboard|docker|systemd-run|eval|\.|\(ulimit|[A-Z_]+=\S+) "
)

# An indented block after an empty line, which is not part of a list.
INDENTED = re.compile(r"(?<=\n\n)(?: {4}.*\n(?:\n(?= {4}))?)+")
FENCED = re.compile(r"(^```.*?^```$)", re.DOTALL | re.MULTILINE)
SHAPES = re.compile(r"^Shapes:\n((?: {4}.*(?:\n|$))+)", re.MULTILINE)
DOCSTRING = re.compile(r"^```text\n(.*?)\n```$", re.DOTALL | re.MULTILINE)


def on_config(config: Any) -> Any:
    """Add the pages of the layer families to the navigation, after their overview."""
    for section in config.nav:
        for items in section.values():
            for item in items if isinstance(items, list) else ():
                if list(item.values()) == ["layers/index.md"]:
                    (title,) = item
                    item[title] = ["layers/index.md", *(f"layers/{path.name}" for path in families())]
    return config


def on_files(files: Files, config: Any) -> Files:
    """Add the pages at the top of the repository, and the overview of the layers."""
    for name, uri in TOP.items():
        text = (ROOT / name).read_text(encoding="utf-8").replace("](docs/", "](")
        files.append(File.generated(config, uri, content=text))
    files.append(File.generated(config, "layers/index.md", content=layers()))
    return files


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Convert a page for mkdocs."""
    uri = page.file.src_uri
    for name, target in TOP.items():
        markdown = markdown.replace(f"](../{name}", f"]({target}").replace(f"]({name}", f"]({target}")
    markdown = markdown.replace("](layers/)", "](layers/index.md)")
    if uri.startswith("layers/") and uri != "layers/index.md":
        markdown = DOCSTRING.sub(lambda block: documentation(block[1]), markdown)
    if uri == "api.md":
        markdown = re.sub(r"^::: (\S+)\n(?!    options)", lambda found: api(found[1]), markdown, flags=re.MULTILINE)
    parts = FENCED.split(markdown)
    parts[::2] = [INDENTED.sub(lambda block: fenced(block[0]), part + "\n")[:-1] for part in parts[::2]]
    return "".join(parts)


def fenced(block: str) -> str:
    """Convert an indented block to a fenced one."""
    text = re.sub(r"^ {4}", "", block, flags=re.MULTILINE).strip("\n")
    return f"```{language(text)}\n{text}\n```\n"


def language(text: str) -> str:
    """Infer the language of a block."""
    if SHELL.match(text):
        return "console" if text.startswith("$ ") else "sh"
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        pass
    else:
        return "toml"
    try:
        nodes = list(ast.walk(ast.parse(text)))
    except SyntaxError:
        return "text"
    return "python" if any(isinstance(node, ast.Call | ast.Import | ast.ImportFrom) for node in nodes) else "text"


def api(package: str) -> str:
    """List ``__all__`` of a package for mkdocstrings, which misses names that are also modules."""
    module = importlib.import_module(package)
    shown, hidden, plain = [], [], []
    for name in module.__all__:
        value = getattr(module, name)
        if not inspect.isclass(value) and not inspect.isfunction(value):
            plain.append(f"`{name}`")
        elif value.__module__ == f"{package}.{name}":
            hidden.append(f"{value.__module__}.{value.__name__}")
        else:
            shown.append(name)
    root = "    options: {show_root_heading: true, show_root_full_path: false, show_root_toc_entry: true}\n"
    return "\n".join(
        [
            f"::: {package}\n    options:\n      members: [{', '.join(shown)}]\n",
            *(f"::: {path}\n{root}" for path in hidden),
            *([f"Types and constants: {', '.join(plain)}.\n"] if plain else []),
        ]
    )


def documentation(docstring: str) -> str:
    """Format a docstring: one formula per line, then shapes, then sentences."""
    first, _, rest = docstring.partition("\n\n")
    head, shapes, tail = rest, "", ""
    if found := SHAPES.search(rest):
        head, shapes, tail = rest[: found.start()], found[1], rest[found.end() :]
    parts = [f'<div class="formula">{lines(first)}</div>', *sentences(head)]
    if shapes:
        rows = "".join(f"<div>{inline(line.strip())}</div>" for line in shapes.splitlines())
        parts.append(f'<p class="shapes-title">Shapes</p><div class="shapes">{rows}</div>')
    return "\n".join([*parts, *sentences(tail)])


def lines(formula: str) -> str:
    """Format the statements of a formula, which two spaces separate."""
    return "".join(f"<div>{inline(part)}</div>" for part in re.split(r"(?<=[;.])  ", " ".join(formula.split("\n"))))


def sentences(text: str) -> list[str]:
    """Split a text into paragraphs; ``Initially``, ``Errors:`` and ``Source:`` start a new one."""
    split = re.split(r"\n\n|\n(?=(?:Initially|Errors:|Source:))", text.strip("\n"))
    titled = (re.sub(r"^(Errors|Source):", r"<b>\1:</b>", inline(part)) for part in split if part)
    return [f"<p>{part}</p>" for part in titled]


def inline(text: str) -> str:
    """Convert text to HTML, with code between double backquotes."""
    return re.sub(r"``(.+?)``", r"<code>\1</code>", escape(" ".join(text.split("\n")), quote=False))


def families() -> list[Path]:
    """List the pages of the layer families."""
    return sorted((ROOT / "docs" / "layers").glob("*.md"))


def layers() -> str:
    """Build the overview of all layers and criterions from their pages."""
    rows = [
        "# Layers and criterions",
        "",
        "Each class with the first line of its formula, as `nntrain layers` prints it.",
    ]
    for path in families():
        text = path.read_text(encoding="utf-8")
        title = text.partition("\n")[0].removeprefix("# ")
        rows += ["", f"## [{title}]({path.name})", "", "| class | formula |", "| --- | --- |"]
        for name, docstring in re.findall(r"^## (\w+)\n.*?^```text\n(.*?)\n", text, re.DOTALL | re.MULTILINE):
            formula = re.sub(r"[|*_\[\]`\\]", lambda found: f"&#{ord(found[0])};", inline(docstring))
            rows.append(f'| [{name}]({path.name}#{name.lower()}) | <span class="formula">{formula}</span> |')
    return "\n".join(rows) + "\n"
