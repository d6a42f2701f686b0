"""The reference of all registered layers and criterions, from their docstrings."""

import inspect
import re
from itertools import groupby
from pathlib import Path
from types import GenericAlias, UnionType
from typing import Any, get_args, get_origin

from nntrain.compute.array import Array, IntArray
from nntrain.files.atomic_write import write_atomically
from nntrain.hooks.registry import RegisteredClass, get_registry
from nntrain.nn.building.spec_validation import find_class
from nntrain.nn.criterion import Criterion
from nntrain.nn.module import Module
from nntrain.specs.configurable import get_signature


def find_layer(name: str) -> RegisteredClass:
    """Return the layer or criterion of that name. UnknownNameError suggests the closest name."""
    kind = "criterion" if issubclass(find_class(name), Criterion) else "module"
    return get_registry().find(kind, name)


def list_layers() -> list[RegisteredClass]:
    """Return all layers and criterions, sorted by family and name."""
    found = [get_registry().find(kind, name) for kind in ("module", "criterion") for name in get_registry().names(kind)]
    return sorted(found, key=lambda entry: (get_family(entry), entry.cls.__name__))


def get_family(entry: RegisteredClass) -> str:
    """Return the family of an entry: its plugin, or "container" or "criterion" for built-in classes."""
    if entry.plugin == "nn" and entry.distribution == "nntrain":
        return "criterion" if entry.kind == "criterion" else "container"
    return entry.plugin


def format_overview() -> str:
    """Format all classes by family, each with its formula."""
    found = list_layers()
    width = max(len(entry.cls.__name__) for entry in found)
    lines: list[str] = []
    for title, members in groupby(found, key=get_family):
        lines += ["", title]
        lines += [f"  {entry.cls.__name__:{width}}  {get_formula(entry.cls)}" for entry in members]
    return "\n".join(lines[1:])


def get_formula(cls: type) -> str:
    """Return the first line of a class's docstring."""
    return get_documentation(cls).partition("\n")[0]


def get_documentation(cls: type) -> str:
    """Return a class's own docstring, dedented."""
    return inspect.cleandoc(cls.__doc__ or "")


def format_call(cls: type) -> str:
    """Format the constructor call with defaults, without types."""
    parameters = list(get_signature(cls).parameters.values())
    bare = [parameter.replace(annotation=inspect.Parameter.empty) for parameter in parameters]
    return cls.__name__ + str(inspect.Signature(bare))


def format_explanation(entry: RegisteredClass) -> str:
    """Format signature, documentation, parameters and source location of a class."""
    cls = entry.cls
    parameters = get_signature(cls).parameters.values()
    named = [parameter.replace(annotation=format_annotation(parameter.annotation)) for parameter in parameters]
    # The signature quotes the names of types.
    typed = re.sub(r": '([^']*)'", r": \1", str(inspect.Signature(named)))
    _, line = inspect.getsourcelines(cls)
    trained = f"Parameters: {', '.join(get_parameter_names(cls)) or 'none'}\n" if entry.kind == "module" else ""
    return (
        f"{cls.__name__}{typed}\n\n{get_documentation(cls)}\n\n"
        f"{trained}{entry.kind.capitalize()} of the plugin {entry.plugin}, {entry.distribution} {entry.version}\n"
        f"{inspect.getsourcefile(cls)}:{line}"
    )


def format_annotation(hint: Any) -> Any:
    """Format a type by its name in the source, without the module; Array and IntArray are not expanded."""
    if isinstance(hint, str) or hint is inspect.Parameter.empty:
        return hint
    if hint in (Array, IntArray):
        return "Array" if hint == Array else "IntArray"
    if isinstance(hint, UnionType):
        return " | ".join(map(format_annotation, get_args(hint)))
    if type(hint) is GenericAlias:
        return f"{get_origin(hint).__name__}[{', '.join(map(format_annotation, get_args(hint)))}]"
    if isinstance(hint, type):
        return "None" if hint is type(None) else hint.__name__
    return inspect.formatannotation(hint)


def build_json(entry: RegisteredClass) -> dict[str, Any]:
    """Return the facts about a class as JSON values."""
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
    """Return the names of a layer's parameters; none if it accumulates no gradients."""
    has_any = getattr(cls, "acc_grad_parameters", None) is not Module.acc_grad_parameters
    return getattr(cls, "parameter_names", ()) if has_any else ()


def build_pages() -> dict[str, str]:
    """Build a Markdown page for each built-in family."""
    ours = [entry for entry in list_layers() if entry.distribution == "nntrain"]
    return {title: build_page(title, list(members)) for title, members in groupby(ours, key=get_family)}


def build_page(title: str, members: list[RegisteredClass]) -> str:
    """Build the page of one family, with a section for each class and its docstring as preformatted text."""
    head = f"# {title.capitalize()}\n\nGenerated by `nntrain layers --markdown` from the docstrings; edit those.\n"
    sections = [
        f"## {cls.__name__}\n\n    {format_call(cls)}\n\n```text\n{get_documentation(cls)}\n```\n"
        for cls in (entry.cls for entry in members)
    ]
    return "\n".join([head, *sections])


def write_pages(folder: Path) -> list[Path]:
    """Write every page into a folder, and return the paths."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for title, text in build_pages().items():
        written.append(folder / f"{title}.md")
        with write_atomically(written[-1]) as new:
            new.write_text(text, encoding="utf-8")
    return written
