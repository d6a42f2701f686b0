"""Load, score, convert and predict with a trained network."""
