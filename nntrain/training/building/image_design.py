"""The network made for images: convolutions and pooling, then linear layers.

Source: LeCun, Bottou, Bengio and Haffner, "Gradient-based learning applied to document recognition", 1998, section II,
with the filters of 3 × 3 and the ReLU of today.
"""

from typing import Any

Spec = dict[str, Any]

# Filters of each convolution, and units of the hidden layer.
FILTERS = (16, 32)
HIDDEN = 128

# Dropout of the inputs of the hidden layer, and of its outputs.
DROPOUT = (0.25, 0.5)

# Images with fewer rows or columns of pixels would be empty after pooling; larger ones are averaged to at most the
# maximum first, because a step takes a time proportional to the pixels.
MIN_PIXELS, MAX_PIXELS = 2 ** len(FILTERS), 64


def is_image(shape: tuple[int, ...]) -> bool:
    """Whether inputs of a shape (N, C, H, W) are large enough for the network."""
    return len(shape) == 4 and min(shape[2:]) * MAX_PIXELS >= MIN_PIXELS * max(MAX_PIXELS, *shape[2:])


def design_image_network(shape: tuple[int, ...]) -> list[Spec]:
    """Return the modules for images of a shape (N, C, H, W)."""
    height, width = shape[2:]
    modules: list[Spec] = []
    if (factor := -(-max(height, width) // MAX_PIXELS)) > 1:
        modules.append({"type": "SpatialAveragePooling", "kw": factor, "kh": factor, "dw": factor, "dh": factor})
        height, width = height // factor, width // factor
    for filters in FILTERS:
        modules += [
            {"type": "SpatialConvolution", "n_output_plane": filters, "kw": 3, "kh": 3, "pad_w": 1},
            {"type": "ReLU"},
            {"type": "SpatialMaxPooling", "kw": 2, "kh": 2},
        ]
        height, width = height // 2, width // 2
    before, after = DROPOUT
    return [
        *modules,
        {"type": "Reshape", "size": [FILTERS[-1] * height * width], "batch_mode": True},
        {"type": "Dropout", "p": before},
        {"type": "Linear", "output_size": HIDDEN},
        {"type": "ReLU"},
        {"type": "Dropout", "p": after},
        {"type": "Linear"},
    ]
