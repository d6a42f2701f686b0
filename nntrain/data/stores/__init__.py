"""Tables in HDF5 files: pandas stores, rows of fields, a dataset for each column."""
