"""pytabkit's networks with its tuned defaults: RealMLP and TabM."""

from __future__ import annotations

import pandas as pd

from benchmarks.quality.inputs import Array, Inputs
from nntrain.compute.threads import count_cores

__all__ = ["fit_realmlp", "fit_tabm"]


def fit_realmlp(inputs: Inputs) -> Array:
    """Train RealMLP."""
    return fit("RealMLP_TD", inputs)


def fit_tabm(inputs: Inputs) -> Array:
    """Train TabM."""
    return fit("TabM_D", inputs)


def fit(name: str, inputs: Inputs) -> Array:
    """Train an estimator; it gets categories as integers, and the median instead of missing numbers."""
    import pytabkit

    estimator = getattr(pytabkit, f"{name}_{'Regressor' if inputs.classes is None else 'Classifier'}")
    model = estimator(device="cpu", random_state=inputs.seed, n_threads=count_cores())
    train, validation, test = (encode(rows, inputs) for rows in inputs.typed())
    model.fit(train, inputs.train_target, validation, inputs.validation_target, cat_col_names=inputs.categories)
    return model.predict(test) if inputs.classes is None else model.predict_proba(test)


def encode(rows: pd.DataFrame, inputs: Inputs) -> pd.DataFrame:
    """Encode categories as integers, with −1 for a missing one as a category of its own, and fill in numbers."""
    medians = inputs.train[list(inputs.numbers)].median().fillna(0.0)
    return rows.fillna(medians.to_dict()).assign(**{name: rows[name].cat.codes for name in inputs.categories})
