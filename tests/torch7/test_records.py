"""What Torch7 wrote is read as it was, in both forms, and written again byte for byte."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from nntrain_torch7.format import LuaFunction, Storage, TorchObject, read, write
from tests.torch7.records import FILES, GOLDEN, SHARED, manifest
from tests.torch7.same import assert_same

BINARY = [path for path in FILES if not path.name.endswith(".ascii.t7")]
RECORDS = manifest()
VALUES = [record for record in RECORDS if record["kind"] == "value"]
MODULES = [record for record in RECORDS if record["kind"] == "module"]
FORMS = ("binary", "ascii")

needs_shared = pytest.mark.skipif(not RECORDS, reason="the records beside the repository are not there")


def name_of(value: Any) -> str:
    return value["name"] if isinstance(value, dict) else f"{Path(value).parent.name}-{Path(value).name}"


def ascii_of(path: Path) -> Path:
    return path.with_suffix(".ascii.t7")


@pytest.mark.parametrize("path", BINARY, ids=name_of)
def test_both_forms_hold_the_same(path: Path) -> None:
    assert_same(read(path), read(ascii_of(path)), bits=False)


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_what_is_written_is_what_torch_wrote(path: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.t7"
    long_size = 4 if "long_of_4" in path.name else 8
    write(read(path), again, ascii=path.name.endswith(".ascii.t7"), long_size=long_size)
    assert again.read_bytes() == path.read_bytes()


@pytest.mark.parametrize("path", BINARY, ids=name_of)
@pytest.mark.parametrize("form", ["ascii", "binary", "binary, longs of 4"])
def test_a_record_survives_any_form(path: Path, form: str, tmp_path: Path) -> None:
    value = read(path)
    if "longs of 4" in form and path.stem == "values":
        pytest.skip("has a long that needs 8 bytes")
    again = tmp_path / "again.t7"
    write(value, again, ascii=form == "ascii", long_size=4 if "4" in form else 8)
    assert_same(value, read(again), bits=form != "ascii")


@needs_shared
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("record", VALUES, ids=name_of)
def test_a_value_is_what_torch_had(record: dict[str, Any], form: str) -> None:
    known: dict[str, Any] = {}
    compare(read(SHARED / record[form]), record["value"], known)


def compare(value: Any, told: dict[str, Any], known: dict[str, Any]) -> None:
    """``told``: a value as the manifest tells it; ``known``: what its numbers of objects and storages stand for."""
    if "ref" in told:
        assert value is known[f"object {told['ref']}"]
        return
    if "id" in told:
        known[f"object {told['id']}"] = value
    if "number" in told:
        assert value == float(told["number"])
    elif "string" in told:
        assert value == told["string"]
    elif "boolean" in told:
        assert value is told["boolean"]
    elif "function" in told:
        assert isinstance(value, LuaFunction)
    elif "array" in told:
        compare_array(value, told, known)
    elif "table" in told:
        fields = value
        if "object" in told:
            assert isinstance(value, TorchObject)
            assert value.name == told["object"]
            fields = value.fields
        assert len(fields) == len(told["table"])
        for key, item in told["table"] or ():
            compare(fields[key["string"] if "string" in key else float(key["number"])], item, known)
    else:
        pytest.fail(f"the manifest tells of {told}")


def compare_array(value: Any, told: dict[str, Any], known: dict[str, Any]) -> None:
    array = value.array if isinstance(value, Storage) else value
    np.testing.assert_array_equal(array, np.load(SHARED / told["array"]).reshape(array.shape))
    if "stride" in told and told["size"]:
        assert list(array.shape) == told["size"]
        assert [stride // array.itemsize for stride in array.strides] == told["stride"]
        assert (array.ctypes.data - array.base.ctypes.data) // array.itemsize == told["offset"]
        assert known.setdefault(f"storage {told['storage']}", array.base) is array.base


@needs_shared
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("record", MODULES, ids=name_of)
def test_the_parameters_of_a_network_are_those_that_torch_had(record: dict[str, Any], form: str) -> None:
    found = list(parameters(read(SHARED / record[form])))
    assert len(found) == len(record["params"])
    for array, told in zip(found, record["params"], strict=True):
        np.testing.assert_array_equal(array, np.load(SHARED / told["array"]))
        assert array.flags.writeable


def parameters(module: TorchObject) -> Iterator[np.ndarray[Any, Any]]:
    modules = module.fields.get("modules", {})
    for index in range(1, len(modules) + 1):
        yield from parameters(modules[index])
    yield from (module.fields[name] for name in ("weight", "bias") if not modules and name in module.fields)


@pytest.mark.parametrize("form", ["t7", "ascii.t7"])
def test_tensors_share_the_memory_that_they_shared_in_torch(form: str) -> None:
    values = read(GOLDEN / f"values.{form}")
    values["base"][1, 2] = 100
    assert values["transposed"][2, 1] == values["column"][1] == values["corner"][0, 0] == 100
    assert values["double"] is values["double_again"]
    assert values["again"] is values["list"]
    assert values["itself"] is values
    assert values["expanded"].strides == (8, 0)
    weights = [branch.fields["modules"][1].fields["weight"] for branch in branches(form)]
    weights[0][0, 0] = 7
    assert weights[1][0, 0] == 7


def branches(form: str) -> list[TorchObject]:
    modules = read(GOLDEN / f"shared.{form}").fields["modules"][1].fields["modules"]
    return [modules[1], modules[2]]
