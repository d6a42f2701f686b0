"""What mkdocs does with the pages, which are plain Markdown for GitHub, to make a site of them.

The pages at the top of the repository become pages of the site, indented blocks are highlighted as the language that
they are in, and the docstrings on the pages of the layers are set as formulas and text.
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

# Pages that are at the top of the repository, where GitHub and packagers look for them.
TOP = {"CHANGELOG.md": "changelog.md", "CONTRIBUTING.md": "contributing.md", "SECURITY.md": "security.md"}

# What the first word of a line to type may be.
SHELL = re.compile(
    r"(\$ )?(nntrain|pip|pipx|uvx|uv|python3?|make|tensorboard|docker|systemd-run|eval|\.|\(ulimit|[A-Z_]+=\S+) "
)

# An indented block with a blank line before it, which does not go on with a list.
INDENTED = re.compile(r"(?<=\n\n)(?: {4}.*\n(?:\n(?= {4}))?)+")
FENCED = re.compile(r"(^```.*?^```$)", re.DOTALL | re.MULTILINE)
SHAPES = re.compile(r"^Shapes:\n((?: {4}.*(?:\n|$))+)", re.MULTILINE)
DOCSTRING = re.compile(r"^```text\n(.*?)\n```$", re.DOTALL | re.MULTILINE)


def on_config(config: Any) -> Any:
    """Add the pages of the families of layers to the navigation, after their overview."""
    for section in config.nav:
        for items in section.values():
            for item in items if isinstance(items, list) else ():
                if list(item.values()) == ["layers/index.md"]:
                    (title,) = item
                    item[title] = ["layers/index.md", *(f"layers/{path.name}" for path in families())]
    return config


def on_files(files: Files, config: Any) -> Files:
    """Add the pages of the top level, and the overview of the layers."""
    for name, uri in TOP.items():
        text = (ROOT / name).read_text(encoding="utf-8").replace("](docs/", "](")
        files.append(File.generated(config, uri, content=text))
    files.append(File.generated(config, "layers/index.md", content=layers()))
    return files


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """A page as mkdocs wants it."""
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
    """An indented block as a fenced one."""
    text = re.sub(r"^ {4}", "", block, flags=re.MULTILINE).strip("\n")
    return f"```{language(text)}\n{text}\n```\n"


def language(text: str) -> str:
    """The language of a block."""
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
    """The names in ``__all__`` of a package, for mkdocstrings, which does not see those that a module has too."""
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
    """A docstring: its formulas one a line, then its shapes, then its sentences."""
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
    """The statements of a formula, which two spaces separate."""
    return "".join(f"<div>{inline(part)}</div>" for part in re.split(r"(?<=[;.])  ", " ".join(formula.split("\n"))))


def sentences(text: str) -> list[str]:
    """Paragraphs; what a word with a colon introduces is one of its own."""
    split = re.split(r"\n\n|\n(?=(?:Initially|Errors:|Source:))", text.strip("\n"))
    titled = (re.sub(r"^(Errors|Source):", r"<b>\1:</b>", inline(part)) for part in split if part)
    return [f"<p>{part}</p>" for part in titled]


def inline(text: str) -> str:
    """Text as HTML; what stands in two backquotes is code."""
    return re.sub(r"``(.+?)``", r"<code>\1</code>", escape(" ".join(text.split("\n")), quote=False))


def families() -> list[Path]:
    """The pages of the families of layers."""
    return sorted((ROOT / "docs" / "layers").glob("*.md"))


def layers() -> str:
    """The overview of all layers and criterions, from their pages."""
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
