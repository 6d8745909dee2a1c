"""How long a person takes, counted: every tap, character and thought of a survey and of a round of a market.

The machine's own time is nothing; what is judged is an estimate by the keystroke-level model (Card, Moran and Newell,
The Keystroke-Level Model for User Performance Time with Interactive Systems, Communications of the ACM 23/7, 1980):
1.1 s to point at something and touch it, 1.2 to 1.35 s to think before each answer (1.35 here), 0.28 s for a key of an
average typist. What the model does not know is set by us and stands below: a Chinese character is three keys of pinyin
input, to aim and shoot takes 4 s, the operator signs in 4 s, a position comes in 3 s, and the way to the next stall is
half a minute.
"""

import time
from collections import Counter

import pytest

from tests.browser.field_fixtures import Answers, Phone, chromium, picture, program  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.once]
TAP, THOUGHT, KEY, KEYS_OF_A_CHARACTER, SHOT, SIGNED, FIX, WAY = 1.1, 1.35, 0.28, 3, 4.0, 4.0, 3.0, 30.0


class Hand(Answers):
    """Answers as ever, and counts what a hand does for them."""

    def __init__(self, phone) -> None:
        super().__init__(phone)
        self.did = Counter()

    def seconds(self) -> float:
        did = self.did
        keys = did["digits"] + KEYS_OF_A_CHARACTER * did["characters"]
        waits = SHOT * did["photos"] + SIGNED * did["signatures"] + FIX * did["positions"]
        return TAP * did["taps"] + THOUGHT * did["thoughts"] + KEY * keys + waits

    def write(self, name, text):
        self.did.update(
            taps=1, thoughts=1, digits=sum(c.isascii() for c in text), characters=sum(not c.isascii() for c in text)
        )
        super().write(name, text)

    def pick(self, name, *values):
        self.did.update(taps=len(values), thoughts=1)
        super().pick(name, *values)

    def list(self, name, *labels):
        self.did.update(taps=len(labels) + 2, thoughts=1)
        super().list(name, *labels)

    def position(self, name):
        self.did.update(taps=1, positions=1)
        super().position(name)

    def photos(self, *pictures, camera=True):
        self.did.update(taps=2 * len(pictures), thoughts=len(pictures), photos=len(pictures))  # the button, the shutter
        super().photos(*pictures, camera=camera)

    def sign(self, name="signature"):
        self.did.update(signatures=1)
        super().sign(name)

    def next(self):
        self.did.update(taps=1)
        super().next()

    def tap(self, selector):
        self.did.update(taps=1, thoughts=1)
        self.phone.page.click(selector)


@pytest.fixture
def phone(chromium, program):
    made = Phone(chromium, program).sign_in()
    made.fill = Hand(made)
    yield made
    made.context.close()


def told(what: str, hand: Hand, machine: float, seconds: float) -> None:
    did = ", ".join(f"{count} {name}" for name, count in hand.did.items())
    print(
        f"\n{what}: {did}; {seconds / 60:.1f} min by a person's hand (keystroke-level model), {machine:.0f} s by a machine's"
    )


def test_a_vendor_with_two_photos_offline_takes_less_than_three_minutes(phone):
    phone.offline()
    began = time.monotonic()
    phone.fill.did.update(taps=2, thoughts=1)  # "new", and the kind
    phone.begin()
    phone.fill.vendor("桥头豆花", picture(40), picture(80))
    phone.finish()
    assert phone.states() == ["待上传"]
    seconds = phone.fill.seconds()
    told("survey of a vendor, offline, two photos", phone.fill, time.monotonic() - began, seconds)
    assert seconds < 180


def test_twenty_stalls_of_a_market_take_less_than_half_an_hour(phone):
    phone.go("market")
    phone.page.get_by_text("3 家").first.wait_for()
    began = time.monotonic()
    phone.fill.tap("main .card >> nth=0")
    each = []
    for n in range(3):
        phone.page.get_by_text(f"第 {n + 1} 家，共 3 家").wait_for()
        before = phone.fill.seconds()
        phone.fill.photos(picture())
        if n:
            phone.fill.tap(".same")
        else:
            for name, value in (
                ("same_operator", "yes"),
                ("certificate_displayed", "no"),
                ("operating_state", "normal"),
                ("problems", "none"),
            ):
                phone.fill.pick(name, value)
        phone.fill.tap("footer .btn-primary")
        each.append(phone.fill.seconds() - before)
    phone.page.get_by_text("走完了，填了 3 家").wait_for()
    seconds = each[0] + 19 * each[1] + 20 * WAY
    told(
        f"twenty stalls, from three ({each[0]:.0f} s, then {each[1]:.0f} s each, {WAY:.0f} s on the way)",
        phone.fill,
        time.monotonic() - began,
        seconds,
    )
    assert seconds < 1800
