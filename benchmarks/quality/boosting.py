"""LightGBM and CatBoost, with their own treatment of categories and missing values."""

from __future__ import annotations

from benchmarks.quality.inputs import Array, Inputs
from nntrain.compute.threads import count_cores

__all__ = ["TREES", "fit_catboost", "fit_lightgbm", "fit_lightgbm_longer"]

# The maximum number of rounds, CatBoost's default, also for those whose default leaves no time to stop early.
TREES = 1000

# LightGBM's default.
DEFAULT_TREES = 100

# Rounds without improvement on the validation rows.
PATIENCE = 50


def fit_lightgbm(inputs: Inputs, trees: int = DEFAULT_TREES) -> Array:
    """Train LightGBM with at most that many trees."""
    import lightgbm

    kind = lightgbm.LGBMRegressor if inputs.classes is None else lightgbm.LGBMClassifier
    model = kind(n_estimators=trees, random_state=inputs.seed, n_jobs=count_cores(), verbose=-1)
    train, validation, test = inputs.typed()
    model.fit(
        train,
        inputs.train_target,
        eval_X=validation,
        eval_y=inputs.validation_target,
        callbacks=[lightgbm.early_stopping(PATIENCE, verbose=False)],
    )
    return model.predict(test) if inputs.classes is None else model.predict_proba(test)


def fit_lightgbm_longer(inputs: Inputs) -> Array:
    """Train LightGBM with at most as many trees as CatBoost."""
    return fit_lightgbm(inputs, TREES)


def fit_catboost(inputs: Inputs) -> Array:
    """Train CatBoost; a missing category is a category."""
    import catboost

    kind = catboost.CatBoostRegressor if inputs.classes is None else catboost.CatBoostClassifier
    model = kind(random_seed=inputs.seed, thread_count=count_cores(), verbose=False, allow_writing_files=False)
    model.fit(
        inputs.train,
        inputs.train_target,
        cat_features=inputs.categories,
        eval_set=(inputs.validation, inputs.validation_target),
        early_stopping_rounds=PATIENCE,
    )
    return model.predict(inputs.test) if inputs.classes is None else model.predict_proba(inputs.test)
