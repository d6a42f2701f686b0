"""Labels, of which a row may have any number."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar

from nntrain.data.array import Array
from nntrain.data.class_target import counted
from nntrain.data.target import Target, Task

__all__ = ["LabelTarget"]


class LabelTarget(Target):
    """Targets t (n, L), 1 where the row has label l and 0 elsewhere. ``counts[l]`` training rows have label l."""

    task: ClassVar[Task] = "multilabel"

    counts: list[int]

    def notes(self) -> list[str]:
        return [counted("labels", self.labels, self.counts)]

    @abstractmethod
    def decode(self, values: Array) -> dict[str, list[str]]:
        """The columns of the target in the words of the file, for t (n, L)."""
