"""On an English screen the test items are English everywhere; what is kept and posted stays the town's own name."""

from datetime import date

import pytest
from django.utils import translation

from sanxiao.docket import flow
from sanxiao.sampling import panels
from sanxiao.sampling.beside_models import Publication, QuickTest
from sanxiao.sampling.tests import steps

AURAMINE, BENZOIC = "Auramine O", "Benzoic acid and its sodium salt"


@pytest.fixture
def served(town, june, tofu):
    """A failed sample: too much of a preservative, and a dye that is no food."""
    sample = steps.failed(tofu, town.chen, steps.GOOD, steps.BAD, steps.ILLEGAL, shelf_days=None)
    return steps.serve(sample, town.chen)


def english(client):
    client.cookies["django_language"] = "en"
    return client


def page_of(client, url, **params):
    answer = client.get(url, params)
    assert answer.status_code == 200, url
    return answer.content.decode()


def test_the_choice_of_a_re_test_is_english_and_keeps_the_towns_name(as_, town, served):
    chen = english(as_("chen"))
    page = page_of(chen, f"/do/sampling.retest/new/ask?sample={served.pk}")
    assert BENZOIC in page and f'value="{steps.BAD["item"]}"' in page and f">{steps.BAD['item']}" not in page
    row = steps.ask(served, town.chen)
    assert row.items == [steps.BAD["item"], steps.ILLEGAL["item"]]
    shown = page_of(chen, served.get_absolute_url())
    assert AURAMINE in shown and steps.BAD["item"] not in shown


def test_quick_tests_are_english_in_form_list_and_page(as_, town, june, tofu):
    chen = english(as_("chen"))
    form = page_of(chen, f"/do/sampling.quick/new/positive?file={tofu.pk}")
    assert '<option value="甲醛" label="Formaldehyde">' in form
    row = QuickTest(file=tofu, area=tofu.area)
    flow.move(row, "positive", town.chen, tested_on=steps.JUNE, food_name="百叶", item="甲醛", kit="快检卡", farm=False)
    for url in ("/sampling/quick/", row.get_absolute_url()):
        page = page_of(chen, url)
        assert "Formaldehyde" in page and "甲醛" not in page, url


def test_the_printed_file_names_them_in_the_language_of_the_screen(town, served, tofu):
    with translation.override("en"):
        table = next(iter(panels.print_tables(tofu, town.chen)))
    assert BENZOIC in table["rows"][0][4] and AURAMINE in table["rows"][0][4]


def test_what_is_published_is_kept_in_chinese_and_read_in_either_language(client, town, served):
    with steps.at(date(2018, 7, 9)), translation.override("en"):
        steps.publish(steps.again(served), town.chen)
    row = Publication.objects.get()
    assert [item["item"] for item in row.facts["items"]] == [steps.BAD["item"], steps.ILLEGAL["item"]]
    assert row.facts["items"][1]["limit"] == "不得检出" and "检验" in row.facts["lab"]
    page = page_of(client, f"/open/sampling/{row.pk}/", lang="en")
    assert AURAMINE in page and "不得检出" not in page and "Changzhou food, drug and fibre" in page
    assert "碱性嫩黄O" in page_of(client, f"/open/sampling/{row.pk}/", lang="zh")
