"""A tree of arrays and JSON values as one HDF5 file, without pickle. It knows nothing of networks."""
