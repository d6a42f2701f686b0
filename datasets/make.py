"""Make the data sets of this folder from the copies that scikit-learn ships: python datasets/make.py."""

from __future__ import annotations

import csv
from pathlib import Path

import h5py
import numpy as np
from sklearn.datasets import load_digits, load_iris

HERE = Path(__file__).parent


def make_iris() -> None:
    """iris.csv: four measurements in cm, and the species by name."""
    iris = load_iris()
    names = [name.removesuffix(" (cm)").replace(" ", "_") for name in iris.feature_names]
    with (HERE / "iris.csv").open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([*names, "species"])
        writer.writerows([*row, iris.target_names[label]] for row, label in zip(iris.data, iris.target, strict=True))


def make_digits() -> None:
    """digits.h5: images (1797, 1, 8, 8), whose grey values 0..16 are spread over 0..255, and the digits."""
    digits = load_digits()
    images = np.round(digits.images * (255 / 16)).astype(np.uint8)[:, np.newaxis]
    with h5py.File(HERE / "digits.h5", "w") as file:
        file.create_dataset("inputs", data=images, compression="gzip")
        file.create_dataset("targets", data=digits.target.astype(np.int64))


if __name__ == "__main__":
    make_iris()
    make_digits()
