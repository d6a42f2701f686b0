"""Files and folders that nntrain writes: whole or not at all, never through a link, gone when they were temporary."""

from nntrain.files.whole_file import whole_file

__all__ = ["whole_file"]
