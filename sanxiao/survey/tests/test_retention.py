"""The personal answers of a survey table go three years after it was filed; what the place is like stays."""

from datetime import date

from sanxiao.docket import flow
from sanxiao.keeping import due
from sanxiao.office.now import at
from sanxiao.survey import retention
from sanxiao.survey.models import Sheet


def test_numbers_go_and_the_table_stays(as_, typed, town):
    with at(date(2018, 6, 5)):
        sheet = typed("zhang")
        other = typed("zhang", shop_name="另一家")
        flow.move(sheet, "file", town.zhang)
    with at(date(2021, 6, 6)):
        [row] = due.due(retention.SHEETS)
        assert row.kept.key == sheet.pk, "the other one is not filed yet"
        retention.destroy([sheet.pk])
        assert due.due(retention.SHEETS) == []
    kept = Sheet.objects.get(pk=sheet.pk)
    assert (kept.sealed, kept.id_index, kept.phone_index, kept.name) == ("", "", "", "徐记油坊")
    assert Sheet.objects.get(pk=other.pk).sealed
    assert as_("zhang").get(kept.get_absolute_url()).status_code == 200
