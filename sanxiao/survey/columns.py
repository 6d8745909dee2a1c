"""Which column of an old ledger answers which question: guessed from its heading, put right by a person.

Headings are compared with the form's own short headings, labels, codes and names, and with what offices
usually write; what is like nothing is left out. `location:lat` and `location:lng` are the two halves of a point.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from rapidfuzz import fuzz

from sanxiao.office.models import User
from sanxiao.office.now import now
from sanxiao.papers import excel
from sanxiao.survey.export import columns_of
from sanxiao.survey.models import Form, Mapping

LIKE = 88  # of 100: from here on a heading is taken for a label
FEWEST = 3  # columns of a ledger: who, where, and one thing more
SEARCHED = 12  # rows at the top in which the headings may stand
HALVES = ("location:lat", "location:lng")
USUAL = {
    "village": "村 所属村 社区 村社区 行政村 所在村 村居 村居委会 所属社区 村名 所属村社区",
    "shop_name": "店名 名称 字号 单位名称 企业名称 商户名称 店铺名称 招牌 摊位名称 作坊名称 经营单位 主体名称 字号名称",
    "operator_name": "姓名 负责人 业主 经营者姓名 老板 法人 法定代表人 责任人 业主姓名 户主 摊主 经营人 负责人姓名",
    "id_number": "身份证 身份证号 身份证号码 证件号 居民身份证 居民身份证号 居民身份证号码",
    "phone": "电话 手机 联系方式 手机号 手机号码 电话号码 联系电话 联系号码",
    "address": "地址 经营场所 详细地址 住所 位置 地点 经营地点 生产地址 店铺地址 场所地址",
    "uscc": "统一社会信用代码 社会信用代码 营业执照号 执照号 注册号 营业执照号码 执照编号",
    "business_licence": "有无营业执照 执照 是否有营业执照",
    "workers": "人数 从业人员 员工数 职工人数 从业人员数",
    "health_certs": "健康证 健康证数 持健康证人数 持证人数 健康证人数",
    "area_m2": "经营面积 建筑面积 营业面积 生产面积",
    "food_varieties": "经营品种 生产品种 产品 主营 经营项目 主要品种 产品品种 主营品种",
    "opened_on": "开业时间 成立日期 成立时间 开办时间",
    "operating_state": "状态 经营情况 现状",
    "home_address": "家庭住址 住址",
    "household_address": "户籍 户籍地址 户籍所在地",
    "water": "水源",
    "surveyed_on": "调查时间 登记日期 填表日期 登记时间",
    "surveyor_1": "调查人 登记人 填表人 调查员",
    "location:lat": "纬度 lat latitude 北纬",
    "location:lng": "经度 lng longitude lon 东经",
}


@dataclass(frozen=True)
class Reading:
    """How a page is read: the row of its (lowest) headings, how many rows they take, and what they are called."""

    page: str
    head: int
    depth: int
    headings: list[str]
    columns: list[str]  # questions, '' is left out

    @property
    def known(self) -> int:
        """How many columns were recognised."""
        return sum(bool(name) for name in self.columns)


def plain(heading: str) -> str:
    """A heading without what differs by hand: width, case, blanks, marks, and units in brackets."""
    text = unicodedata.normalize("NFKC", heading).lower()
    text = re.sub(r"\([^)]*\)|\[[^\]]*\]", "", text) or text
    return re.sub(r"[\W_]+", "", text)


def names_of(form: Form) -> dict[str, str]:
    """Everything that a column of this form may be called, in its plain form -> question."""
    found: dict[str, str] = {}
    questions = columns_of(form)
    for spelling in ("heading", "label", "label_en", "name"):
        for question in questions:
            found.setdefault(plain(question[spelling]), question["name"])
    names = {question["name"] for question in questions}
    for name, usual in USUAL.items():
        if name in names or name in HALVES:
            for word in usual.split():
                found.setdefault(plain(word), name)
    return found


def guess(form: Form, headings: Sequence[str]) -> list[str]:
    """The question of every column, each at most once; '' where nothing fits."""
    known = names_of(form)
    found = [_exact(heading, known) for heading in headings]
    taken: set[str] = set()
    for at, name in enumerate(found):
        if name in taken:
            found[at] = ""
        taken.add(name)
    for at, heading in enumerate(headings):
        if not found[at] and len(plain(heading)) > 1:
            likes = ((fuzz.ratio(plain(heading), said), name) for said, name in known.items())
            score, name = max(likes, default=(0.0, ""))
            if score >= LIKE and name not in taken:
                found[at] = name
                taken.add(name)
    return found


def _exact(heading: str, known: dict[str, str]) -> str:
    """The whole heading, then the lowest and the highest of a heading in several rows."""
    parts = heading.split("·")
    return next((known[p] for p in (plain(heading), plain(parts[-1]), plain(parts[0])) if p and p in known), "")


def read_heads(book: excel.Workbook, form: Form) -> Reading:
    """The page and row where most headings are known. Raises NotExcel when there is none to be found."""
    best: Reading | None = None
    for page in book.pages:
        for row in page.rows[:SEARCHED]:
            for depth in (1, 2):
                if depth > row.number or (depth == 2 and not page.merged_heads(row.number)):
                    continue
                headings = page.headings(row.number, depth)
                reading = Reading(page.name, row.number, depth, headings, guess(form, headings))
                if best is None or reading.known > best.known:
                    best = reading
    if best is None or best.known < 2:
        best = _by_eye(book, form) or best
    if best is None or len(best.headings) < FEWEST:
        raise excel.NotExcel(
            _("没有找到表头：请让每一列的名称写在同一行，例如“村（社区）、字号、经营者、电话、地址”。")
        )
    return remembered(form, best)


def _by_eye(book: excel.Workbook, form: Form) -> Reading | None:
    """The first row with several texts side by side: headings that nobody has told us yet."""
    for page in book.pages:
        for row in page.rows[:SEARCHED]:
            if sum(isinstance(value, str) for value in row.values) >= FEWEST:
                headings = page.headings(row.number)
                return Reading(page.name, row.number, 1, headings, guess(form, headings))
    return None


def _hash(headings: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(plain(h) for h in headings).encode()).hexdigest()


def remembered(form: Form, reading: Reading) -> Reading:
    """The same headings were put right by a person before: as he said."""
    held = Mapping.objects.filter(form_code=form.code, headings_hash=_hash(reading.headings)).first()
    columns = held.columns if held else reading.columns
    return Reading(reading.page, reading.head, reading.depth, reading.headings, columns)


def remember(form: Form, headings: Sequence[str], columns: Sequence[str], by: User) -> None:
    """Keep how these headings are read."""
    Mapping.objects.update_or_create(
        form_code=form.code, headings_hash=_hash(headings), defaults={"columns": list(columns), "by": by, "at": now()}
    )
