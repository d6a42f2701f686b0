"""The ONNX writers of the built-in classes by family, under the names of the classes."""
