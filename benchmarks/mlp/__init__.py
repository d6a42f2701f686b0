"""The same network, rows and optimizer, defined by ``MLP``, in each system, with one module per system."""
