from __future__ import annotations

import tomllib

import pytest

from nntrain.config.positions import Positions

# Every key is named after the line it stands on, and so is every number that is an element of a list.
HARD = r"""# [comment] l1 = 1
l2 = 'x'  # l3 = "
"l\u0033".l3 = 3.14
l4.'l4'.l4 = '''
l5 = 5
[l6]
l7 = [''''
l8 = [ # ] l9 = {
  9, [9,
  10], "]", [
  {l11 = 11, l11b.l11c = [ 11,
    12 ] }, # }
  ],
  13e0, 1979-05-27 07:32:00.5]
l15 = ["\"", '\', "]#[", {}, [], { l15 = "}" }]

[l17] # [l18]
l18 = +inf
[[ l19 . l19b ]]
l20 = 07:32:00.999
[l19.l19b.l21]
l22 = '''''l23 = 2'''''
[[l19.l19b.l23]]
l24 = 24
[[l19.l19b.l23]]
l26 = "\\"
[[l19.l19b]]
l28 = 28
[l19.l19b.l29."l29 ]"]
  l30 = "#"
[l31]
l32 = 1_0
"""
MULTILINE_BASIC = '''l1 = """
l2 = [
\\""" \\
l4 = 4"""""
l5 = """"""
l6 = 6'''


def paths_of(tree: object, path: tuple[str | int, ...] = ()):
    if path:
        yield path
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield from paths_of(value, (*path, key))
    if isinstance(tree, list):
        for index, value in enumerate(tree):
            yield from paths_of(value, (*path, index))


@pytest.mark.parametrize("text", [HARD, MULTILINE_BASIC, HARD.replace("\n", "\r\n")])
def test_every_key_is_found_on_the_line_it_is_named_after(text: str) -> None:
    tree, positions = tomllib.loads(text), Positions(text)
    for path in paths_of(tree):
        assert path in positions
        if isinstance(path[-1], str):
            digits = "".join(letter for letter in path[-1] if letter.isdigit())
            assert positions.get_line(path) == int(digits), path


def test_elements_stand_where_they_begin() -> None:
    positions = Positions(HARD)
    begun = {(0,): 9, (1,): 9, (1, 0): 9, (1, 1): 10, (2,): 10, (3,): 10, (3, 0): 11, (4,): 14, (5,): 14}
    assert {path: positions.get_line(("l8", *path)) for path in begun} == begun
    assert positions.get_line(("l8", 3, 0, "l11b", "l11c", 1)) == 12


def test_each_table_of_an_array_has_its_own_line() -> None:
    positions = Positions(HARD)
    assert [positions.get_line(("l19", "l19b", index)) for index in (0, 1)] == [19, 27]
    assert [positions.get_line(("l19", "l19b", 0, "l23", index)) for index in (0, 1)] == [23, 25]


def test_a_missing_key_is_at_its_nearest_ancestor() -> None:
    positions = Positions("[a]\nb = 1\n\n[[a.c]]\nd = 1\n")
    assert positions.get_line(("a", "missing")) == 1
    assert positions.get_line(("a", "c", 0, "missing", 3, "x")) == 4
    assert positions.get_line(("a", "c", 7)) == 4
    assert positions.get_line(("missing",)) == 1


def test_a_table_is_at_its_header_even_when_mentioned_earlier() -> None:
    positions = Positions("[x.y]\nk = 1\n[x]\nl = 2\n")
    assert positions.get_line(("x",)) == 3


@pytest.mark.parametrize("text", ["", "\n", "# only a comment", "a = 1 # no line end"])
def test_short_documents_have_positions(text: str) -> None:
    assert Positions(text).get_line(("a",)) == 1
