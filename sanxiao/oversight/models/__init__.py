"""What oversight keeps: rounds and findings, bulletins, urging sheets, proofs, scores, good practice."""

from sanxiao.oversight.models.practices import Comment, Practice, Use
from sanxiao.oversight.models.proofs import Check, ProofDraw
from sanxiao.oversight.models.rounds import Bulletin, Finding, Round, Visit
from sanxiao.oversight.models.scores import Board, BoardList
from sanxiao.oversight.models.urging import Item, Urge

__all__ = [
    "Board",
    "BoardList",
    "Bulletin",
    "Check",
    "Comment",
    "Finding",
    "Item",
    "Practice",
    "ProofDraw",
    "Round",
    "Urge",
    "Use",
    "Visit",
]  # fmt: skip
