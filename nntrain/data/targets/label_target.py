"""The base of multi-label targets."""

from abc import abstractmethod
from typing import ClassVar

from nntrain.compute.array import Array
from nntrain.data.targets.class_target import format_label_counts
from nntrain.data.targets.target import Target, TaskType


class LabelTarget(Target):
    """Targets t (n, L), 1 if the row has label l, else 0; ``counts[l]`` training rows have label l."""

    task: ClassVar[TaskType] = "multilabel"

    counts: list[int]

    def build_notes(self) -> list[str]:
        return [format_label_counts("labels", self.labels, self.counts)]

    @abstractmethod
    def decode(self, values: Array) -> dict[str, Array]:
        """Return the target columns of t (n, L), with the values of the file as objects."""
