"""Scores, summed up batch by batch."""
