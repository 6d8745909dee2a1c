"""What a practice town has to show of the field: walks, back-checks, leads, and values of which one is to be chosen."""

import uuid
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from xml.sax.saxutils import escape

from sanxiao.archive.models import Establishment, Kind
from sanxiao.docket import flow
from sanxiao.docket.rooms import Filled
from sanxiao.field import checks, patches, walks
from sanxiao.field.models import Check, Clash, Edition, Patch, Submission, Walk
from sanxiao.office.models import User
from sanxiao.office.now import at, today
from sanxiao.survey import phone, served
from sanxiao.survey.models import Form, Lead
from sanxiao.web.practice.town import Town

WALKED_IN = 45  # days within which the villages were walked
LEADS = (
    ("老孙豆腐", "workshop", "听隔壁说在后院做，早市拿到桥头卖"), ("夜宵推车", "vendor", "群众反映晚上在厂门口出摊"),
    ("无名早点", "eatery", "学校门口新开，还没挂牌"), ("炒货作坊", "workshop", "进货单上的供货人，没有档案"),
    ("烧饼摊", "vendor", ""), ("糕团店", "workshop", "超市散装糕团的来处"),
)  # fmt: skip
SAMPLED, SHARE, CHECKED = 90, 4, 0.7  # days back, per cent, how many of the drawn are checked by now


def outside(town: Town) -> None:
    """Tell of the last weeks outside."""
    _walks(town)
    _checks(town)
    if "zhang" in town.people.by_name:  # another town may have no such village
        _leads(town)
        _clashes(town)


def _walks(town: Town) -> None:
    """Most streets and hamlets were walked; some villages are done, some have hardly begun."""
    for area in sorted(town.ground.areas):
        cadre, share = town.people.cadres[area], town.rng.choice((0.25, 0.5, 0.75, 1.0, 1.0))
        for patch in patches.standing(Patch.objects.filter(area=area)).order_by("name"):
            flow.amend(patch, cadre, "coverage.assign", walker=cadre)
            if town.chance(share):
                _walked(town, patch, cadre)
        if town.chance(0.15):
            day = today() - timedelta(days=town.rng.randint(1, 20))
            with at(day):
                _walked(town, walks.named(area, "新建小区", "hamlet", cadre), cadre)


def _walked(town: Town, patch: Patch, by: User) -> None:
    day = today() - timedelta(days=town.rng.randint(1, WALKED_IN))
    found = town.rng.choice((0, 0, 1, 2, 3, 5))
    facts: dict[str, Any] = {"walked_on": day, "found": found, "none_found": not found}
    with at(day):
        flow.move(Walk(patch=patch, area=patch.area, by=by), "walk", by, **facts)


def _checks(town: Town) -> None:
    """A share of the last months' sheets was drawn; most were asked again, and now and then an answer differs."""
    day = today() - timedelta(days=12)
    with at(day):
        made = checks.draw(town.people.zhou, day - timedelta(days=SAMPLED), day, SHARE, f"{day:%Y%m%d}")
    for check in made:
        if town.chance(CHECKED):
            with at(day + timedelta(days=town.rng.randint(1, 10))):
                _checked(town, Check.objects.select_related("sheet").get(pk=check.pk))


def _checked(town: Town, check: Check) -> None:
    first = checks.first_answers(check.sheet)
    asked = checks.form()
    questions = asked.questions() if asked else {}
    answers = {name: first[name] for name in questions if name in first}
    for name in ("workers", "health_certs"):
        if name in answers and town.chance(0.15):
            answers[name] = int(answers[name]) + 1
    if town.chance(0.1):
        answers["purchase_tickets"] = town.rng.choice(("partial", "none"))
    who = town.people.zhou if town.chance(0.5) else town.people.wu
    if not checks.is_surveyor(check, who):
        flow.move(check, "record", who, answers=answers, checked_on=today(), checker=who)


