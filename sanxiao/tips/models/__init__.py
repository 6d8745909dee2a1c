"""The facts of tips: letters with their sealed informer, the two tracks, looks at identities, rewards, routes."""

from sanxiao.tips.models.handlers import Handler
from sanxiao.tips.models.letters import Copy, Envelope, Letter, Message
from sanxiao.tips.models.pairs import Disposal, Opening
from sanxiao.tips.models.rewards import Reward
from sanxiao.tips.models.routes import Route
from sanxiao.tips.models.shared import INTAKE, this_day
from sanxiao.tips.models.tracks import Complaint, Report, Track, unanswered

__all__ = [
    "INTAKE", "Complaint", "Copy", "Disposal", "Envelope", "Handler", "Letter", "Message", "Opening", "Report",
    "Reward", "Route", "Track", "this_day", "unanswered",
]  # fmt: skip
