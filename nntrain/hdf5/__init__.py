"""Open and check HDF5 files from untrusted sources. ``problem`` builds the error that the caller raises."""
