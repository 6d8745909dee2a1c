"""The night watch of this room: revisits are planned, and what has come in is compared with what was closed."""

from sanxiao.lookback import alarms, revisits


def night() -> str:
    """Returns words for the log. Safe to run twice, and side by side."""
    raised = alarms.listen()
    return f"{revisits.plan()} revisits planned, {raised} alarms"
