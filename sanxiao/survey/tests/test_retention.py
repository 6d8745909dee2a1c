"""The personal answers of a survey table go three years after it was filed; what the place is like stays."""

from datetime import date

from sanxiao.docket import files, flow
from sanxiao.docket.models import Attachment
from sanxiao.keeping import due
from sanxiao.keeping.tests.steps import picture
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


def test_photos_stay_while_the_place_trades_and_go_five_years_after_it_closed(as_, typed, town):
    with at(date(2018, 6, 5)):
        sheet, void = typed("zhang"), typed("zhang", shop_name="另一家")
        for each in (sheet, void):
            files.keep(each, picture(), "门头.jpg", town.zhang, role="photo")
        flow.move(sheet, "file", town.zhang)
        flow.move(void, "void", town.zhang, reason="填重了")
    sheet = Sheet.objects.select_related("file").get(pk=sheet.pk)
    assert sheet.file is not None
    with at(date(2023, 6, 6)):
        assert [row.kept.key for row in due.due(retention.PHOTOS)] == [void.pk], "the other place still trades"
        assert due.due(due.FILES) == [], "no photo belongs to two classes"
        flow.move(sheet.file, "close", town.zhang, closing="self", reason="不做了")
    with at(date(2028, 6, 6)):
        assert [row.kept.key for row in due.due(retention.PHOTOS)] == [void.pk]
    with at(date(2028, 6, 7)):
        files_of = {row.kept.key: row.kept.file for row in due.due(retention.PHOTOS)}
        assert files_of == {void.pk: None, sheet.pk: sheet.file.pk}
        retention.destroy_photos([sheet.pk, void.pk])
        assert due.due(retention.PHOTOS) == []
    assert all(row.gone_on for row in Attachment.objects.filter(subject__in=[sheet.pk, void.pk]))
    assert as_("zhang").get(sheet.get_absolute_url()).status_code == 200
