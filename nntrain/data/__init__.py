"""Rows from files: tables and HDF5 arrays, made ready for a network, split and batched."""
