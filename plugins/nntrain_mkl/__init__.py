"""Matrix products by Intel's MKL."""
