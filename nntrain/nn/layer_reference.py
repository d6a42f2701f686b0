"""The reference of all registered layers and criterions, from their docstrings."""

from __future__ import annotations

import inspect
import re
from itertools import groupby
from pathlib import Path
from typing import Any

from nntrain.files.atomic_write import write_atomically
from nntrain.hooks.registry import RegisteredClass, get_registry
from nntrain.nn.building.spec_validation import find_class
from nntrain.nn.criterion import Criterion
from nntrain.nn.module import Module
from nntrain.specs.configurable import get_signature

__all__ = [
    "build_json",
    "build_pages",
    "find_layer",
    "format_explanation",
    "format_overview",
    "list_layers",
    "write_pages",
]


def find_layer(name: str) -> RegisteredClass:
    """The layer or criterion of that name. UnknownNameError names the nearest."""
    kind = "criterion" if issubclass(find_class(name), Criterion) else "module"
    return get_registry().find(kind, name)


def list_layers() -> list[RegisteredClass]:
    """All layers and criterions, by family and then by name."""
    found = [get_registry().find(kind, name) for kind in ("module", "criterion") for name in get_registry().names(kind)]
    return sorted(found, key=lambda entry: (get_family(entry), entry.cls.__name__))


def get_family(entry: RegisteredClass) -> str:
    """The family that an entry belongs to: its plugin's name, or what it is if it is nntrain's own."""
    if entry.plugin == "nn" and entry.distribution == "nntrain":
        return "criterion" if entry.kind == "criterion" else "container"
    return entry.plugin


def format_overview() -> str:
    """All classes by family, each with its formula."""
    found = list_layers()
    width = max(len(entry.cls.__name__) for entry in found)
    lines: list[str] = []
    for title, members in groupby(found, key=get_family):
        lines += ["", title]
        lines += [f"  {entry.cls.__name__:{width}}  {get_formula(entry.cls)}" for entry in members]
    return "\n".join(lines[1:])


def get_formula(cls: type) -> str:
    """The first line of a class's docstring."""
    return get_documentation(cls).partition("\n")[0]


def get_documentation(cls: type) -> str:
    """A class's own docstring, dedented."""
    return inspect.cleandoc(cls.__doc__ or "")


def format_call(cls: type) -> str:
    """The constructor as it is called, defaults included, types left out."""
    parameters = list(get_signature(cls).parameters.values())
    bare = [parameter.replace(annotation=inspect.Parameter.empty) for parameter in parameters]
    return cls.__name__ + str(inspect.Signature(bare))


def format_explanation(entry: RegisteredClass) -> str:
    """Signature, documentation, parameters, and where the class is written."""
    cls = entry.cls
    # Annotations are texts here; the signature shows them in quotes.
    typed = re.sub(r": '([^']*)'", r": \1", str(get_signature(cls))).replace(" -> 'None'", "")
    _, line = inspect.getsourcelines(cls)
    parameters = f"Parameters: {', '.join(get_parameter_names(cls)) or 'none'}\n" if entry.kind == "module" else ""
    return (
        f"{cls.__name__}{typed}\n\n{get_documentation(cls)}\n\n"
        f"{parameters}A {entry.kind} of {entry.plugin}, {entry.distribution} {entry.version}\n"
        f"{inspect.getsourcefile(cls)}:{line}"
    )


def build_json(entry: RegisteredClass) -> dict[str, Any]:
    """What there is to say about a class, as JSON values."""
    cls = entry.cls
    return {
        "name": cls.__name__,
        "kind": entry.kind,
        "family": get_family(entry),
        "formula": get_formula(cls),
        "call": format_call(cls),
        "parameters": list(get_parameter_names(cls)) if entry.kind == "module" else [],
        "documentation": get_documentation(cls),
        "distribution": entry.distribution,
        "version": entry.version,
    }


def get_parameter_names(cls: type) -> tuple[str, ...]:
    """The names of a layer's parameters; none where it accumulates no gradients."""
    has_any = getattr(cls, "acc_grad_parameters", None) is not Module.acc_grad_parameters
    return getattr(cls, "parameter_names", ()) if has_any else ()


def build_pages() -> dict[str, str]:
    """A Markdown page for each of nntrain's own families."""
    ours = [entry for entry in list_layers() if entry.distribution == "nntrain"]
    return {title: build_page(title, list(members)) for title, members in groupby(ours, key=get_family)}


def build_page(title: str, members: list[RegisteredClass]) -> str:
    """The page of one family."""
    head = f"# {title.capitalize()}\n\nMade by `nntrain layers --markdown` from the docstrings: change it there.\n"
    return "\n".join([head, *(build_section(entry) for entry in members)])


def build_section(entry: RegisteredClass) -> str:
    """One class on a page. The docstring is set as it stands: its formulas are text."""
    return f"## {entry.cls.__name__}\n\n    {format_call(entry.cls)}\n\n```text\n{get_documentation(entry.cls)}\n```\n"


def write_pages(folder: Path) -> list[Path]:
    """Write every page into a folder, and return where."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for title, text in build_pages().items():
        written.append(folder / f"{title}.md")
        with write_atomically(written[-1]) as new:
            new.write_text(text, encoding="utf-8")
    return written
