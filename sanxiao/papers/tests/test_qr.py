"""Codes that a phone reads at arm's length."""

import segno

from sanxiao.papers import qr


def test_a_check_address_is_coded_in_capitals_and_needs_fewer_squares():
    address = "https://sanxiao.example.cn/v/k7q2m9xw4t"
    assert qr.short(address) == address.upper()
    assert qr.png(address, scale=1) != segno.make(address, error="m", micro=False).png_data_uri()
    assert segno.make(qr.short(address), error="m").mode == "alphanumeric"


def test_any_other_address_keeps_its_letters():
    assert qr.short("https://sanxiao.example.cn/files/a1B2/") == "https://sanxiao.example.cn/files/a1B2/"


def test_the_code_comes_as_svg_and_as_png():
    assert qr.svg("A").startswith(b"<svg")
    assert qr.png("A").startswith(b"\x89PNG")
