"""What may not stand in a public text is found, however it is written, and struck out."""

from dataclasses import replace

import pytest

from sanxiao.enforcement.models import Party
from sanxiao.publicity import exposing, masking


@pytest.fixture
def secrets(closed):
    return masking.secrets_of(closed)


NOT_TO_BE_SAID = (
    ("经营者王秀兰生产", "王秀兰"),
    ("经营者王 秀-兰生产", "王 秀-兰"),
    ("电话 138 6123 4567。", "138 6123 4567"),
    ("电话１３８６１２３４５６７。", "１３８６１２３４５６７"),
    ("别人的手机13912345678", "13912345678"),
    ("第5、13912345678", "13912345678"),
    ("证件3204 1319 0001 0100 15", "3204 1319 0001 0100 15"),
    ("身份证320413190001010015号", "320413190001010015"),
    ("住在后阳村老街12号", "老街12号"),
    ("住后阳村3组", "3组"),
    ("根据举报人反映", "举报人"),
)
MAY_BE_SAID = (
    "经营者王**，罚款50000元", "坛市监罚〔2026〕5号", "违反《食品安全法》第三十四条", "后阳村一家小作坊",
    "拨打12315、12345",
)  # fmt: skip


def test_it_is_found_however_it_is_written(secrets):
    for text, words in NOT_TO_BE_SAID:
        assert words in [found.words.strip() for found in masking.found_in(text, secrets)], text
    for text in MAY_BE_SAID:
        assert masking.found_in(text, secrets) == [] and masking.masked(text, secrets) == text


def test_the_draft_names_nobody(closed, secrets):
    title, body = exposing.draft(closed)
    assert masking.found_in(title + body, secrets) == []
    assert "王**" in body and "王秀兰" not in body and "老街" not in body and "6123" not in body and "后阳村" in title


def test_a_witness_is_hidden_as_well_and_his_number_is_known_by_its_index(closed):
    witness = Party(case=closed, area=closed.area, role="witness", name="李四海")
    witness.phone = "82512345"
    witness.save()
    secrets = masking.secrets_of(closed)
    found = masking.found_in("据李四海说，他的电话是8251-2345。", secrets)
    assert [f.words for f in found] == ["李四海", "8251-2345"]
    assert masking.masked("据李四海说", secrets) == "据李**说"


def test_an_informers_own_words_are_not_repeated(secrets):
    told = replace(secrets, told=masking.squeezed_text("我住在他楼上，每天半夜两点听到机器响"))
    assert [f.why for f in masking.found_in("有人每天半夜两点听到机器响。", told)] == ["举报内容的原话"]
    assert masking.found_in("有人半夜听到响。", told) == []


def test_people_write_numbers_where_nobody_needs_them():
    assert masking.struck("打我电话 138 6123 4567 谢谢") == "打我电话 （号码略） 谢谢"
    assert masking.struck("卫生不好，罚他500") == "卫生不好，罚他500"
