"""Rows from files: tables and HDF5 arrays, made ready for a network, split and batched."""

from nntrain.data.readers.file_reader import FileReader

__all__ = ["FileReader"]
