"""Every text file is opened with an explicit encoding, independent of the locale."""

from __future__ import annotations

import ast

import pytest

from tests.laws.sources import EXAMPLES, ROOT, files, tree


def lacks_encoding(call: ast.Call) -> bool:
    """Whether a call opens text with the encoding of the locale."""
    function, given = call.func, {keyword.arg for keyword in call.keywords}
    name = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")
    method = isinstance(function, ast.Attribute)
    if "encoding" in given or any(text(argument) == "utf-8" for argument in call.args):
        return False
    if name in ("read_text", "write_text"):
        return method
    if name == "open":
        owner = ast.unparse(function.value) if isinstance(function, ast.Attribute) else ""
        if owner.isidentifier() and owner[0].isupper():  # a class method such as DataFile.open
            return False
        # These modules do not open text; for functions, the mode is the second argument.
        mode = next((text(a) for a in [*call.args[0 if method else 1 :], *values(call, "mode")] if text(a)), "r")
        return owner not in ("os", "gzip", "archive", "self", "h5py.h5a", "h5py.h5o") and "b" not in mode
    return bool({"text", "universal_newlines"} & given)


def text(node: ast.expr) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def values(call: ast.Call, name: str) -> list[ast.expr]:
    return [keyword.value for keyword in call.keywords if keyword.arg == name]


def test_text_names_its_encoding() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in [*files("nntrain", "plugins"), *EXAMPLES.rglob("*.py")]
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and lacks_encoding(node)
    ]
    assert not found


@pytest.mark.parametrize(
    ("code", "lacks"),
    [
        ("open(path)", True),
        ("open(path, 'w')", True),
        ("path.open(mode='a')", True),
        ("path.read_text()", True),
        ("path.write_text(words)", True),
        ("subprocess.run(command, text=True)", True),
        ("open(path, 'rb')", False),
        ("path.open('w', encoding='utf-8')", False),
        ("path.read_text('utf-8')", False),
        ("write_text(path, words)", False),
        ("gzip.open(path)", False),
    ],
)
def test_calls_are_distinguished(code: str, lacks: bool) -> None:
    expression = ast.parse(code, mode="eval").body
    assert isinstance(expression, ast.Call)
    assert lacks_encoding(expression) == lacks
