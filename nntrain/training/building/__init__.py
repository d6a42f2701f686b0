"""From a config to a trainer."""
