"""Checkpoints: a tree of arrays and JSON values in one HDF5 file, without pickle."""
