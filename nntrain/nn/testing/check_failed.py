"""The error of a failed check; ``as_check`` adds the name of the check to it."""

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from nntrain.nn.testing.case import Case

Check = Callable[[Case], None]

T = TypeVar("T")


class CheckFailed(AssertionError):  # noqa: N818 (not named ...Error, as it is a test result)
    """A component fails a check: the check, the case, and the numbers that differ."""

    def __init__(self, message: str, check: str = "", case: str = "") -> None:
        super().__init__(f"{case}: {check}: {message}" if check else message)
        self.message = message
        self.check = check
        self.case = case


def as_check(function: Callable[[T], None]) -> Callable[[T], None]:
    """Make a check raise CheckFailed with its name and the case, for any exception."""

    @wraps(function)
    def named(case: T) -> None:
        try:
            function(case)
        except CheckFailed as error:
            raise CheckFailed(error.message, function.__name__, str(case)) from None
        except Exception as error:
            text = f"{type(error).__name__}: {error}"
            raise CheckFailed(text, function.__name__, str(case)) from error

    return named
