"""What the page expects of @getodk/xforms-engine, asked of `engine.js` alone: run before its version is raised.

The form has every type of question that the page can show. Each trap of the engine that `engine.js` deals with has a
line here.
"""

import json
import re

import pytest
from pyxform.xls2xform import convert

from tests.browser.field_fixtures import ROOT, chromium, phone, program  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.once]

SURVEY = [
    ("select_one_from_file places.csv", "place", "哪一户", {}),
    ("text", "known", "已知的名称", {"calculation": "instance('places')/root/item[name=${place}]/label"}),
    ("note", "hint", "说明", {}),
    ("text", "words", "文字", {"required": "yes"}),
    ("integer", "count", "整数", {"constraint": ". < 10", "constraint_message": "太多"}),
    ("decimal", "area", "小数", {}),
    ("date", "day", "日期", {}),
    ("date", "month", "年月", {"appearance": "month-year"}),
    ("time", "hour", "时间", {}),
    ("datetime", "moment", "时刻", {}),
    ("select_one yn", "one", "单选", {}),
    ("select_multiple yn", "many", "多选", {}),
    ("text", "why", "为什么", {"relevant": "${one} = 'no'"}),
    ("geopoint", "spot", "位置", {}),
    ("acknowledge", "sure", "确认", {}),
    ("begin_repeat", "shots", "照片", {}),
    ("image", "shot", "照片", {}),
    ("end_repeat", "", "", {}),
    ("image", "sign", "签名", {"appearance": "signature"}),
]
KINDS = {
    "known": "text", "hint": "note", "words": "text", "count": "integer", "area": "decimal", "day": "date",
    "month": "month", "hour": "time", "moment": "moment", "one": "one", "many": "many", "why": "text",
    "spot": "point", "sure": "trigger", "shot": "image", "sign": "signature",
}  # fmt: skip
PLACES = "name,label,__version,__trunkVersion,__branchId\na1,老街豆花摊,1,1,b1\n"


def xform() -> str:
    survey = [{"type": kind, "name": name, "label": label, **more} for kind, name, label, more in SURVEY]
    choices = [{"list_name": "yn", "name": name, "label": label} for name, label in (("yes", "是"), ("no", "否"))]
    settings = [{"form_title": "各种题型", "form_id": "kinds", "version": "1"}]
    made: str = convert({"survey": survey, "choices": choices, "settings": settings}).xform
    return made


@pytest.fixture
def ask(phone):
    """Runs a piece of script with the engine's own file at hand; gives what it returns."""
    names = json.loads((ROOT / "build" / "static" / "manifest.json").read_text())
    address = f"/static/{names['field/engine.js']}"

    def asked(script: str, form: str = "", **more):
        body = f"async ({{address, form, places, more}}) => {{ const {{ load }} = await import(address); {HELP} {script} }}"
        return phone.page.evaluate(body, {"address": address, "form": form or xform(), "places": PLACES, "more": more})

    return asked


HELP = """
const kept = { 'places.csv': places };
const of = (session) => Object.fromEntries(Object.keys(more.kinds ?? {}).map((name) => [name, session.named(name)]));
const value = (xml, name) => xml.match(new RegExp(`<${name}>([^<]*)<`))?.[1] ?? '';
const file = (name) => new File([new Uint8Array([1, 2, 3])], name, { type: 'image/jpeg' });
"""

FILL = """
const made = await load(form, kept);
const session = await made.create('张桂兰', 'phone-1');
let touched = 0;
session.listener = () => { touched += 1; };
const q = of(session);
const kinds = Object.fromEntries(Object.entries(q).map(([name, found]) => [name, found?.kind]));
const before = { wanting: session.wanting.map((one) => one.name), why: q.why.relevant, missing: q.words.missing, chooser: session.choose('a1') };
q.words.put('“脏、乱、差”');
q.count.put('12');
const fault = q.count.fault;
q.count.put('3'); q.area.put('12.5'); q.day.put('2018-06-05'); q.month.put('2018-06-01'); q.hour.put('06:30:00.000+08:00');
q.moment.put('2018-06-05T06:30:00.000+08:00'); q.one.put('no'); q.many.toggle('yes'); q.many.toggle('no'); q.many.toggle('yes');
q.why.put('因为'); q.spot.put('31.72 119.57 0 6'); q.sure.put('OK');
const repeat = session.pages.flatMap((page) => [page, ...(page.parts ?? [])]).find((part) => part.kind === 'repeat');
const shots = () => repeat.times.map((time) => time.parts.find((part) => part.kind === 'image'));
shots()[0].attach(file('photo-1.jpg'));
repeat.add(); shots()[1].attach(file('photo-2.jpg'));
repeat.add(); repeat.remove(2);
q.sign.attach(file('signature-1.png'));
"""


