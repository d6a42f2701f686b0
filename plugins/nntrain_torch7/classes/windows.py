"""The fields in which Torch's classes keep their windows: kW, dH, padT, ..."""

from __future__ import annotations

from nntrain.exchange.torch7_argument import Torch7Argument
from nntrain_torch7.classes.argument import number

__all__ = ["PLANES", "windows"]

PLANES = (number("n_input_plane", "nInputPlane"), number("n_output_plane", "nOutputPlane"))


def windows(what: str, axes: str) -> tuple[Torch7Argument, ...]:
    """Arguments such as kw and kh of the fields kW and kH, for each of the axes: ``windows("k", "WH")``.

    Names that are longer than a letter are set apart by a low line with us: pad_w.
    """
    between = "" if len(what) == 1 else "_"
    return tuple(number(f"{what}{between}{axis.lower()}", f"{what}{axis}") for axis in axes)
