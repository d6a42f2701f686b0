"""Trees of modules: printing, traversal, search and replacement."""

from __future__ import annotations

from typing import Any

import pytest

from nntrain import nn
from nntrain.nn.containers.concat_table import ConcatTable
from nntrain.nn.containers.sequential import Sequential
from nntrain.nn.module import Module
from nntrain.nn.testing import Case
from tests.cases.collect import types, unregistered
from tests.cases.golden import CASES, from_zero, printed


class Wrapper(nn.Container):
    """Return a container around one module."""

    def __init__(self, module: Module) -> None:
        super().__init__([module])


def net() -> Any:
    """Return a chain with branches inside."""
    return nn.Sequential(
        [nn.Linear(4, 3), nn.ConcatTable([nn.Tanh(), nn.Sequential([nn.Linear(3, 2), nn.Tanh()])]), nn.SelectTable(-1)]
    )


def names(modules: list[Module]) -> list[str]:
    return [type(module).__name__ for module in modules]


@pytest.mark.parametrize(("case", "text"), [pytest.param(*pair, id=str(pair[0])) for pair in printed()])
def test_a_network_prints_as_in_torch_with_positions_from_zero(case: Case, text: str) -> None:
    for name in unregistered(case):
        pytest.skip(f"{name} is not registered")
    assert str(nn.build(case.spec)) == text


def test_from_zero_counts_positions_and_axes_and_nothing_else() -> None:
    torch = "nn.Sequential {\n  [input -> (1) -> output]\n  (1): nn.Linear(10 -> 2)\n  (2): nn.SelectTable(1)\n}"
    assert from_zero(torch) == (
        "nn.Sequential {\n  [input -> (0) -> output]\n  (0): nn.Linear(10 -> 2)\n  (1): nn.SelectTable(0)\n}"
    )


def test_a_tree_prints_with_its_branches() -> None:
    assert str(net()) == "\n".join(
        [
            "nn.Sequential {",
            "  [input -> (0) -> (1) -> (2) -> output]",
            "  (0): nn.Linear(4 -> 3)",
            "  (1): nn.ConcatTable {",
            "    input",
            "      |`-> (0): nn.Tanh",
            "       `-> (1): nn.Sequential {",
            "             [input -> (0) -> (1) -> output]",
            "             (0): nn.Linear(3 -> 2)",
            "             (1): nn.Tanh",
            "           }",
            "       ... -> output",
            "  }",
            "  (2): nn.SelectTable(-1)",
            "}",
        ]
    )


def test_empty_containers_print_their_frame() -> None:
    assert str(nn.Sequential()) == "nn.Sequential {\n  [input -> output]\n}"
    assert str(nn.ParallelTable()) == "nn.ParallelTable {\n  input\n     ... -> output\n}"


def test_list_modules_is_preorder_and_lists_a_module_as_often_as_it_occurs() -> None:
    tanh = nn.Tanh()
    tree = nn.Sequential([tanh, nn.ConcatTable([tanh])])
    assert names(tree.list_modules()) == ["Sequential", "Tanh", "ConcatTable", "Tanh"]


def test_find_modules_gives_the_nodes_and_the_container_of_each() -> None:
    tree = net()
    nodes, containers = tree.find_modules(type(nn.Tanh()))
    assert nodes == [tree[1][0], tree[1][1][1]]
    assert containers == [tree[1], tree[1][1]]


def test_find_modules_takes_a_name_with_or_without_the_prefix() -> None:
    tree = net()
    assert tree.find_modules("nn.Linear")[0] == tree.find_modules("Linear")[0] == [tree[0], tree[1][1][0]]


def test_find_modules_finds_the_root_as_its_own_container() -> None:
    tree = net()
    nodes, containers = tree.find_modules("Sequential")
    assert nodes == [tree, tree[1][1]]
    assert containers == [tree, tree[1]]


def test_find_modules_finds_no_subclasses() -> None:
    class Chain(Sequential):
        pass

    assert Chain([nn.Tanh()]).find_modules(Sequential) == ([], [])


def test_apply_calls_every_module_in_preorder_and_ignores_results() -> None:
    seen: list[Module] = []
    tree = net()
    tree.apply(seen.append)
    assert seen == tree.list_modules()
    assert tree.apply(lambda module: 3) is None


