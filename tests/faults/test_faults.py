"""Nothing is lost, doubled or silently overwritten, whatever the line does; and the model would notice if it were."""

import os
import subprocess
import sys

import pytest
from django.db import connection

from tests.browser.conftest import ROOT, database

RUNS = {"sqlite": "120", "postgresql": "80"}  # two hundred in the suite; `./run faults` plays 200 on one engine
FEW = "40"  # are enough for a broken program to be found out


def played(env: dict[str, str], runs: str, **more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.faults", "--quick"]
    full = {**os.environ, **env, "SANXIAO_FAULTS": runs, **more}
    return subprocess.run(command, cwd=ROOT, env=full, capture_output=True, text=True, check=False)


def test_two_phones_and_an_office_over_a_bad_line(tmp_path):
    runs = RUNS[connection.vendor]
    with database(tmp_path) as env:
        done = played(env, runs)
    print(done.stdout)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-2000:]
    assert int(done.stdout.split()[0]) >= int(runs)


@pytest.mark.once
@pytest.mark.parametrize(
    ("broken", "said"), [("idempotency", "an answer stands twice"), ("merge", "silently overwritten")]
)
def test_the_model_notices_when_a_virtue_is_switched_off(tmp_path, broken, said):
    with database(tmp_path) as env:
        done = played(env, FEW, SANXIAO_BREAK=broken)
    assert done.returncode == 1 and said in done.stdout, done.stdout[-3000:] + done.stderr[-2000:]
