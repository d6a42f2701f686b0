"""scikit-learn's MLP and its gradient boosting."""

from __future__ import annotations

import copy
import inspect
from typing import Any

import numpy as np
from sklearn.compose import ColumnTransformer
from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor
from sklearn.impute import SimpleImputer
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, OrdinalEncoder, StandardScaler

from benchmarks.quality.boosting import TREES
from benchmarks.quality.inputs import Array, Inputs

__all__ = ["fit_boosting", "fit_mlp"]

# The maximum number of categories of a column in HistGradientBoosting: 255 with the code of all rare ones.
CATEGORIES = 254


def fit_mlp(inputs: Inputs) -> Array:
    """Train the MLP with standardized numbers, imputed by the median, and one-hot categories."""
    numbers = make_pipeline(SimpleImputer(strategy="median", keep_empty_features=True), StandardScaler())
    categories = OneHotEncoder(handle_unknown="ignore")
    encoder = ColumnTransformer([("n", numbers, list(inputs.numbers)), ("c", categories, inputs.categories)])
    train, validation, test = encoder.fit_transform(inputs.train), *map(encoder.transform, inputs.sets[1:])
    if inputs.classes is not None:
        network = MLPClassifier(random_state=inputs.seed)
        best = train_until_worse(network, (train, inputs.train_target), (validation, inputs.validation_target))
        return best.predict_proba(test)
    mean, scale = inputs.train_target.mean(), inputs.train_target.std()
    targets = [(target - mean) / scale for target in (inputs.train_target, inputs.validation_target)]
    best = train_until_worse(MLPRegressor(random_state=inputs.seed), (train, targets[0]), (validation, targets[1]))
    return best.predict(test) * scale + mean


def train_until_worse(network: Any, train: tuple[Any, Array], validation: tuple[Any, Array]) -> Any:
    """Return the best epoch's network, as ``early_stopping=True`` does, but scored on the given rows.

    It stops after ``n_iter_no_change`` epochs without an improvement of ``tol``, and after ``max_iter`` epochs.
    """
    best, best_score, required, waited = network, -np.inf, -np.inf, 0
    classes = {"classes": np.unique(train[1])} if isinstance(network, MLPClassifier) else {}
    for _ in range(network.max_iter):
        network.partial_fit(*train, **classes)
        score = network.score(*validation)
        waited = waited + 1 if score < required else 0
        if score > best_score:
            best, best_score, required = copy.deepcopy(network), score, score + network.tol
        if waited > network.n_iter_no_change:
            break
    return best


def fit_boosting(inputs: Inputs) -> Array:
    """Train HistGradientBoosting, with early stopping on the validation rows if the version has that argument."""
    rare = {"handle_unknown": "use_encoded_value", "unknown_value": np.nan, "max_categories": CATEGORIES}
    encoder = ColumnTransformer(
        [("n", "passthrough", list(inputs.numbers)), ("c", OrdinalEncoder(**rare), inputs.categories)]
    )
    train, validation, test = encoder.fit_transform(inputs.train), *map(encoder.transform, inputs.sets[1:])
    kind = HistGradientBoostingRegressor if inputs.classes is None else HistGradientBoostingClassifier
    mask = [False] * len(inputs.numbers) + [True] * len(inputs.categories)
    model = kind(max_iter=TREES, early_stopping=True, categorical_features=mask, random_state=inputs.seed)
    given = {"X_val": validation, "y_val": inputs.validation_target}
    model.fit(train, inputs.train_target, **(given if "X_val" in inspect.signature(model.fit).parameters else {}))
    return model.predict(test) if inputs.classes is None else model.predict_proba(test)