def test_replace_puts_new_children_where_the_old_ones_stood() -> None:
    tree = net()
    new = tree.replace(lambda module: nn.Identity() if type(module) is nn.Tanh else module)
    assert new is tree
    assert names(tree.list_modules()) == [
        "Sequential",
        "Linear",
        "ConcatTable",
        "Identity",
        "Sequential",
        "Linear",
        "Identity",
        "SelectTable",
    ]


def test_replace_changes_the_root_only_in_what_it_returns() -> None:
    tree = nn.Sequential([nn.Tanh()])
    new = tree.replace(lambda module: nn.Sigmoid() if module is tree else module)
    assert names([new]) == ["Sigmoid"]
    assert names(tree.list_modules()) == ["Sequential", "Tanh"]


def test_replace_can_wrap_every_node() -> None:
    new: Any = nn.Sequential([nn.Tanh(), nn.Sequential([nn.Sigmoid()])]).replace(Wrapper)
    assert names(new.list_modules()) == [
        "Wrapper",
        "Sequential",
        "Wrapper",
        "Tanh",
        "Wrapper",
        "Sequential",
        "Wrapper",
        "Sigmoid",
    ]


def test_children_that_replace_has_made_are_not_visited() -> None:
    seen: list[str] = []

    def grow(module: Module) -> Module:
        seen.append(type(module).__name__)
        return nn.Sequential([nn.Linear(2, 2), nn.Tanh()]) if type(module) is nn.Sigmoid else module

    nn.Sequential([nn.Sigmoid()]).replace(grow)
    assert seen == ["Sequential", "Sigmoid"]


def containers() -> list[Case]:
    """Return one golden case of each container class."""
    return list({case.spec["type"]: case for case in CASES if len(list(types(case.spec))) > 1}.values())


@pytest.mark.parametrize("case", [case for case in containers() if case.kind == "module"], ids=str)
def test_the_spec_of_a_container_shows_replaced_children(case: Case) -> None:
    for name in unregistered(case):
        pytest.skip(f"{name} is not registered")
    tree = nn.build(case.spec)
    if not tree.children():
        pytest.skip("holds a criterion, no modules")
    tree.replace(lambda module: module if module.children() else nn.Tanh())
    inside = {name for inner in tree.list_modules() if not inner.children() for name in types(inner.spec())}
    assert inside == {"Tanh"}
    kept = {type(inner).__name__ for inner in tree.list_modules()}
    assert set(types(tree.spec())) <= kept


def test_modes_reach_every_module() -> None:
    tree = net()
    tree.evaluate()
    assert not any(module.train for module in tree.list_modules())
    tree.training()
    assert all(module.train for module in tree.list_modules())


def test_a_new_module_is_training() -> None:
    assert nn.Linear(2, 1).train


def test_containers_show_their_children() -> None:
    tree = nn.Sequential().add(nn.Linear(2, 3)).add(nn.Tanh())
    assert tree.size() == len(tree) == 2
    assert tree.get(1) is tree[1] is list(tree)[1]
    with pytest.raises(IndexError):
        tree.get(2)


def test_a_chain_can_be_changed_in_the_middle() -> None:
    tree = nn.Sequential([nn.Linear(2, 3), nn.Tanh()])
    tree.insert(nn.Sigmoid(), 1).insert(nn.ReLU())
    assert names(tree.modules) == ["Linear", "Sigmoid", "Tanh", "ReLU"]
    assert names([tree.remove(0), tree.remove()]) == ["Linear", "ReLU"]
    assert names(nn.build(tree.spec()).modules) == ["Sigmoid", "Tanh"]
    with pytest.raises(IndexError, match=r"expected an index of 0..2, got 3"):
        tree.insert(nn.Tanh(), 3)
    with pytest.raises(IndexError, match=r"expected an index of 0..1, got 2"):
        tree.remove(2)


def test_a_child_must_be_a_module() -> None:
    with pytest.raises(ValueError, match="ConcatTable: expected a module, got 3"):
        ConcatTable([3])  # type: ignore[list-item]
