"""The hooks by which plugins provide layers, optimizers and more."""

import pluggy

__all__ = ["PROJECT", "hookimpl", "hookspec"]

PROJECT = "nntrain"

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)
