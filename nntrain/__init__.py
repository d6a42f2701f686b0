"""Train neural networks from the command line: Torch7's ``nn`` in numpy."""

__version__ = "0.1.0"
