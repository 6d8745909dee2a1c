"""The door of enforcement."""

from django.utils.translation import gettext_lazy as _

from sanxiao.docket.rooms import Entry, Room
from sanxiao.enforcement import acts, closing, clues, conditions, forms, hearings, measures, paying, risk, transfers  # noqa: F401  register effects and forms
from sanxiao.enforcement.closing_rules import CLOSURE
from sanxiao.enforcement.handing import REFERRAL, TRANSFER
from sanxiao.enforcement.measure_rules import MEASURE
from sanxiao.enforcement.panels import candidates, panels, starters
from sanxiao.enforcement.retention import CASES, holds
from sanxiao.enforcement.rules import CASE

ROOM = Room(
    key="enforcement",
    name=_("执法办案"),
    flows=(CASE, MEASURE, TRANSFER, REFERRAL, CLOSURE),
    menu=(
        Entry(_("执法办案"), "cases", "gavel", 60, "case"),
        Entry(_("移送公安"), "transfers", "shield", 61, "transfer", behind="cases"),
        Entry(_("移送其他单位"), "referrals", "link", 62, "referral", behind="cases"),
        Entry(_("关停取缔"), "closures", "cross-circle", 63, "closure", behind="cases"),
    ),
    urls="sanxiao.enforcement.urls",
    panels=panels,
    starters=starters,
    candidates=candidates,
    warnings=closing.warnings,
    bars=closing.bars,
    risk_facts=risk.facts,
    follows=clues.follows,
    keeps=(CASES,),
    holds=holds,
)
