"""Import and export of safetensors files."""
