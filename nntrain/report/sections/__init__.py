"""The sections of reports, one per file."""
