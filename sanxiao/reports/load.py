"""What the reports take from a town's folder: the phases, whose first day begins the cumulative figures."""

from pathlib import Path

from sanxiao.docket.load import FIRST_DAY, rows_of, town_facts
from sanxiao.docket.models import Rule
from sanxiao.reports.quarters import PHASES


def load_town(folder: Path) -> str:
    """Load the phases as one dated row."""
    phases = list(rows_of(folder / "phases.csv"))
    Rule.objects.update_or_create(
        key=PHASES, area=town_facts(folder)["code"].ljust(12, "0"), since=FIRST_DAY,
        defaults={"name": "专项整治的阶段", "name_en": "Phases of the campaign", "value": phases, "mark": "V"},
    )  # fmt: skip
    return f"{len(phases)} phases"
