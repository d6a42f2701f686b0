"""Tasks: how outputs become scores and predictions."""
