"""The report of a run that may be training, served to browsers on this machine."""
