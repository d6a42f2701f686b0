"""A config made into a network, its data and an optimizer; the loop; and the folder that keeps a run."""
