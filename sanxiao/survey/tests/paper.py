"""Sheets of paper as people bring them to the desk: what stands on them, ready to be typed."""

import io
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from tests.cast import HOUYANG

WANG, XU = "320413190001010015", "320413196505121023"  # made up: impossible ages and serials, right check signs
CODE = "91350100M000100Y43"

WORKSHOP: dict[str, Any] = {
    "village": HOUYANG, "shop_name": "徐记油坊", "operator_name": "徐根宝", "id_type": "id_card", "id_number": WANG,
    "household_address": "后阳村5组", "phone": "13912345678", "address": "后阳村5组8号", "operating_state": "normal",
    "opened_on": "2009-03", "workers": "2", "health_certs": "2", "business_licence": "none",
    "premises_tenure": "own", "area_m2": "60",
    "food_classes": ["oil"], "food_varieties": "菜籽油、花生油",
    "water": "tap", "pest_protection": ["dust", "fly", "rat"], "purchase_tickets": "complete", "additives": "no",
    "certificate": "none", "processing": ["oil"], "living_separate": "yes", "daily_output_kg": "100",
    "packaging": ["bulk"], "workshop_label": "yes", "sales_to": ["self"], "waste_outlet": "sewer",
    "illegal_building": "no", "road_occupation": "no", "problems": ["no_papers"], "willing": "yes",
    "disposal_case": "1", "batch": "regulate", "surveyor_1": "张桂兰", "surveyor_2": "李明",
    "surveyed_on": "2018-06-05", "signature_refused": "no",
}  # fmt: skip

OF_VENDORS: dict[str, Any] = {
    "card": "none", "trade": "both", "stall_form": "mobile", "pitch": "村口桥头", "in_area": "undesignated",
    "vendor_foods": ["breakfast"], "covered": "yes", "tableware": "disposable", "fuel": "gas", "waste_bin": "yes",
    "windows-0-weekdays": ["1", "3", "5"], "windows-0-window_from": "05:30", "windows-0-window_to": "09:00",
    "market_days": "农历逢五", "shop_name": "无字号", "area_m2": "3", "food_classes": ["grain"],
    "food_varieties": "馒头",
    "workers": "1", "health_certs": "1", "premises_tenure": "public",
}  # fmt: skip
ONLY_WORKSHOP = ("certificate", "processing", "living_separate", "daily_output_kg", "packaging", "workshop_label",
                 "sales_to", "waste_outlet")  # fmt: skip


def workshop(**changes: Any) -> dict[str, Any]:
    """A workshop's sheet, whole and right; `None` leaves an answer out."""
    return {name: value for name, value in {**WORKSHOP, **changes}.items() if value is not None}


def vendor(**changes: Any) -> dict[str, Any]:
    """A vendor's sheet, whole and right."""
    base = {name: value for name, value in WORKSHOP.items() if name not in ONLY_WORKSHOP}
    return {name: value for name, value in {**base, **OF_VENDORS, **changes}.items() if value is not None}


def photo(name: str = "门头.jpg", colour: str = "green") -> SimpleUploadedFile:
    """A small real picture."""
    out = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), "image/jpeg")
