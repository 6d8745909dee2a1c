"""`./run faults`: two phones and an office over a bad line, 200 runs made up by Hypothesis (`tests/faults/model.py`).

The program is served as in earnest, two processes, in a data folder that is thrown away; between it and the phones
stands a proxy that cuts, delays, repeats and drops. Printed: what befell the line, and what the runs came to. Exit
status 1 at the first run that loses, doubles or silently overwrites anything. SANXIAO_FAULTS=N plays N runs; `--seed N`
plays others. DATABASE_URL serves that database, which must be empty; SANXIAO_BREAK, see `broken.py`.
"""

import argparse
import os
import sys
import tempfile
import time
import traceback
from datetime import date
from typing import Any

from tests import serving

RUNS, STEPS = int(os.environ.get("SANXIAO_FAULTS", "200")), 14


def town() -> tuple[tuple[str, str], list[tuple[str, Any, Any]], Any]:
    """The plan's town: the vendor's form, every village with two cadres, and the officer."""
    from django.contrib.auth.hashers import make_password
    from django.core.management import call_command

    from sanxiao.field import offer
    from sanxiao.office.models import Office, Post, User
    from tests import cast

    call_command("migrate", verbosity=0)
    if User.objects.exists():
        sys.exit("这个数据库不是空的。 This database is not empty.")
    cast.remember_password(make_password)
    people = cast.the_town()
    villages = []
    for office in Office.objects.on().filter(role="village").order_by("area"):
        cadres = [User.objects.create(username=f"{n}{office.area}", name=f"协管员{n}") for n in "ab"]
        for cadre in cadres:
            Post.objects.create(user=cadre, office=office, title="协管员", since=date(2018, 4, 1))
        villages.append((office.area, *cadres))
    edition = offer.offers(villages[0][1], "survey_vendor")[0].edition
    return (edition.code, edition.version), villages, people.chen


def play(runs: int, seed: int | None, shrink: bool) -> Any:
    """All the runs; returns the world with its tally."""
    import django

    django.setup()
    from hypothesis import HealthCheck, Phase, settings
    from hypothesis import seed as seeded
    from hypothesis.stateful import run_state_machine_as_test

    from tests.faults import broken, model
    from tests.faults.phones import Desk
    from tests.faults.proxy import Proxy

    broken.break_it(os.environ.get("SANXIAO_BREAK", ""))
    edition, villages, officer = town()
    port = serving.free_port()
    app = "tests.faults.broken:application" if os.environ.get("SANXIAO_BREAK") else serving.APP
    with serving.served(port, os.environ, *serving.AS_FOR_A_TOWN, app=app):
        proxy = Proxy(port)
        the = model.THE
        the.proxy, the.edition, the.villages, the.desk = proxy, edition, villages, Desk(port, officer.username)
        phases = [Phase.generate, Phase.shrink] if shrink else [Phase.generate]
        how = settings(
            max_examples=runs, stateful_step_count=STEPS, deadline=None, database=None, phases=phases,
            suppress_health_check=list(HealthCheck), print_blob=False, derandomize=seed is None,
        )  # fmt: skip
        machine = model.TwoPhonesAndAnOffice
        if seed is not None:
            seeded(seed)(machine.TestCase)
        run_state_machine_as_test(machine, settings=how)
        proxy.close()
    return the


def tell(world: Any, took: float) -> None:
    """The figures."""
    tally = world.tally
    told = "none lost, none doubled, none overwritten"
    print(f"{tally['runs']} runs, {tally['answers']} answers in {took:.0f} s: {told}")
    for name, count in sorted(tally.items()):
        if name not in ("runs", "answers"):
            print(f"  {name:34}{count:6}")


def main() -> int:
    """Play in a data folder that is thrown away."""
    asked = argparse.ArgumentParser(prog="./run faults")
    asked.add_argument("--seed", type=int)
    asked.add_argument("--quick", action="store_true", help="do not look for the shortest run that fails")
    said = asked.parse_args()
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # nothing here waits for a disk
    with tempfile.TemporaryDirectory(prefix="sanxiao-faults-", dir=memory) as data:
        os.environ |= {"SANXIAO_DATA": data, "SANXIAO_PROFILE": "practice"}
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "sanxiao.web.settings")
        start = time.monotonic()
        try:
            world = play(RUNS, said.seed, not said.quick)
        except AssertionError as wrong:
            traceback.print_exception(wrong, limit=-3)
            print(f"\n不成立 MISSED: {wrong}")
            return 1
        tell(world, time.monotonic() - start)
    return 0


if __name__ == "__main__":
    sys.exit(main())
