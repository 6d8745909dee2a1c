"""`python -m tests.browser.town`: a small town of the cast in a fresh database, with something to do for everybody.

In the quarter that ended last the tofu shop was ordered to correct two things, and is late; the breakfast stall's
card waits to be made; the reports on that quarter lie on the desks.
"""

import os
from datetime import timedelta

import django


def main() -> None:
    """Make it. The database must have been migrated."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sanxiao.web.settings")
    django.setup()
    from django.contrib.auth.hashers import make_password

    from sanxiao.docket.watch import night
    from sanxiao.inspection.tests import steps as orders
    from sanxiao.licensing.tests import steps as cards
    from sanxiao.office.now import at, today
    from sanxiao.reports.quarters import last_ended
    from tests import cast

    cast.remember_password(make_password)
    with at(last_ended(today()).since + timedelta(days=40)):
        town = cast.the_town()
        tofu = cast.tofu_shop(town.zhang)
        cards.go(cards.proposed(cards.stall(town.zhang), town), ("grant", town.zhou))
        late = orders.issue(tofu, town.chen)
        orders.serve(late, town.zhang, served_on=today())
    night()


if __name__ == "__main__":
    main()
