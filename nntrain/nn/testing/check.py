"""Checks are functions of a case; ``as_check`` adds the name of the check to their errors."""

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from nntrain.nn.testing.case import Case
from nntrain.nn.testing.check_failed import CheckFailed

Check = Callable[[Case], None]

T = TypeVar("T")


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
