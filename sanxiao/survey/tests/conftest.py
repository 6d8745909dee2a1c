"""What the tests of the survey ask for."""

from collections.abc import Callable
from typing import Any

import pytest

from sanxiao.survey.models import Sheet
from sanxiao.survey.tests import paper


@pytest.fixture
def typed(as_) -> Callable[..., Sheet]:
    """`typed("zhang", phone=…)`: that person types a workshop's sheet at the desk and saves it."""

    def type_in(who: str = "zhang", kind: str = "workshop", **changes: Any) -> Sheet:
        sheet = paper.workshop(**changes) if kind == "workshop" else paper.vendor(**changes)
        answer = as_(who).post(f"/survey/new/{kind}", {**sheet, "sure": "1"})
        assert answer.status_code == 302, answer.context["form"].errors if answer.context else answer.status_code
        return Sheet.objects.get(pk=answer["Location"].rstrip("/").rsplit("/", 1)[1])

    return type_in
