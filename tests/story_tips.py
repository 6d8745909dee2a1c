"""A tip, told through the real pages: from the street to the answer, and back again by the receipt.

Somebody tells without a name; the desk knows of it the next morning, gives it on in its own words, answers; whoever
holds the receipt reads, adds, and is content. The village whose shop it is about never sees more than that a report was
closed. The chapters share one telling of their own.
"""

import pytest

from tests import cast
from tests.telling import db, story, telling  # noqa: F401  fixtures are imported by name

TOLD = "豆腐坊门口污水横流，我就住对面"
SUMMARY = "老街一处豆腐坊污水外排，请现场核查"
ADDED = "昨天夜里十一点又排了一次"
ANSWER = "已现场核查，情况属实，已责令改正。"
WHO = ("zhang", "chen", "zhou", "sun", "qian")


def page(story, path="/tip/"):
    """The public page in the language of the telling: a cookie says nothing there."""
    return f"{path}?lang={'en' if story.language == 'en' else 'zh'}"


@pytest.mark.parametrize("who", WHO)
def test_each_signs_in(story, who):
    getattr(story.on(6, 4), who).opens("/").presses("登录", username=who, password=cast.PASSWORD)


def test_somebody_tells_without_a_name_and_keeps_the_receipt(story):
    street = story.on(6, 5).street.opens(page(story)).sees("我们保护什么", "我们保护不了什么")
    street.presses("提交，领回执码", problem="dirty", text="脏").sees("还差一点")
    street.presses("提交，领回执码", text=TOLD, area=cast.HOUYANG, place="老街豆腐坊").sees("收到了，谢谢您")
    [receipt] = street.page.xpath("//*[@id='receipt']")
    story.at["receipt"] = receipt.text


def test_on_the_same_day_nobody_at_the_desk_knows(story):
    story.chen.opens("/tips/").sees("今天的来信明天早上一起取出").misses("老街豆腐坊")
    street = story.street.opens(page(story, "/tip/receipt"))
    street.presses("打开", receipt="1234").sees("没有这个回执码。请核对 16 位数字。")
    street.presses("打开", receipt=story.at["receipt"]).sees("已收到", TOLD)


def test_the_next_morning_the_desk_gives_it_on_in_its_own_words(story):
    chen = story.on(6, 6).chen.opens("/tips/").sees("老街豆腐坊", "待受理").follows("脏、乱、差").sees(TOLD, "匿名")
    story.at["tip"] = chen.path
    chen.follows("受理、分派").presses("受理、分派", summary=SUMMARY).sees("核查中", SUMMARY)
    assert story.zhang.status(story.at["tip"]) == 404 == story.sun.status(story.at["tip"])
    assert story.qian.status(story.at["tip"]) == 404, "it was not given to him"


def test_whoever_holds_the_receipt_adds_something(story):
    street = story.on(6, 7).street.opens(page(story, "/tip/receipt")).presses("打开", receipt=story.at["receipt"])
    street.sees("核查中", "2018-06-27").presses("送出", text=ADDED).sees("收到了，明天送到办理人员手里。", ADDED)
    story.chen.opens(story.at["tip"]).misses(ADDED)


def test_the_desk_reads_it_decides_and_answers(story):
    chen = story.on(6, 8).chen.opens("/").sees("来件人补充了情况，还没有看").opens(story.at["tip"]).sees(ADDED, "未读")
    chen.follows("不予立案").presses("不予立案", finding="已当场改正").sees("不予立案")
    chen.follows("答复并办结").presses("答复并办结", outcome="verified", answer=ANSWER).sees("已办结", ANSWER)


def test_the_informer_reads_the_answer_and_is_content(story):
    street = story.on(6, 9).street.opens(page(story, "/tip/receipt")).presses("打开", receipt=story.at["receipt"])
    street.sees("已办结", ANSWER).presses("满意").sees("收到了，明天送到办理人员手里。")
    story.on(6, 11).chen.opens(story.at["tip"]).sees("满意")


def test_the_leading_group_sees_a_number_too_small_to_be_shown(story):
    story.sun.opens("/tips/figures/?quarter=2018-2").sees("…", "全镇").misses("老街豆腐坊")


def test_no_page_was_read_in_another_language(story):
    assert story.language != "en" or not story.foreign(), story.foreign()
