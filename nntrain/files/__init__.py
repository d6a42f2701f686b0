"""Write files and folders: atomically, never through a link, and temporary ones are always removed."""

from nntrain.files.atomic_write import write_atomically

__all__ = ["write_atomically"]
