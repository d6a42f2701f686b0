"""Networks from specs: validation, construction, inferred sizes."""
