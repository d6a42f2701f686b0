"""Checksums of rows, block by block."""

from __future__ import annotations

import numpy as np
import pytest

from nntrain.data.streaming.checksummed_array import ChecksummedWriter, compute_checksum


@pytest.mark.parametrize("lengths", [[90], [1] * 90, [13, 50, 27], [7, 7, 76]])
@pytest.mark.parametrize("block", [1, 7, 90, 100])
def test_checksums_do_not_depend_on_the_pieces(lengths: list[int], block: int) -> None:
    import zlib

    rows = np.arange(90 * 3, dtype=">f4").reshape(90, 3)
    texts = np.array([f"té{row}" for row in range(90)], object)
    for values, as_bytes in ((rows, rows.tobytes), (texts, lambda: None)):
        sums = ChecksummedWriter(written := np.empty_like(values), block)  # type: ignore[arg-type]
        begin = 0
        for length in lengths:
            sums.add(values[begin : begin + length])
            begin += length
        assert (written == values).all()
        if as_bytes() is None:
            pieces = ["".join(f"{text}\0" for text in texts[at : at + block]).encode() for at in range(0, 90, block)]
        else:
            pieces = [rows.tobytes()[at * 12 : (at + block) * 12] for at in range(0, 90, block)]
        assert sums.sums == [zlib.crc32(piece) for piece in pieces]
        assert compute_checksum(values) == zlib.crc32(b"".join(pieces))


def test_texts_that_move_from_one_row_to_the_next_have_another_checksum() -> None:
    assert compute_checksum(np.array(["ab", "c"], object)) != compute_checksum(np.array(["a", "bc"], object))
