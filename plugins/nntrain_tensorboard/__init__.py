"""The TensorBoard logger."""
