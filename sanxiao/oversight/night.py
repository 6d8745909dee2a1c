"""What oversight does by night: urging, and a board for the quarter that has ended."""

from sanxiao.oversight.boards import open_board
from sanxiao.oversight.urging import urge


def night() -> str:
    """Both parts; safe to run twice."""
    return f"{urge()}; {open_board()}"
