"""`draw_sample PLAN --seed S`: the repeatable weighted draw of a plan, with pool, weights and result logged."""

import contextlib
import json
from argparse import ArgumentParser
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Q
from django.utils.translation import gettext as _

from sanxiao.docket import flow
from sanxiao.docket.refusal import Refused
from sanxiao.office.models import User
from sanxiao.sampling import drawing
from sanxiao.sampling.plan_models import Draw, Plan


class Command(BaseCommand):
    help = "Draw what a published plan still lacks; the same pool, weights and seed give the same places."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "plan", metavar="PLAN", help="title or key of the plan, or its year where there is one only"
        )
        parser.add_argument("--seed", required=True, help="the published seed")
        parser.add_argument("--by", default="", help="username of the officer who draws; without it the server does")
        parser.add_argument(
            "--check", action="store_true", help="draw nothing: reckon the logged draw of this seed anew"
        )

    def handle(self, *_args: Any, plan: str, seed: str, by: str, check: bool, **_options: Any) -> None:
        found = _plan(plan)
        if check:
            self._check(found, seed)
            return
        try:
            who = User.objects.get(username=by) if by else None
            flow.move(found, "draw", who, within=who is None, seed=seed)
        except User.DoesNotExist as error:
            raise CommandError(_("没有这个账号：%(name)s") % {"name": by}) from error
        except Refused as refusal:
            raise CommandError(refusal.reason) from refusal
        made = Draw.objects.get(plan=found, seed=seed.strip())
        told = {"plan": str(found), "seed": made.seed, "method": made.method, **made.record}
        self.stdout.write(json.dumps(told, ensure_ascii=False, indent=1))

    def _check(self, plan: Plan, seed: str) -> None:
        made = Draw.objects.filter(plan=plan, seed=seed.strip()).first()
        if made is None:
            raise CommandError(_("本计划没有用这个种子抽取过。"))
        if not drawing.again(made):
            raise CommandError(_("按记录重算，结果与记录不一致。"))
        self.stdout.write(_("按记录重算，结果一致：%(n)d 户") % {"n": len(made.record["drawn"])})


def _plan(said: str) -> Plan:
    """The plan by key, title or year. Raises CommandError when there is none, or more than one."""
    wanted = Q(title=said)
    if said.isdigit() and len(said) == 4:
        wanted |= Q(year=int(said))
    with contextlib.suppress(ValueError):
        wanted |= Q(pk=UUID(said))
    rows = list(Plan.objects.filter(wanted)[:2])
    if len(rows) != 1:
        words = _("没有这个计划：%(said)s") if not rows else _("不止一个计划：%(said)s，请用编号")
        raise CommandError(words % {"said": said})
    return rows[0]
