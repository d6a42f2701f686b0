"""What a TOML file may say, and where it says something wrong. Only this package imports pydantic."""
