"""Predictions and scores of a trained network."""
