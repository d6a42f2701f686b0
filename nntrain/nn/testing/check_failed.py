"""The error of a failed check."""


class CheckFailed(AssertionError):  # noqa: N818 (not named ...Error, as it is a test result)
    """A component fails a check: the check, the case, and the numbers that differ."""

    def __init__(self, message: str, check: str = "", case: str = "") -> None:
        super().__init__(f"{case}: {check}: {message}" if check else message)
        self.message = message
        self.check = check
        self.case = case
