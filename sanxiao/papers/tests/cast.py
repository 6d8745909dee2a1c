"""Made-up people and papers for the tests of this room: 王秀兰's tofu shop in 后阳村, and her neighbours."""

import io
from typing import Any

from PIL import Image, ImageDraw

CERTIFICATE: dict[str, Any] = {
    "number": "ZF320413100-2018-00012",
    "name": "金坛区金城镇秀兰豆腐坊",
    "code": "92320413MA1XXXXX0A",
    "person": "王秀兰",
    "domicile": "常州市金坛区金城镇后阳村委后阳12号",
    "address": "常州市金坛区金城镇后阳村委后阳12号",
    "categories": ["豆制品", "淀粉制品"],
    "varieties": ["豆腐", "百叶", "豆腐干", "素鸡", "凉粉"],
    "valid_from": "2018-07-02",
    "valid_to": "2021-07-01",
    "supervisor_body": "市场监督管理局金城分局",
    "supervisor": "周建明、陈　洁",
    "hotline": "12331　0519-82880000",
    "issuer": "常州市金坛区市场监督管理局",
    "issued_on": "2018-07-02",
    "copy": "正本",
    "qr": "https://sanxiao.example.cn/v/K7Q2M9XW4T",
}


VENDOR_CARD: dict[str, Any] = {
    "kind": "vendor",
    "number": "TF320413100-2018-00031",
    "name": "老李煎饼",
    "person": "李建国",
    "id_no": "320413190001010015",
    "area": "金城镇后阳村集市东侧 3 号摊位",
    "hours": "每日 05:30—09:30",
    "foods": ["煎饼", "豆浆", "茶叶蛋"],
    "valid_from": "2018-07-10",
    "valid_to": "2019-07-09",
    "village": "后阳村",
    "issuer": "金坛区金城镇食品安全委员会办公室",
    "issued_on": "2018-07-10",
    "hotline": "12331",
    "note": "本卡须悬挂于摊位明显处，限本人在核定的区域、时段内使用。",
    "qr": "https://sanxiao.example.cn/v/P3N8T5RC2H",
    "photo": "person",
}
EATERY_CARD: dict[str, Any] = {
    "kind": "eatery",
    "number": "CY320413100-2018-00007",
    "name": "金坛区金城镇阿芳面馆",
    "person": "陈桂芳",
    "id_no": "320413190001010015",
    "area": "金城镇后阳村后阳街 21 号",
    "hours": "06:00—20:00",
    "foods": ["面条", "馄饨", "家常炒菜"],
    "valid_from": "2018-07-12",
    "valid_to": "2019-07-11",
    "village": "后阳村",
    "issuer": "金坛区金城镇食品安全委员会办公室",
    "issued_on": "2018-07-12",
    "hotline": "12331",
    "note": "本卡不代替食品经营许可证。",
    "qr": "https://sanxiao.example.cn/v/W6B4K9YD7J",
}
ORDER: dict[str, Any] = {
    "org": "常州市金坛区市场监督管理局",
    "number": "坛市监责改〔2018〕5号",
    "addressee": "金坛区金城镇秀兰豆腐坊（经营者：王秀兰）",
    "found": "2018年6月5日，本局执法人员对你（单位）位于金城镇后阳村后阳12号的生产加工场所进行了检查。",
    "problems": [
        {
            "text": "加工间与生活区未隔离，泡豆桶旁堆放生活杂物",
            "clause": "《江苏省食品小作坊和食品摊贩管理条例》第十二条",
            "demand": "在加工间与厨房之间砌实体隔断，清空杂物，地面硬化",
            "due": "2018-06-20",
        },
        {
            "text": "从事接触直接入口食品工作的人员 1 名未取得健康证明",
            "clause": "《中华人民共和国食品安全法》第四十五条",
            "demand": "取得健康证明前调离岗位，健康证明复印件公示上墙",
            "due": "立即",
        },
        {
            "text": "未查验大豆供货者票据，无进货记录",
            "clause": "《江苏省食品小作坊和食品摊贩管理条例》第十四条",
            "demand": "建立进货台账，留存票据备查",
            "due": "2018-06-15",
        },
    ],
    "basis": "《江苏省食品小作坊和食品摊贩管理条例》第三十三条",
    "consequence": "逾期不改正的，本局将依法处理。",
    "review_to": "常州市金坛区人民政府",
    "court": "常州市金坛区人民法院",
    "contact": "周建明、陈洁",
    "phone": "0519-82880000",
    "date": "2018-06-05",
    "copies": 2,
}
NOTICE: dict[str, Any] = {
    "title": "申请材料补正告知书",
    "org": "常州市金坛区市场监督管理局",
    "number": "坛市监补〔2018〕3号",
    "addressee": "金坛区金城镇秀兰豆腐坊",
    "paragraphs": [
        "你（单位）于2018年6月11日向本局提出的食品小作坊登记申请收悉。经审查，申请材料不齐全，依据《中华人民共和国"
        "行政许可法》第三十二条的规定，现一次告知需要补正的全部内容：",
        {"level": 3, "text": "生产加工场所平面图缺少设备布局和尺寸；"},
        {"level": 3, "text": "从业人员王大力的健康证明已过有效期；"},
        {"level": 3, "text": "食品安全承诺书未签名。"},
        "请你（单位）在补正上述材料后向金城分局窗口提交。本局自收到全部补正材料之日起受理申请。",
    ],
    "ending": "特此告知。",
    "attachments": ["食品小作坊登记申请材料清单", "食品安全承诺书（样张）"],
    "date": "2018-06-13",
    "contact": "陈洁",
    "phone": "0519-82880000",
    "receipt": True,
}
CIRCULAR: dict[str, Any] = {
    "head": "金坛区金城镇食品安全委员会办公室文件",
    "title": "关于报送2018年第二季度食品三小\n专项整治进展情况的通知",
    "org": "金坛区金城镇食品安全委员会办公室",
    "number": "金城食安办〔2018〕8号",
    "addressee": "各村（社区），镇各有关部门",
    "paragraphs": [
        "为全面掌握全镇食品小作坊、小摊贩和小餐饮专项整治工作进展，根据《金坛区金城镇食品小作坊小摊贩和小餐饮专项整治"
        "工作方案》要求，现就报送第二季度进展情况通知如下：",
        {"level": 1, "text": "报送内容"},
        {"level": 2, "text": "底数情况。"},
        "截至6月30日辖区内食品三小的数量、建档数，以及本季度新设立、搬迁、关停的情况。",
        {"level": 2, "text": "整治情况。"},
        "提升、规范、淘汰三批的计划数和完成数，下达责令改正通知书的份数，复查合格的户数。",
        {"level": 1, "text": "报送要求"},
        {"level": 3, "text": "各单位主要负责人审核签字。"},
        {"level": 3, "text": "7月6日前报送镇专项整治领导小组办公室，逾期予以通报。"},
    ],
    "attachments": ["食品三小专项整治季度报表"],
    "date": "2018-06-26",
    "cc": "区食安办，镇党委、政府领导。",
    "printed_by": "金坛区金城镇食品安全委员会办公室",
    "printed_on": "2018-06-26",
}

