"""Files and folders that nntrain writes: whole or not at all, never through a link, gone when they were temporary."""

from nntrain.files.atomic_write import write_atomically

__all__ = ["write_atomically"]
