"""Of which closed matters a proof may be drawn: what was recorded as done, and can be looked at on site."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Sort:
    """One kind of closed matter: the moves of the log by which it was closed."""

    name: str
    moves: tuple[tuple[str, str], ...]  # (kind, move)


SORTS = {
    "order": Sort(_("整改合格"), (("inspection.order", "pass"),)),
    "lead": Sort(_("线索办结"), tuple(("survey.lead", move) for move in ("found", "known", "none"))),
    "look": Sort(_("回头看：保持良好"), (("lookback.look", "good"),)),
    "revisit": Sort(_("关停回查：仍然关停"), (("lookback.revisit", "still"),)),
    "closed": Sort(_("登记关停、现场取缔"), (("archive.file", "close"), ("enforcement.closure", "carry_out"))),
    "told": Sort(_("入户告知"), (("guidance.told", "record"),)),
    "help": Sort(_("帮扶"), (("guidance.help", "give"),)),
    "supplier": Sort(_("供货单位闭环"), (("sources.supplier", "close"),)),
    "finding": Sort(_("督查问题报告整改"), (("oversight.finding", "report"),)),
}  # fmt: skip
