"""Errors inside a network contain the path of the module."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from nntrain import nn
from nntrain.compute.array import Value
from nntrain.errors import DataError, ModuleError, NntrainError, ShapeError
from nntrain.nn.module import Module

X = np.zeros((2, 5), np.float32)


class Failing(Module):
    """Raises an error in the given method."""

    def __init__(self, where: str, error: BaseException) -> None:
        self.where = where
        self.error = error

    def raise_in(self, method: str, value: Value) -> Value:
        if method == self.where:
            raise self.error
        return value

    def update_output(self, x: Value) -> Value:
        self.output = self.raise_in("update_output", x)
        return self.output

    def update_grad_input(self, x: Value, dy: Value) -> Value:
        self.grad_input = self.raise_in("update_grad_input", dy)
        return self.grad_input

    def acc_grad_parameters(self, x: Value, dy: Value, scale: float = 1) -> None:
        self.raise_in("acc_grad_parameters", x)


def test_a_wrong_shape_is_reported_with_the_way_to_the_child() -> None:
    with pytest.raises(ShapeError) as caught:
        nn.Sequential([nn.Linear(4, 3)]).forward(X)
    assert str(caught.value) == "expected an input of shape (N, 4), got (2, 5)\n  in Sequential[0] > Linear(4 -> 3)"
    assert isinstance(caught.value, ValueError)


def test_without_a_container_the_layer_itself_is_the_place() -> None:
    with pytest.raises(ShapeError) as caught:
        nn.Linear(4, 3).forward(X)
    assert str(caught.value) == "expected an input of shape (N, 4), got (2, 5)\n  in Linear(4 -> 3)"


def test_the_way_goes_through_every_container_outermost_first() -> None:
    inner = nn.ConcatTable([nn.Linear(5, 5), nn.Linear(4, 3)])
    with pytest.raises(ShapeError) as caught:
        nn.Sequential([nn.Tanh(), nn.Sequential([nn.Tanh(), nn.Tanh(), inner])]).forward(X)
    assert str(caught.value).endswith("\n  in Sequential[1] > Sequential[2] > ConcatTable[1] > Linear(4 -> 3)")


@pytest.mark.parametrize("container", ["Sequential", "ConcatTable", "ParallelTable"])
@pytest.mark.parametrize("method", ["update_output", "update_grad_input", "acc_grad_parameters", "backward"])
def test_an_error_of_every_call_shows_the_child(container: str, method: str) -> None:
    where = "update_grad_input" if method == "backward" else method
    network = getattr(nn, container)([Failing(where, ShapeError("no")), Failing("", ShapeError(""))])
    x = dy = X if container == "Sequential" else [X, X]
    if method != "update_output":
        network.forward(x)
    if method == "acc_grad_parameters":
        network.update_grad_input(x, dy)
    with pytest.raises(ShapeError, match=rf"no\n  in {container}\[0\] > Failing$"):
        getattr(network, method)(*([x] if method == "update_output" else [x, dy]))


def test_an_error_of_the_update_in_one_go_shows_the_child() -> None:
    network = nn.Sequential([Failing("acc_grad_parameters", ShapeError("no"))])
    network.forward(X)
    with pytest.raises(ShapeError, match=r"in Sequential\[0\] > Failing"):
        network.acc_update_grad_parameters(X, X, 0.1)


def test_a_foreign_exception_becomes_an_error_with_the_place_and_keeps_its_cause() -> None:
    cause = ZeroDivisionError("division by zero")
    with pytest.raises(ModuleError) as caught:
        nn.Sequential([nn.Sequential([Failing("update_output", cause)])]).forward(X)
    text = "ZeroDivisionError: division by zero\n  in Sequential[0] > Sequential[0] > Failing"
    assert str(caught.value) == text
    assert caught.value.__cause__ is cause


def test_an_error_of_the_project_that_has_no_place_passes_as_it_is() -> None:
    error = DataError("rows.csv:3: no number")
    with pytest.raises(DataError) as caught:
        nn.Sequential([Failing("update_output", error)]).forward(X)
    assert caught.value is error
    assert str(error) == "rows.csv:3: no number"


@pytest.mark.parametrize("error", [KeyboardInterrupt(), SystemExit(3)])
def test_an_interruption_passes_as_it_is(error: BaseException) -> None:
    with pytest.raises(type(error)) as caught:
        nn.Sequential([Failing("update_output", error)]).forward(X)
    assert caught.value is error


def test_the_message_appears_once() -> None:
    with pytest.raises(ShapeError) as caught:
        nn.Sequential([nn.Sequential([nn.Sequential([nn.Linear(4, 3)])])]).forward(X)
    assert str(caught.value).count("expected an input") == 1
    assert len(str(caught.value).splitlines()) == 2


def test_every_error_is_in_one_tree_with_an_exit_code() -> None:
    def below(cls: Any) -> list[Any]:
        return [cls, *(inner for sub in cls.__subclasses__() for inner in below(sub))]

    assert all(isinstance(cls.exit_code, int) and cls.exit_code > 0 for cls in below(NntrainError))


def test_a_table_is_shown_by_the_shapes_in_it() -> None:
    with pytest.raises(ShapeError, match=r"got \[\(2, 5\), \[\(5,\)\]\]"):
        raise nn.Tanh().shape_error("an array", [X, [X[0]]])
