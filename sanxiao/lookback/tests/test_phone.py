"""A photo, a tap, a sentence: look-backs and revisits from the phone."""

from datetime import date
from uuid import uuid4

import pytest

from sanxiao.docket import files, rooms
from sanxiao.docket.models import Attachment
from sanxiao.docket.refusal import Refused
from sanxiao.docket.rooms import Filled
from sanxiao.field.offer import offers
from sanxiao.lookback.models import Alarm, Look, Revisit
from sanxiao.lookback.tests import steps
from sanxiao.survey.models import Form

TOLD = {"taken_at": "2018-06-19T21:12:00+08:00", "lat": 31.72, "lng": 119.57}


def filled(code, file, by, *, photo=True, **answers):
    """Answers as the inbox hands them over."""
    name = "1718.jpg"
    kept = {name: files.put(steps.picture()).pk} if photo else {}
    said = {"photo": name, "seen_on": "2018-06-19", "note": "灯亮着", **answers}
    form = Form.objects.filter(code=code).latest("id")
    return Filled(uuid4(), form, file.area, by, said, kept, {name: TOLD}, date(2018, 6, 19), place=file.pk)


def take(answer):
    return rooms.fill_for(answer.form.code).take(answer)


def test_zhang_brings_a_revisit_of_last_night_and_the_alarm_is_raised(town, cannery):
    steps.planned(cannery)
    taken = take(filled("revival", cannery, town.zhang, outcome="revived", companion="吴昊", seen_time="21:10:00.000"))
    row = Revisit.objects.get()
    assert (taken.subject, taken.file, row.state) == (row, cannery, "revived")
    assert row.seen_at.isoformat() == "2018-06-19T13:10:00+00:00"
    photo = Attachment.objects.get(subject=row.pk)
    assert (photo.lat, photo.taken_at.hour) == (31.72, 13)
    assert Alarm.objects.get().state == "raised"


def test_the_bureaus_one_brings_a_look_back(town, shops):
    look = steps.assigned(steps.shared(town.chen))
    take(filled("lookback", look.file, look.first, outcome="slipped"))
    assert Look.objects.get(pk=look.pk).state == "slipped"
    with pytest.raises(Refused, match="没有等您这一组"):
        take(filled("lookback", look.file, look.first, outcome="slipped"))


@pytest.mark.parametrize(
    ("said", "word"),
    [({"outcome": "maybe"}, "没有选"), ({"outcome": "still", "photo": False}, "请拍一张"),
     ({"outcome": "still", "companion": "张桂兰"}, "须两个人")],
)  # fmt: skip
def test_what_is_not_said_or_not_shown_goes_to_a_desk_with_words(town, cannery, said, word):
    steps.planned(cannery)
    with pytest.raises(Refused, match=word):
        take(filled("revival", cannery, town.zhang, **{"companion": "吴昊", **said}))
    assert Revisit.objects.get().state == "planned"
    assert not Attachment.objects.filter(kind="lookback.revisit").exists()


def test_what_nobody_waits_for_is_refused_in_words(town, cannery, shops):
    with pytest.raises(Refused, match="没有要回查的"):
        take(filled("revival", cannery, town.zhang, outcome="still", companion="吴昊"))
    look = steps.assigned(steps.shared(town.chen))
    other = town.wu if look.first == town.chen else town.chen
    with pytest.raises(Refused, match="没有等您这一组"):
        take(filled("lookback", look.file, other, outcome="good"))


def test_the_phone_of_each_offers_what_he_may_fill_and_what_waits(town, cannery):
    steps.planned(cannery)
    assert {"revival"} <= {offer.form.code for offer in offers(town.zhang)}
    assert "lookback" not in {offer.form.code for offer in offers(town.zhang)}
    assert {"revival", "lookback"} <= {offer.form.code for offer in offers(town.chen)}
    [errand] = [each for each in rooms.gather("errands", town.zhang) if each.key.startswith("revisit:")]
    assert (errand.form, errand.place, errand.file) == ("revival", "徐记罐头坊", cannery.pk)
    assert not [each for each in rooms.gather("errands", town.li) if each.key.startswith("revisit:")]
