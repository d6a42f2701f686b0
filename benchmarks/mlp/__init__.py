"""The same network, rows and optimizer in each system: ``MLP`` says which, one module a system makes the step."""