_VILLAGES = (
    "南瑶村",
    "长竹埂村",
    "后阳村",
    "培丰村",
    "沈渎村",
    "元巷村",
    "冯庄村",
    "白塔村",
    "前庄村",
    "庄城村",
    "联丰村",
)


def base_table() -> dict[str, Any]:
    """T1 底数 by village and kind, this quarter and cumulative, over more than one page."""
    heads = (
        ("期初", 1),
        ("新增", 1),
        ("迁入", 1),
        ("迁出", 1),
        ("关停", 1),
        ("期末", 1),
        ("已建档", 1),
        ("建档率", 1.2),
    )
    columns = [
        {"key": "village", "label": "村（社区）", "width": 2},
        {"key": "kind", "label": "类别", "width": 1.6},
    ]
    for group in ("本季度", "累计"):
        columns += [
            {
                "key": f"{group}{h}",
                "label": h,
                "group": group,
                "width": w,
                "kind": "percent" if h == "建档率" else "int",
            }
            for h, w in heads
        ]
    figures = [12, 3, 0, 1, 2, 12, 11, 0.9167]
    rows = [[v, k, *figures, *figures] for v in _VILLAGES for k in ("小作坊", "小摊贩", "小餐饮")]
    total = ["合计", "", *[396, 99, 0, 33, 66, 396, 363, 0.9167] * 2]
    return {
        "title": "表 1　食品三小底数及建档情况",
        "unit": "户",
        "columns": columns,
        "rows": rows,
        "total": total,
        "note": "期末 = 期初 + 新增 + 迁入 − 迁出 − 关停。",
    }


