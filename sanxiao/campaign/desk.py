"""What waits on the desk before there is any matter: a meeting that is due."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from sanxiao.campaign.meetings import joint_due, mobilised
from sanxiao.campaign.standing import round_of
from sanxiao.campaign.units import area_of, my_offices, seat_with
from sanxiao.docket.rooms import Candidate
from sanxiao.office.now import today


def candidates(user: Any) -> Iterator[Candidate]:
    """The next joint meeting when its quarter is over; the mobilisation meeting that one's own unit still owes."""
    if (seat := seat_with(user, "meeting.town")) and joint_due(area_of(seat)) <= today():
        yield Candidate(_("联席会议到期没有安排"), 1, reverse("meetings"), _("召开全镇会议"))
    seat = seat_with(user, "meeting.own")
    which = round_of(area_of(seat)) if seat else None
    if seat and which and which.phases[0].since <= today():
        mine = my_offices(user)
        owing = sum(office.pk in mine and held is None for office, held in mobilised(which, area_of(seat)))
        yield Candidate(_("动员部署会还没有召开"), owing, reverse("mobilised"), _("安排会议"))
