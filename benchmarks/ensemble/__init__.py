"""The default network for tables, defined by ``Ensemble``, with its rows and optimizer, in each system."""