REPORT: dict[str, Any] = {
    "head": "金坛区金城镇食品三小专项整治领导小组办公室",
    "title": "关于2018年第二季度食品三小专项整治\n进展情况的报告",
    "org": "金坛区金城镇食品三小专项整治领导小组办公室",
    "number": "金城三小办〔2018〕2号",
    "addressee": "镇食品三小专项整治领导小组",
    "sections": [
        {
            "heading": "摸底建档情况",
            "paragraphs": [
                "截至2018年6月30日，全镇共有食品三小396户，其中小作坊98户、小摊贩176户、小餐饮122户；已建档363户，"
                "建档率91.7%。本季度新增99户，关停66户。",
            ],
        },
        {
            "heading": "分类整治情况",
            "paragraphs": [
                {"level": 2, "text": "提升一批。"},
                "计划提升60户，完成21户。",
                {"level": 2, "text": "规范一批。"},
                "计划规范240户，完成102户；下达责令改正通知书58份，复查合格41户。",
                {"level": 2, "text": "淘汰一批。"},
                "计划淘汰30户，自行关停17户。",
            ],
        },
        {"heading": "存在问题和下一步打算", "paragraphs": ["部分村流动摊贩底数不稳，拟在三季度结合集市日再排查一次。"]},
    ],
    "attachments": ["表1　食品三小底数及建档情况", "表2　分类整治情况", "表3　登记发证情况"],
    "date": "2018-07-06",
    "contact": "周建明",
    "phone": "0519-82880000",
    "tables": [
        base_table(),
        {
            "title": "表 2　分类整治情况",
            "unit": "户",
            "columns": [
                {"label": "村（社区）", "width": 1.8},
                {"label": "计划", "group": "提升", "kind": "int"},
                {"label": "完成", "group": "提升", "kind": "int"},
                {"label": "计划", "group": "规范", "kind": "int"},
                {"label": "完成", "group": "规范", "kind": "int"},
                {"label": "计划", "group": "淘汰", "kind": "int"},
                {"label": "完成", "group": "淘汰", "kind": "int"},
            ],
            "rows": [[v, 5, 2, 22, 9, 3, 1] for v in _VILLAGES],
            "total": ["合计", 55, 22, 242, 99, 33, 11],
        },
        {
            "title": "表 3　登记发证情况",
            "unit": "户、份",
            "columns": [
                {"label": "村（社区）", "width": 1.8},
                {"label": "申请", "kind": "int"},
                {"label": "受理", "kind": "int"},
                {"label": "登记证", "group": "发放", "kind": "int"},
                {"label": "摊贩卡", "group": "发放", "kind": "int"},
                {"label": "餐饮卡", "group": "发放", "kind": "int"},
                {"label": "持证率", "kind": "percent"},
            ],
            "rows": [[v, 9, 8, 2, 3, 2, 0.615] for v in _VILLAGES],
            "total": ["合计", 99, 88, 22, 33, 22, 0.615],
        },
    ],
    "generated_at": "2018-07-06T09:12:00",
    "frozen_at": "2018-07-06T09:00:00",
    "check": "7f3a-19c2-e05b",
}
RECEIPT: dict[str, Any] = {
    "title": "领取回执",
    "org": "常州市金坛区市场监督管理局",
    "documents": [{"title": "食品小作坊登记证（正本）", "number": "ZF320413100-2018-00012", "copies": 1}],
    "addressee": "金坛区金城镇秀兰豆腐坊（王秀兰）",
    "place": "金城分局办事窗口",
    "how": ["窗口领取", "送证上门", "邮寄"],
    "chosen": "窗口领取",
    "at": "2018年7月4日9时20分",
}


