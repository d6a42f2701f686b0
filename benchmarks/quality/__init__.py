"""Prediction quality on tables: the same rows for every system, one process for each fit."""

from benchmarks.quality.comparison import COMPARISON

__all__ = ["COMPARISON"]
