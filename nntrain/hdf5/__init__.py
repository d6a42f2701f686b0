"""HDF5 files by strangers: opened and looked at before anything in them is believed."""
