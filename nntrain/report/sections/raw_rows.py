"""Rows of the data as readers know them: cells as text, or images."""

import base64
import io
from collections.abc import Sequence

import numpy as np

from nntrain.compute.array import Array
from nntrain.data.raw_array_dataset import RawArrayDataset
from nntrain.data.raw_dataset import RawDataset
from nntrain.data.raw_table_dataset import RawTableDataset
from nntrain.data.tables.cell_format import format_cell
from nntrain.data.tables.data_table import DataTable

# Columns of a row that are shown.
MAX_COLUMNS = 6


def format_cells(
    raw: RawDataset | None, names: Sequence[str], rows: Sequence[int]
) -> tuple[list[str], list[list[str]]]:
    """Return the names of the first of these columns, and their cells in some rows; none for arrays."""
    if not (isinstance(raw, RawTableDataset) and isinstance(raw.table, DataTable)):
        return [], [[] for _ in rows]
    columns = [raw.table.columns[name] for name in names if name in raw.table.columns][:MAX_COLUMNS]
    return [column.name for column in columns], [
        [format_cell(column.values[row], column.kind) for column in columns] for row in rows
    ]


def get_images(raw: RawDataset | None, rows: Sequence[int]) -> list[Array]:
    """Return the images of some rows, (H, W) or (H, W, 3), from 0 to 1; none if the rows are not images."""
    if not (isinstance(raw, RawArrayDataset) and len(raw.inputs.shape) in (3, 4)):
        return []
    order = np.unique(np.asarray(rows, np.intp))
    (values,) = raw.inputs[order].load().iterate_chunks()
    images = []
    for row in rows:
        image = values[np.searchsorted(order, row)].astype(np.float64)
        if image.ndim == 3:
            # With the axes channel, height and width; other numbers of channels are shown as their mean.
            image = np.moveaxis(image, 0, -1) if len(image) == 3 else image.mean(axis=0)
        low, high = np.nanmin(image), np.nanmax(image)
        images.append(np.nan_to_num((image - low) / ((high - low) or 1.0)))
    return images


def to_png(image: Array) -> str:
    """Return an image from 0 to 1 as a PNG file in base64."""
    from matplotlib.image import imsave

    buffer = io.BytesIO()
    imsave(buffer, image, cmap="gray", vmin=0, vmax=1, format="png")
    return base64.b64encode(buffer.getvalue()).decode()
