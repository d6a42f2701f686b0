"""The mappings between Torch7's classes and nntrain's, one family per file."""