def test_every_type_of_question_is_answered_as_the_form_language_writes_it(ask):
    told = "kinds, before, fault, touched, xml: session.xml, wanting: session.wanting.length, spoken: q.many.spoken"
    said = ask(f"{FILL} return {{ {told}, known: q.known.text }};", kinds=KINDS)
    assert said["kinds"] == KINDS
    assert said["before"] == {"wanting": ["words"], "why": False, "missing": True, "chooser": True}
    assert (said["fault"], said["wanting"], said["spoken"], said["known"]) == ("太多", 0, "否", "老街豆花摊")
    xml = said["xml"]
    for name, value in {
        "place": "a1", "words": "“脏、乱、差”", "count": "3", "area": "12.5", "day": "2018-06-05", "month": "2018-06-01",
        "one": "no", "many": "no", "why": "因为", "spot": "31.72 119.57 0.0 6.0", "sure": "OK", "sign": "signature-1.png",
    }.items():  # fmt: skip
        assert re.search(rf"<{name}>([^<]*)<", xml)[1] == value, name
    assert re.findall(r"<shot>([^<]*)<", xml) == ["photo-1.jpg", "photo-2.jpg"]
    assert "+08:00" in re.search(r"<moment>([^<]*)<", xml)[1]  # a time without its offset means nothing elsewhere
    assert said["touched"] > 15


def test_what_is_not_relevant_any_more_is_not_sent(ask):
    said = ask(FILL + "q.one.put('yes'); return { relevant: q.why.relevant, xml: session.xml };", kinds=KINDS)
    assert said["relevant"] is False and "因为" not in said["xml"]


def test_a_draft_comes_back_with_every_answer_and_names_its_photos(ask):
    back = """
    const again = await made.restore(session.xml, [file('photo-1.jpg'), file('photo-2.jpg'), file('signature-1.png')], '张桂兰', 'phone-1');
    again.named('count').put('4');
    const told = of(again);
    return { first: session.xml, xml: again.xml, words: told.words.text, sign: told.sign.text };
    """
    said = ask(FILL + back, kinds=KINDS)
    assert (said["words"], said["sign"]) == ("“脏、乱、差”", "signature-1.png")
    assert said["xml"] == said["first"].replace("<count>3<", "<count>4<")  # photos nobody touched are named too


def test_a_mended_answer_replaces_the_one_that_was_sent(ask):
    mend = """
    const again = await made.edit(session.xml, [file('photo-1.jpg'), file('photo-2.jpg'), file('signature-1.png')], '张桂兰', 'phone-1');
    return { first: value(session.xml, 'instanceID') || value(session.xml, 'orx:instanceID'), xml: again.xml };
    """
    said = ask(FILL + mend, kinds=KINDS)
    assert re.search(r"deprecatedID>([^<]*)<", said["xml"])[1] == said["first"]
    assert re.search(r"[:<]instanceID>([^<]*)<", said["xml"])[1] != said["first"]
    assert "photo-2.jpg" in said["xml"]


OPEN = "try { const made = await load(form, kept); await made.create('', ''); return ''; } catch (error) { return `${error.message}|${error.detail}`; }"


def test_a_form_that_the_engine_will_not_have_is_told_in_words(ask):
    assert ask(OPEN) == ""
    for broken in (xform().replace(". &lt; 10", "foo(.)"), xform().replace("<h:title>各种题型</h:title>", "")):
        assert broken != xform()
        words, detail = ask(OPEN, broken).split("|", 1)
        assert words == "这张表打不开，请告诉管表格的人。" and detail
