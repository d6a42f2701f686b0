"""What a law raises when a component does not obey it."""

from __future__ import annotations

__all__ = ["CheckFailed"]


class CheckFailed(AssertionError):  # noqa: N818 (it is a verdict, as AssertionError is)
    """A component does not obey a law: which one, in which case, and the numbers that show it."""

    def __init__(self, what: str, check: str = "", case: str = "") -> None:
        super().__init__(f"{case}: {check}: {what}" if check else what)
        self.what = what
        self.check = check
        self.case = case
