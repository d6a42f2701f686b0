"""The hooks by which layers, criterions and optimizers come in."""

import pluggy

__all__ = ["PROJECT", "hookimpl", "hookspec"]

PROJECT = "nntrain"

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)
