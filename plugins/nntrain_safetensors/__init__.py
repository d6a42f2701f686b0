"""Parameters as safetensors."""
