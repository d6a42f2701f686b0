"""The laws that every module and criterion must obey, runnable over any case. Public: plugins test themselves with it."""

from nntrain.nn.testing.case import Case

__all__ = ["Case"]
