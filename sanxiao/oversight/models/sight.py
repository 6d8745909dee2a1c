"""Who sees what of oversight: those who lead it see the whole ground, a unit what concerns itself."""

from typing import Any, Self

from django.db.models import Q

from sanxiao.office.duties import ASSISTS, DUTIES, LEADS, readers, scope_of
from sanxiao.office.models import ScopedQuerySet


def oversees(user: Any) -> bool:
    """Does the person's office lead or assist in supervising the units?"""
    return bool(scope_of(user).roles & DUTIES["oversight.lead"].roles(LEADS, ASSISTS))


def offices(user: Any) -> list[int]:
    """The offices in which this person sits today."""
    return [seat.office_id for seat in scope_of(user).seats]


def towns(user: Any) -> list[str]:
    """Codes of the towns in which this person holds a seat: what concerns the whole town is theirs to read."""
    return sorted({seat.prefix[:9].ljust(12, "0") for seat in scope_of(user).seats})


class SightQuerySet(ScopedQuerySet):
    """Those who oversee see everything on their ground; the others what `own` leaves them."""

    def seen_by(self, user: Any) -> Self:
        """The ground of who oversees, and what is this person's own."""
        if not scope_of(user).roles & readers(self.model.family):
            return self.none()
        own = self.filter(self.own(user))
        if not oversees(user):
            return own
        ground = super().seen_by(user)
        return self.filter(Q(pk__in=ground.values("pk")) | self.own(user))

    def own(self, user: Any) -> Q:
        """The condition of what a person sees without overseeing; every model says its own."""
        raise NotImplementedError
