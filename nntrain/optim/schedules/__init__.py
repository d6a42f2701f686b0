"""Schedules: the learning rate of each step, one rule a file."""
