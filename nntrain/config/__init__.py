"""Configs as TOML files: sections, checks, errors with their line, schema and template."""
