"""What the reports do by night."""

from sanxiao.reports.acts import open_due
from sanxiao.reports.concerns import carry_over


def night() -> str:
    """Open the reports of quarters that have ended; make matters of problems told before they were any."""
    return f"{open_due()}; {carry_over()}"