def photo(text: str = "豆腐坊", size: tuple[int, int] = (800, 600)) -> bytes:
    """A picture that stands for a photo, JPEG."""
    made = Image.new("RGB", size, "#8aa79b")
    pen = ImageDraw.Draw(made)
    pen.rectangle((60, 200, size[0] - 60, size[1] - 40), fill="#d8cbb0", outline="#5b4a2f", width=6)
    pen.polygon([(20, 210), (size[0] // 2, 60), (size[0] - 20, 210)], fill="#7d3b2c")
    out = io.BytesIO()
    made.save(out, "JPEG")
    return out.getvalue()


def sample(template: str, variant: str = "") -> tuple[dict[str, Any], dict[str, bytes]]:
    """Facts and images of one paper; variant "bare" keeps only the required facts, "practice" marks it."""
    from sanxiao.papers.facts import REQUIRED

    facts, images = dict(SAMPLES[template]), dict(IMAGES.get(template, {}))
    if variant == "bare":
        return {key: facts[key] for key in REQUIRED[template]}, {}
    if variant == "circular":
        return CIRCULAR, {}
    if variant == "empty":
        groups = [{**g, "questions": [{**q, "answer": None} for q in g["questions"]]} for g in FORM["groups"]]
        return {**FORM, "groups": groups, "signatures": None, "form_no": None, "filled_on": None}, {}
    if variant == "eatery":
        return EATERY_CARD, {}
    return ({**facts, "practice": True} if variant == "practice" else facts), images


POSTER: dict[str, Any] = {
    "title": "食品安全，请您监督",
    "place": "后阳村 · 后阳街",
    "qr": "https://sanxiao.example/tip/?at=320413100206",
    "address": "https://sanxiao.example/tip/",
    "lines": ["小作坊、小摊贩、小餐饮脏乱差、变质过期、无证经营，扫码就能说。", "不用注册，不留名也行。"],
    "org": "金城镇食品安全办公室",
    "hotline": "12315",
}

HANDOVER: dict[str, Any] = {
    "org": "金坛区金城镇后阳村村民委员会",
    "from": "张国强",
    "from_post": "后阳村食品安全协管员",
    "to": "李　娟",
    "to_post": "后阳村网格员",
    "supervisor": "后阳村书记",
    "reason": "岗位调整",
    "date": "2018-09-03",
    "counts": [["整改", 2], ["登记", 1]],
    "items": [
        {
            "kind": "整改",
            "title": "秀兰豆腐坊责令改正",
            "number": "坛市监责改〔2018〕5号",
            "state": "整改中",
            "due": "2018-09-20",
            "note": "已看现场一次",
        },
        {
            "kind": "整改",
            "title": "阿芳面馆三防设施整改",
            "number": "坛市监责改〔2018〕9号",
            "state": "待复查",
            "due": "2018-09-12",
        },
        {"kind": "登记", "title": "老李煎饼摊贩登记", "number": "", "state": "待上报", "due": None},
    ],
    "generated_at": "2018-09-03T08:30:00",
    "check": "11d0-93fe",
}
FORM: dict[str, Any] = {
    "title": "金坛区食品小作坊基本情况调查表",
    "appendix": "附件1",
    "form_no": "HY-2018-0012",
    "filled_on": "2018-04-18",
    "org": "金城镇后阳村",
    "groups": [
        {
            "title": "一、基本情况",
            "questions": [
                {"code": "A03", "label": "字号名称或俗称", "type": "text", "answer": "秀兰豆腐坊", "required": True},
                {"code": "A04", "label": "经营者姓名", "type": "text", "answer": "王秀兰", "required": True},
                {
                    "code": "A05",
                    "label": "证件类型",
                    "type": "select_one",
                    "choices": ["居民身份证", "港澳台居民居住证", "护照", "其他"],
                    "answer": "居民身份证",
                    "required": True,
                },
                {"code": "A05", "label": "证件号码", "type": "text", "answer": "320413********0015", "required": True},
                {"code": "A07", "label": "联系电话", "type": "text", "answer": "138****1234", "required": True},
                {
                    "code": "A08",
                    "label": "经营地址",
                    "type": "text",
                    "answer": "常州市金坛区金城镇后阳村委后阳12号",
                    "wide": True,
                    "required": True,
                },
                {"code": "A08", "label": "坐标", "type": "geopoint", "answer": "119.5712, 31.7461"},
                {
                    "code": "A09",
                    "label": "经营状态",
                    "type": "select_one",
                    "choices": ["正常", "季节性", "停业", "搬迁", "关停", "失联"],
                    "answer": "正常",
                    "required": True,
                },
                {"code": "A10", "label": "开业日期", "type": "date", "answer": "2009-03-01"},
                {"code": "A11", "label": "从业人数", "type": "integer", "answer": 3, "unit": "人", "required": True},
                {
                    "code": "A11",
                    "label": "持健康证人数",
                    "type": "integer",
                    "answer": 2,
                    "unit": "人",
                    "required": True,
                },
                {
                    "code": "A12",
                    "label": "营业执照",
                    "type": "select_one",
                    "choices": ["有", "无", "办理中"],
                    "answer": "有",
                    "required": True,
                },
                {"code": "A14", "label": "场所面积", "type": "decimal", "answer": 46.5, "unit": "m²", "required": True},
                {
                    "code": "A17",
                    "label": "三防设施",
                    "type": "select_multiple",
                    "choices": ["防尘", "防蝇", "防鼠", "无"],
                    "answer": ["防尘", "防蝇"],
                },
                {"code": "A19", "label": "使用食品添加剂", "type": "bool", "answer": True},
                {
                    "code": "A22",
                    "label": "主要问题",
                    "type": "select_multiple",
                    "choices": ["无证", "脏", "乱", "差", "涉嫌非法添加", "其他"],
                    "answer": ["无证", "乱"],
                },
            ],
        },
        {
            "title": "二、小作坊情况",
            "questions": [
                {
                    "code": "B02",
                    "label": "加工类别",
                    "type": "select_multiple",
                    "choices": [
                        "豆制品",
                        "糕点",
                        "熟肉制品",
                        "食用植物油",
                        "米面制品",
                        "酱腌菜",
                        "白酒",
                        "茶叶",
                        "糖果",
                        "炒货",
                        "其他",
                    ],
                    "answer": ["豆制品", "其他"],
                    "required": True,
                },
                {"code": "B03", "label": "与生活区隔离", "type": "bool", "answer": False, "required": True},
                {"code": "B04", "label": "主要设备", "type": "text", "answer": "磨浆机、煮浆锅、压榨架"},
                {"code": "B06", "label": "日均产量", "type": "decimal", "answer": 120, "unit": "kg", "required": True},
                {
                    "code": "B07",
                    "label": "年销售额",
                    "type": "select_one",
                    "choices": ["<5万", "5–20万", "20–50万", ">50万"],
                    "answer": "5–20万",
                },
                {
                    "code": "B10",
                    "label": "销售去向",
                    "type": "select_multiple",
                    "choices": ["自销", "农贸市场", "超市", "餐饮", "食堂", "学校", "摊贩", "网络"],
                    "answer": ["自销", "农贸市场"],
                },
                {"code": "A26", "label": "现场照片", "type": "image", "answer": ["front", "inside"]},
            ],
        },
    ],
    "signatures": [
        {"label": "调查人", "name": "张国强", "date": "2018-04-18"},
        {"label": "调查人", "name": "李　娟", "date": "2018-04-18"},
        {"label": "经营者", "name": "王秀兰", "date": "2018-04-18"},
    ],
    "notes": ["注：带 * 的为必填项；□ 内打 √。证件号码、电话按规定遮蔽打印。"],
    "qr": "https://sanxiao.example.cn/f/HY-2018-0012",
}
FILE: dict[str, Any] = {
    "name": "秀兰豆腐坊",
    "number": "HY-2018-0012",
    "kind": "食品小作坊",
    "village": "后阳村",
    "person": "王秀兰",
    "address": "常州市金坛区金城镇后阳村委后阳12号",
    "org": "金坛区金城镇食品安全委员会办公室",
    "archived_on": "2018-04-20",
    "photo": "front",
    "qr": "https://sanxiao.example.cn/f/HY-2018-0012",
    "blocks": [
        {
            "title": "经营者和场所",
            "rows": [
                ["经营者", "王秀兰"],
                ["证件号码", "320413********0015"],
                ["联系电话", "138****1234"],
                ["营业执照", "有"],
                ["经营地址", "常州市金坛区金城镇后阳村委后阳12号（村口石桥西侧第二家，门前有空地）"],
                ["场所面积", "46.5 m²"],
                ["场所权属", "自有"],
                ["从业人数", "3"],
            ],
        },
        {"title": "生产加工", "rows": [["加工类别", "豆制品、淀粉制品"], ["日均产量", "120 kg"], ["检验", None]]},
    ],
    "timeline": [
        {"at": "2018-04-18 10:20", "what": "摸底调查，填写调查表 HY-2018-0012", "by": "后阳村　张国强"},
        {"at": "2018-04-20", "what": "建档", "by": "后阳村　张国强"},
        {
            "at": "2018-05-09",
            "what": "分类：情形（2），规范一批",
            "by": "金城分局　周建明",
            "note": "有合法场所、条件有欠缺、愿意整改",
        },
        {"at": "2018-06-05", "what": "下达责令改正通知书 坛市监责改〔2018〕5号", "by": "金城分局　周建明"},
        {"at": "2018-06-22", "what": "复查合格", "by": "金城分局　陈洁"},
        {"at": "2018-07-02", "what": "发放食品小作坊登记证 ZF320413100-2018-00012", "by": "区市场监管局"},
    ],
    "papers": [
        {"title": "食品小作坊基本情况调查表", "number": "HY-2018-0012", "date": "2018-04-18", "pages": 2},
        {"title": "责令改正通知书", "number": "坛市监责改〔2018〕5号", "date": "2018-06-05", "pages": 2},
        {"title": "送达回证", "number": "", "date": "2018-06-05", "pages": 1},
    ],
    "tables": [
        {
            "title": "责令改正",
            "columns": [
                {"label": "文号", "width": 2},
                {"label": "下达", "kind": "date"},
                {"label": "期限", "kind": "date"},
                {"label": "问题", "kind": "int", "width": 0.7},
                {"label": "状态"},
            ],
            "rows": [["坛市监责改〔2018〕5号", "2018-06-05", "2018-06-20", 3, "复查合格"]],
        },
        {
            "title": "登记发证",
            "columns": [
                {"label": "证件", "width": 1.5},
                {"label": "编号", "width": 2},
                {"label": "有效期自", "kind": "date"},
                {"label": "有效期至", "kind": "date"},
                {"label": "状态"},
            ],
            "rows": [["食品小作坊登记证", "ZF320413100-2018-00012", "2018-07-02", "2021-07-01", "有效"]],
        },
    ],
    "photos": [
        {"image": "front", "caption": "门面", "at": "2018-04-18 10:22", "place": "后阳村 119.5712, 31.7461"},
        {"image": "inside", "caption": "加工间（整改前）", "at": "2018-06-05 09:40", "place": "后阳村"},
        {"image": "after", "caption": "加工间（整改后）", "at": "2018-06-22 14:05", "place": "后阳村"},
        {"image": "lost", "caption": "照片遗失的一项", "at": None, "place": None},
    ],
    "generated_at": "2018-07-06T09:12:00",
    "check": "7f3a-19c2",
}
LIST: dict[str, Any] = {
    "title": "逾期未改名单",
    "filter": "后阳村 · 小作坊 · 逾期未改",
    "org": "金坛区金城镇食品安全委员会办公室",
    "by": "赵敏",
    "columns": [
        {"key": "no", "label": "序号", "kind": "int", "width": 0.5},
        {"key": "name", "label": "字号名称", "width": 2},
        {"key": "village", "label": "村（社区）"},
        {"key": "due", "label": "整改期限", "kind": "date"},
        {"key": "problem", "label": "问题", "width": 3},
    ],
    "rows": [
        {"no": i, "name": f"{s}记豆腐店", "village": "后阳村", "due": "2018-06-20", "problem": "加工间与生活区未隔离"}
        for i, s in enumerate("赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜", 1)
    ],
    "generated_at": "2018-07-06T09:12:00",
}
VISIT: dict[str, Any] = {
    "org": "常州市金坛区市场监督管理局",
    "number": "JC320413100-2018-00012",
    "place": [["经营单位", "王家豆腐坊"], ["经营者", "王秀兰"], ["地址", "后阳村老街12号"], ["检查类型", "日常检查"]],
    "items": [
        {"no": "1", "text": "登记证有效并公示", "star": True, "points": 5, "answer": "否", "note": "尚未办证"},
        {"no": "2", "text": "健康证有效并公示", "star": True, "points": 4, "answer": "是", "note": None},
        {"no": "21", "text": "冷藏冷冻设施运行正常", "star": False, "points": 3, "answer": "不适用", "note": None},
    ],
    "score": "95.0", "result": "不符合", "action": "责令限期改正", "demand": "第1项限期改正到位。",
    "team": "陈伟、吴昊", "date": "2018-07-03", "generated_at": "2018-07-03T10:00:00",
}  # fmt: skip

SLIP: dict[str, Any] = {
    "title": "扫码报整改", "qr": "http://127.0.0.1:8000/A/7KQ2M9XD", "address": "127.0.0.1:8000/a/7kq2m9xd",
    "org": "常州市金坛区市场监督管理局", "name": "王家豆腐坊", "about": "坛市监责改〔2018〕1号",
    "lines": ["用手机扫上面的码。", "一项拍一张整改后的照片，写一句话。"],
}  # fmt: skip
LEAFLET: dict[str, Any] = {
    "title": "致全镇食品小作坊业主的告知书", "paragraphs": ["请尽快办理登记证。", "办证有人帮，不收费。"],
    "version": "2018-04", "org": "金坛区金城镇食品安全委员会办公室", "date": "2018-04-10", "village": "后阳村",
    "qr": "http://127.0.0.1:8000/leaflets/workshop", "rows": [
        {"name": "王家豆腐坊", "person": "王秀兰", "address": "后阳村老街12号"},
        {"name": "无字号", "person": "徐根宝", "address": None},
    ],
}  # fmt: skip
QUIZ: dict[str, Any] = {
    "title": "小作坊业主测试题", "about": "办证与索票 2018-05-20 后阳村", "pass": 80, "key": True,
    "questions": [
        {
            "text": "进货票据至少保存多久？", "right": "b", "why": "便于追溯。",
            "choices": [{"letter": "a", "text": "一个月"}, {"letter": "b", "text": "六个月"}],
        },
    ],
}  # fmt: skip
PAIRS: dict[str, Any] = {
    "title": "整改前后对照", "name": "王家豆腐坊", "number": "坛市监责改〔2018〕1号",
    "problems": [
        {
            "text": "1. 加工间没有纱窗", "demand": "装好纱窗", "done": "已装", "state": "合格",
            "pairs": [[{"image": "inside", "at": "2018-06-05"}, {"image": "after", "at": "2018-06-22"}]],
        },
        {"text": "2. 无健康证", "demand": "补办", "done": None, "state": "整改中", "pairs": [[{}, {}]]},
    ],
}  # fmt: skip
BALLOTS: dict[str, Any] = {
    "title": "食品安全满意度调查", "about": "2018年第二季度", "place": "后阳村", "org": "镇食安办",
    "until": "2018年6月30日前有效",
    "cards": [{"qr": "HTTPS://SX.EXAMPLE/OPEN/SURVEY/ABCD2345", "code": "ABCD 2345"}] * 9,
}  # fmt: skip
BRIEF: dict[str, Any] = {
    "org": "后阳村", "title": "联合执法行动方案：集市周边检查", "police": "报警 110", "length": "1.2 公里",
    "head": [["事由", "占道经营回潮"], ["时间", "2018-06-05 08:00"], ["集合地点", "村便民服务中心"]],
    "offices": [
        {
            "name": "后阳村", "task": "带路", "vehicles": 1,
            "people": [{"name": "张桂兰", "phone": "13800000001", "certificate": None}],
        },
        {"name": "城管中队", "task": "处理占道", "vehicles": None, "people": []},
    ],
    "stops": [
        {
            "no": 1, "name": "王家豆腐坊", "address": "老街12号", "operator": "王秀兰", "way": "300 米",
            "known": ["整改未完"], "warn": ["上次有推搡"],
        },
    ],
    "route": {
        "wide": 100, "high": 60, "points": [{"no": 1, "x": 20, "y": 30}, {"no": 2, "x": 60, "y": 40}],
        "areas": [{"name": "后阳村", "points": [[5, 5], [90, 5], [90, 55]], "x": 50, "y": 20}],
    },
    "roles": ["后阳村", "城管中队"],
    "items": [{"topic": "占道", "text": "是否占道经营", "law": "", "marks": [False, True]}],
}  # fmt: skip


SAMPLES: dict[str, dict[str, Any]] = {
    "certificate": CERTIFICATE,
    "card": VENDOR_CARD,
    "cards": {"cards": [VENDOR_CARD, EATERY_CARD, VENDOR_CARD]},
    "order": ORDER,
    "notice": NOTICE,
    "report": REPORT,
    "receipt": RECEIPT,
    "handover": HANDOVER,
    "poster": POSTER,
    "visit": VISIT,
    "slip": SLIP,
    "leaflet": LEAFLET,
    "quiz": QUIZ,
    "pairs": PAIRS,
    "ballots": BALLOTS,
    "brief": BRIEF,
    "form": FORM,
    "file": FILE,
    "list": LIST,
}
_PHOTOS = {"front": photo(), "inside": photo(size=(600, 800)), "after": photo(size=(1600, 1200))}
IMAGES: dict[str, dict[str, bytes]] = {
    "card": {"person": photo(size=(300, 400))},
    "form": _PHOTOS,
    "file": _PHOTOS,
    "pairs": _PHOTOS,
}