def _leads(town: Town) -> None:
    """Leads from the office: two wait in the village of the story, the others are at every stage."""
    own = town.people.by_name["zhang"].posts.on().select_related("office").get().office.area
    others = sorted(set(town.ground.areas) - {own})
    for n, (name, kind, note) in enumerate(LEADS):
        area = own if n < 2 else town.rng.choice(others)
        by = town.people.chen if n % 2 else town.people.zhou
        with at(today() - timedelta(days=town.rng.randint(2, 9))):
            lead = Lead(origin="desk", area=area, name=name, kind=Kind.objects.get(pk=kind), note=note)
            lead.address = town.ground.areas[area]
            flow.move(lead, "send", by)
        if n >= 4:
            _followed(lead, town.people.cadres[area], known=n == 4)


def _followed(lead: Lead, by: User, *, known: bool) -> None:
    file = Establishment.objects.current().filter(area=lead.area, kind=lead.kind_id).order_by("number").first()
    if known and file is not None:
        flow.move(lead, "known", by, file=file, note="就是这一户，换了招牌")
    else:
        flow.move(lead, "none", by, reason="问遍全村，没有这一户")


# --- two places of the story's village, changed on a phone and in the office ------------------------------------------


def _clashes(town: Town) -> None:
    """One address and one position of which two were given; each waits for a person."""
    zhang = town.people.by_name["zhang"]
    rows = Establishment.objects.trading().seen_by(zhang).exclude(lat=None).select_related("operator", "kind")
    for n, file in enumerate(rows.filter(state="normal").order_by("-number")[:2]):
        base = served.values([file])[file.pk]
        lat, lng = float(file.lat or 0), float(file.lng or 0)
        was = file.address
        office = {"address": f"{was}（南侧）"} if n == 0 else {"lat": lat + 0.001, "lng": lng + 0.001}
        flow.amend(file, town.people.chen, "file.edit", **office)
        said = {**base, "address": f"{was}（北侧）"} if n == 0 else {"location": [lat - 0.001, lng]}
        said |= {"surveyor_1": zhang.name, "surveyed_on": today().isoformat(), "signature_refused": "no"}
        if n:
            said |= {"operating_state": "normal", "same_operator": "yes", "certificate_displayed": "yes",
                     "problems": ["none"]}  # fmt: skip
        _sent(town, file, "revisit" if n else "", base, said)


def _sent(town: Town, file: Establishment, code: str, base: Mapping[str, Any], said: dict[str, Any]) -> None:
    """An answer as the inbox would take it, and what it leaves to be chosen."""
    zhang, form = town.people.by_name["zhang"], _form(town, file, code)
    key = uuid.UUID(int=town.rng.getrandbits(128), version=4)
    answers = {name: _text(value) for name, value in said.items() if name in form.questions()}
    submission = _receipt(key, form, file, zhang, answers)
    filled = Filled(key, form, file.area, zhang, answers, {}, {}, today(), place=file.pk, base=dict(base))
    taken = phone.take(filled)
    submission.result = {"kind": taken.subject.flow.key, "id": str(taken.subject.pk), "file": str(file.pk)}
    submission.result |= {"merged": list(taken.merged), "clash": bool(taken.clashes)}
    submission.save()
    if taken.clashes:
        clash = Clash(submission=submission, file=taken.file, area=taken.file.area, fields=list(taken.clashes))
        flow.move(clash, "report", None)


def _form(town: Town, file: Establishment, code: str) -> Form:
    return Form.objects.filter(code=code).latest("id") if code else town.forms[file.kind_id]


def _receipt(key: uuid.UUID, form: Form, file: Establishment, by: User, answers: Mapping[str, str]) -> Submission:
    edition, _made = Edition.objects.get_or_create(
        code=form.code, basis=f"practice {form.version}",
        defaults={"form": form, "version": f"{form.version}.0", "xform": "", "md5": "", "closed_at": None},
    )  # fmt: skip
    row = Submission(id=key, instance=f"uuid:{key}", edition=edition, area=file.area, by=by, place=file.pk)
    said = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in answers.items())
    xml = f'<data id="{form.code}" version="{edition.version}">{said}<meta><instanceID>uuid:{key}</instanceID></meta>'
    row.keep(f"{xml}</data>")
    row.state, row.settled_at = "settled", row.received_at
    row.save()
    return row


def _text(value: Any) -> str:
    return " ".join(str(part) for part in value) if isinstance(value, list) else str(value)
