"""Where samples and quick tests came across food, and whom their labels name, for whoever watches over the closed."""

from collections.abc import Iterator
from datetime import datetime

from django.utils import timezone

from sanxiao.archive.sightings import sighting
from sanxiao.docket.rooms import Sighting
from sanxiao.sampling.beside_models import QuickTest
from sanxiao.sampling.beside_rules import QUICK
from sanxiao.sampling.models import Sample
from sanxiao.sampling.rules import SAMPLE


def sightings(since: datetime) -> Iterator[Sighting]:
    """Samples taken since the day of a moment: the place itself sells; and a maker whom the label names still makes.

    Of a maker on a label there is only the name, the address, and the village of the place that sold it.
    """
    day = timezone.localtime(since).date()
    taken = Sample.objects.filter(taken_on__gte=day).select_related("file__operator").defer("file__facts")
    for row in taken.order_by("id"):
        key, url = f"{SAMPLE.key}:{row.pk}", row.get_absolute_url()
        yield sighting(row.file, key, SAMPLE.key, "take", row.taken_on or day, url)
        if row.answers.get("own_make") == "no" and (name := str(row.answers.get("producer_name") or "").strip()):
            address = str(row.answers.get("producer_address") or "")
            yield Sighting(
                f"{key}:maker", SAMPLE.key, "take", row.taken_on or day, row.area, url, name, address=address
            )
    for test in QuickTest.objects.filter(tested_on__gte=day).select_related("file__operator").order_by("id"):
        move = "negative" if test.state == "negative" else "positive"
        yield sighting(test.file, f"{QUICK.key}:{test.pk}", QUICK.key, move, test.tested_on, test.get_absolute_url())
