"""Networks from specs: validation, construction and size inference."""
