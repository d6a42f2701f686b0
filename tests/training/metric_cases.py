"""Random rows with ties and absent classes, and what scikit-learn says of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from sklearn import metrics as sk

Array = np.ndarray[Any, Any]
Reference = Callable[[Array, Array, Array], Any]

ROWS = 203


def classes(seed: int, count: int, decimals: int = 8, absent: int | None = None) -> tuple[Array, Array]:
    """Probabilities (N, count) that know something of the classes (N,); few decimals make ties."""
    random = np.random.default_rng(seed)
    t = random.choice([c for c in range(count) if c != absent], ROWS)
    y = random.dirichlet(np.ones(count), ROWS) + 0.3 * np.eye(count)[t]
    return np.round(y / y.sum(axis=1, keepdims=True), decimals).astype(np.float32), t


def labels(seed: int, count: int, decimals: int = 8) -> tuple[Array, Array]:
    """Probabilities (N, count) that know something of the labels (N, count)."""
    random = np.random.default_rng(seed)
    t = random.random((ROWS, count)) < np.linspace(0.1, 0.7, count)
    return np.round(np.clip(random.random((ROWS, count)) * 0.7 + 0.2 * t, 0, 1), decimals).astype(np.float32), t


def numbers(seed: int, columns: int, far: float = 0.0) -> tuple[Array, Array]:
    """Numbers (N, columns), predictions and truths, each column in units of its own, ``far`` from 0."""
    random = np.random.default_rng(seed)
    t = random.normal(far, 3, (ROWS, columns)) * np.arange(1, columns + 1)
    return t + random.normal(0.3, 1, t.shape), t


CLASSES = {
    "three classes": classes(1, 3),
    "two classes": classes(2, 2),
    "ties": classes(3, 4, decimals=1),
    "two classes and ties": classes(4, 2, decimals=1),
    "a class that no row has": classes(5, 5, absent=2),
}
LABELS = {"labels": labels(6, 4), "labels and ties": labels(7, 3, decimals=1)}
NUMBERS = {"a number": numbers(9, 1), "numbers": numbers(10, 3), "a number far from 0": numbers(11, 1, far=1e7)}


def one_against_rest(area: Callable[..., float]) -> Reference:
    """The mean of an area over the classes that occur; of two classes that of the second; of labels over all."""

    def reference(y: Array, t: Array, w: Array) -> float:
        truths = t if t.ndim == 2 else t[:, None] == np.arange(y.shape[1])
        first = 1 if t.ndim == 1 and y.shape[1] == 2 else 0
        columns = [c for c in range(first, y.shape[1]) if truths[:, c].any()]
        return float(np.mean([area(truths[:, c], y[:, c], sample_weight=w) for c in columns]))

    return reference


def of_predictions(score: Callable[..., Any], **options: Any) -> Reference:
    def reference(y: Array, t: Array, w: Array) -> Any:
        return score(t, y > 0.5 if t.ndim == 2 else y.argmax(axis=1), sample_weight=w, **options)

    return reference


def top_k(k: int) -> Reference:
    def reference(y: Array, t: Array, w: Array) -> float:
        return float(np.average((np.argsort(-y, axis=1, kind="stable")[:, :k] == t[:, None]).any(axis=1), weights=w))

    return reference


def log_loss(y: Array, t: Array, w: Array) -> float:
    if t.ndim == 2:
        columns = zip(y.T, t.T, strict=True)
        return float(np.mean([log_loss(np.stack([1 - p, p], axis=1), of.astype(int), w) for p, of in columns]))
    p = np.maximum(y[np.arange(len(t)), t].astype(float), np.finfo(np.float32).eps)
    return float(np.average(-np.log(p), weights=w))


def calibration_error(bins: int) -> Reference:
    def reference(y: Array, t: Array, w: Array) -> float:
        gap = 0.0
        confidence, right = y.max(axis=1).astype(float), y.argmax(axis=1) == t
        for b in range(bins):
            inside = (b < confidence * bins) & (confidence * bins <= b + 1)
            if w[inside].any():
                mean, accuracy = (np.average(of[inside], weights=w[inside]) for of in (confidence, right))
                gap += w[inside].sum() / w.sum() * abs(mean - accuracy)
        return float(gap)

    return reference


def per_label_accuracy(y: Array, t: Array, w: Array) -> float:
    return float(np.mean([sk.accuracy_score(t[:, c], y[:, c] > 0.5, sample_weight=w) for c in range(t.shape[1])]))


def averages(name: str, score: Callable[..., Any]) -> dict[str, Reference]:
    return {
        name if average == "macro" else f"{name}:{average}": of_predictions(score, average=average, zero_division=0)
        for average in ("macro", "micro", "weighted")
    }


AREAS = {
    "roc_auc": one_against_rest(sk.roc_auc_score),
    "pr_auc": one_against_rest(sk.average_precision_score),
}
SHARES = {
    **averages("precision", sk.precision_score),
    **averages("recall", sk.recall_score),
    **averages("f1", sk.f1_score),
}
OF_CLASSES: dict[str, Reference] = {
    "accuracy": of_predictions(sk.accuracy_score),
    "balanced_accuracy": of_predictions(sk.balanced_accuracy_score),
    "top_k:1": of_predictions(sk.accuracy_score),
    "log_loss": log_loss,
    "calibration_error": calibration_error(15),
    "calibration_error:4": calibration_error(4),
    **AREAS,
    **SHARES,
}
OF_LABELS: dict[str, Reference] = {
    "accuracy": per_label_accuracy,
    "exact_match": of_predictions(sk.accuracy_score),
    "log_loss": log_loss,
    **AREAS,
    **SHARES,
}
OF_NUMBERS: dict[str, Reference] = {
    "mae": lambda y, t, w: sk.mean_absolute_error(t, y, sample_weight=w),
    "mse": lambda y, t, w: sk.mean_squared_error(t, y, sample_weight=w),
    "rmse": lambda y, t, w: sk.root_mean_squared_error(t, y, sample_weight=w),
    "r2": lambda y, t, w: sk.r2_score(t, y, sample_weight=w),
    "explained_variance": lambda y, t, w: sk.explained_variance_score(t, y, sample_weight=w),
}

Case = tuple[str, str, tuple[Array, Array], Reference]


def cases() -> dict[str, Case]:
    groups: list[tuple[str, Mapping[str, tuple[Array, Array]], Mapping[str, Reference]]] = [
        ("classification", CLASSES, OF_CLASSES),
        ("multilabel", LABELS, OF_LABELS),
        ("regression", NUMBERS, OF_NUMBERS),
    ]
    return {
        f"{named} of {data}": (named, task, rows, reference)
        for task, tables, references in groups
        for data, rows in tables.items()
        for named, reference in references.items()
    } | {"top_k:2 of ties": ("top_k:2", "classification", CLASSES["ties"], top_k(2))}


CASES = cases()
