"""The proof of the canaries in the suite: fifty tips over real HTTP, and nothing of the informers is left behind."""

import pytest

from tests import canary, migrated


@pytest.mark.once
def test_after_fifty_tips_nothing_tells_who_or_when(tmp_path):
    data = tmp_path / "data"
    migrated.put(data)
    result = canary.prove(data, tmp_path / "server.log")
    assert result["in_the_box"] == [] and result["in_the_morning"] == [] and not result["in_order"]
    assert result["control_words"] and result["control_hours"], "the search would have found nothing anyway"
    assert canary.clean(result)
