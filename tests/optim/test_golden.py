"""The optimizers reproduce the golden trajectories of torch/optim."""

import inspect
import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from nntrain import optim
from nntrain.compute.array import Array
from nntrain.nn.building.factory import build_registered
from tests.optim.golden import Case, cases


def each(*kinds: str) -> Callable[..., Any]:
    return pytest.mark.parametrize("case", cases(*kinds), ids=str)


@each("steps")
def test_a_function_goes_where_torch_goes(case: Case) -> None:
    function = case.function()
    given = case.config
    config, state = (given, {}) if case.attributes["separate_state"] else (given, None)
    kept: dict[str, Any] = given if state is None else state
    start = case.arrays["x"][0].copy()
    x, losses, points, extras = start, [], [start.copy()], []
    for _ in range(case.attributes["calls"]):
        x, f, *extra = getattr(optim, case.name)(function, x, config, state)
        assert x is start
        losses.append(f)
        points.append(x.copy())
        extras += [np.copy(value) for value in extra]
    case.check("x", points)
    case.check("f", [f for call in losses for f in call])
    case.check("eval_x", function.x)
    case.check("eval_f", function.f)
    assert [len(call) for call in losses] == case.arrays["f_count"].tolist()
    for name in ("ax", "n_eval"):
        if name in case.arrays:
            case.check(name, extras)
    remembered = {path.removeprefix("state/") for path in case.arrays if path.startswith("state/")}
    for name in remembered:
        case.check(f"state/{name}", kept[name])
    assert (set(kept) if state is not None else set(kept) - set(case.config)) == remembered


@each("steps")
def test_a_class_goes_the_same_way(case: Case) -> None:
    optimizer = build_registered({"type": case.name, **case.config}, "optimizer")
    w = case.arrays["x"][0].copy()
    losses = []
    function = case.function()
    for expected in case.arrays["x"][1:]:
        losses += optimizer.advance(function, w)
        np.testing.assert_allclose(w, expected, rtol=0, atol=1e-9)
    case.check("f", losses)


@each("fista")
def test_fista_goes_where_torch_goes(case: Case) -> None:
    function, l1 = case.function(), float(case.attributes["l1"])

    def shrink(z: Array, L: float) -> None:
        z[...] = np.sign(z) * np.maximum(np.abs(z) - l1 / L, 0)

    # Torch always starts at 0.
    start = np.zeros(4)
    params = case.config
    x, history = optim.fista(function, lambda z: l1 * float(np.abs(z).sum()), shrink, start, params)
    assert x is start
    case.check("x", x)
    case.check("L", params["L"])
    case.check("eval_x", function.x)
    for key, name in (("F", "f"), ("Fply", "fply"), ("Gply", "gply"), ("Q", "q"), ("L", "L"), ("nline", "nline")):
        case.check(f"history_{name}", [line[key] for line in history])
    # The class does the same with its own penalty.
    w = np.zeros(4)
    optim.FISTA(l1=l1, **case.config).advance(case.function(), w)
    case.check("x", w)


@each("lswolfe")
def test_a_line_search_ends_where_torch_ends(case: Case) -> None:
    values = {name: case.arrays[name] for name in ("t", "d", "f", "g", "gtd")}
    function, start = case.function(), case.arrays["x0"].copy()
    f, g, x, t, evaluations = optim.lswolfe(function, start, *values.values(), case.config)
    assert x is start
    for name, got in {"f_new": f, "g_new": g, "x_new": x, "t_new": t, "n_eval": evaluations}.items():
        case.check(name, got)
    case.check("eval_x", function.x)


@each("polyinterp")
def test_an_interpolation_finds_the_minimum_of_torch(case: Case) -> None:
    position, value = optim.polyinterp(case.arrays["points"], **case.config)
    case.check("min_pos", position)
    if "f_min" in case.arrays:
        case.check("f_min", value)


@each("confusion")
def test_a_confusion_matrix_is_that_of_torch(case: Case) -> None:
    config = case.config
    matrix = optim.ConfusionMatrix(config["n_classes"], config.get("classes"))
    for index, method in enumerate(json.loads(case.attributes["ops"])):
        getattr(matrix, method)(case.arrays[f"ops/{index}/prediction"], case.arrays[f"ops/{index}/target"])
    assert repr(matrix) == str(matrix) == case.attributes["torch_repr"]
    for name in ("mat", "valids", "unionvalids", "total_valid", "average_valid", "average_union_valid"):
        case.check(name, getattr(matrix, name))
    for name, got in zip(("class_frrs", "class_fars", "frrs", "fars"), matrix.far_frr(), strict=True):
        case.check(name, got)


def test_every_kind_of_case_is_tested() -> None:
    kinds = {case.attributes["kind"] for case in cases("steps", "fista", "lswolfe", "polyinterp", "confusion")}
    assert len(kinds) == 5
    assert set(inspect.signature(optim.sgd).parameters) == {"opfunc", "x", "config", "state"}
