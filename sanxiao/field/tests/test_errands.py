"""What waits outside, as the phone shows it: from every room, on one's own ground alone."""

from datetime import date, timedelta

from sanxiao.archive.models import Kind
from sanxiao.docket import flow, rooms
from sanxiao.docket.rooms import Errand
from sanxiao.field import checks, errands, phones
from sanxiao.field.models import Patch, Walk
from sanxiao.field.tests.steps import base_of, brought
from sanxiao.office.now import today
from sanxiao.survey import leads
from sanxiao.survey.models import Form, Sheet
from sanxiao.survey.tests import steps
from tests.cast import HOUYANG


def told(client) -> dict:
    answer = client.get("/field/api/errands")
    assert answer.status_code == 200 and answer["Cache-Control"] == "no-store" and answer["X-Server-Time"]
    return answer.json()


def by_key(client) -> dict:
    return {errand["key"].split(":")[0]: errand for errand in told(client)["errands"]}


def test_a_phone_asks_with_its_key_and_a_strange_key_is_told_so(client, town):
    key = phones.make(town.zhang, "红米", "page")[1]
    assert client.get("/field/api/errands", headers={"Authorization": f"Bearer {key}"}).status_code == 200
    strange = client.get("/field/api/errands", headers={"Authorization": f"Bearer {'x' * 64}"})
    assert (strange.status_code, strange.json()["code"]) == (403, "revoked")


def test_a_lead_is_an_errand_of_its_village_with_the_form_of_its_kind(as_, town):
    lead = leads.send(town.chen, origin="test", area=HOUYANG, name="老孙豆腐", address="后阳村6组",
                      kind=Kind.objects.get(pk="workshop"), point=(31.72, 119.57))  # fmt: skip
    errand = by_key(as_("zhang"))["lead"]
    assert errand | {"tone": ""} == {
        "key": f"lead:{lead.pk}", "name": "核实线索", "note": "后阳村6组", "file": None, "place": "老孙豆腐",
        "village": HOUYANG, "lat": 31.72, "lng": 119.57, "due_on": lead.due_on.isoformat(), "form": "survey_workshop",
        "url": lead.get_absolute_url(), "tone": "", "known": {},
    }  # fmt: skip
    assert told(as_("li"))["errands"] == []


def test_a_file_without_photo_or_position_wants_a_visit(as_, town, tofu):
    tofu.missing = ["photo", "signature"]
    tofu.save()
    errand = by_key(as_("zhang"))["missing"]
    assert (errand["file"], errand["form"]) == (str(tofu.pk), "revisit")
    assert "照片" in errand["note"]


def test_an_order_that_the_village_must_serve_stands_there_with_its_date(as_, town, tofu):
    from sanxiao.inspection.rules import ORDER

    item = {"text": "纱窗破损", "law": "第五条", "demand": "修好", "until": today()}
    order = ORDER.begin(town.chen, {"file": str(tofu.pk)})
    flow.move(order, "issue", town.chen, items=[item], found_on=today(), second="吴昊")
    errand = by_key(as_("zhang"))["order"]
    assert (errand["place"], errand["name"], errand["form"]) == ("王家豆腐坊", "送达", "")
    assert errand["url"] == order.get_absolute_url()


def test_a_drawn_sheet_is_an_errand_of_those_who_did_not_fill_it(as_, town):
    sheet = steps.sheet_of(Form.objects.latest_of("workshop"), town.zhang, surveyor_1="周敏", surveyor_2="李师傅")
    flow.move(sheet, "file", town.zhang)
    checks.draw(town.zhou, date(2018, 6, 1), date(2018, 6, 30), 5, "s")
    assert by_key(as_("chen"))["check"]["file"] == str(Sheet.objects.get().file_id)
    assert "check" not in by_key(as_("zhou")) and "check" not in by_key(as_("zhang"))


def test_what_is_to_be_chosen_is_named_too(as_, town, tofu):
    base = base_of(tofu)
    flow.amend(tofu, town.chen, "file.edit", address="后阳村新街1号")
    brought(town.zhang, tofu, base, address="后阳村老街14号")
    assert by_key(as_("zhang"))["clash"]["place"] == "王家豆腐坊"


def test_the_patches_of_her_village_say_which_are_hers_and_which_were_walked(as_, town):
    street = Patch.objects.get(name="后阳老街")
    flow.amend(street, town.zhang, "coverage.assign", walker=town.zhang)
    flow.move(Walk(patch=street, area=HOUYANG, by=town.zhang), "walk", town.zhang, found=0, none_found=True)
    patches = {patch["name"]: patch for patch in told(as_("zhang"))["patches"]}
    assert set(patches) == {"后阳老街", "前阳", "阳湖头", "河南里", "后阳集市"}
    assert (patches["后阳老街"]["mine"], patches["后阳老街"]["none_found"]) == (True, True)
    assert patches["前阳"]["walked_on"] is None and told(as_("zhou"))["patches"] == []


def test_what_is_due_on_one_day_keeps_the_order_of_its_room(town, monkeypatch):
    days = {"third": today(), "second": today(), "last": None, "first": today() - timedelta(days=1)}
    route = [Errand(f"stop:{name}", "联合执法", HOUYANG, due_on=day) for name, day in days.items()]
    monkeypatch.setattr(rooms, "gather", lambda _part, _user: list(route))
    shown = [errand["key"] for errand in errands.answer_for(town.zhang)["errands"]]
    assert shown == ["stop:first", "stop:third", "stop:second", "stop:last"]


def test_who_holds_no_post_has_no_errands(as_, town):
    assert told(as_("he")) == {"errands": [], "patches": []}
