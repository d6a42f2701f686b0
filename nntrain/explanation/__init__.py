"""What a trained network does with its inputs: which columns matter, in which direction, and for which row."""
