"""Two phones and an office over a bad line, as a state machine that Hypothesis plays.

The phones survey new places and change places of their list, offline, with photos, with wrong clocks, and send in any
order; the office corrects the same files at its desk and chooses where both have written. When all has arrived:

- nothing is lost: every answer stands as its row with its very bytes and photos, and has done what it came for, or
  lies on a desk;
- nothing is doubled: one row for an answer, one sheet, one file for a new place, whatever was repeated;
- nothing is silently overwritten: whatever somebody wrote into a field and is not there at the end was replaced by
  somebody who saw it, or stands in a choice between two.
"""

import hashlib
import io
import itertools
import random
import threading
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule
from PIL import Image

from tests.faults.phones import FIELDS, HEAD, Answer, Desk, Phone, Write
from tests.faults.proxy import Proxy

FAULTS = (
    "", "cut before", "cut request", "cut answer", "drop answer", "hang up", "twice", "at once", "delay", "dribble",
    "later",
)  # fmt: skip
CLOCKS = {"right": 0, "a day behind": -1, "three years ahead": 3 * 365, "in 1970": -48 * 365}
TRIES = 12
PATIENCE = 60.0  # seconds for all to be settled


@dataclass
class World:
    """What all runs share: the served town, its villages with two cadres each, the officer at the desk."""

    proxy: Proxy = field(init=False)
    edition: tuple[str, str] = field(init=False)
    villages: list[tuple[str, Any, Any]] = field(init=False)  # code, cadre, cadre
    desk: Desk = field(init=False)
    tally: Counter[str] = field(default_factory=Counter)
    runs: Iterator[int] = field(default_factory=itertools.count)


THE = World()  # filled by the command before the machine is played


def picture(colour: str) -> bytes:
    """A small photo; two answers may well carry the same one."""
    out = io.BytesIO()
    Image.new("RGB", (24, 18), colour).save(out, "JPEG")
    return out.getvalue()


COLOURS = {colour: picture(colour) for colour in ("green", "red", "blue", "white", "black")}
WORDS = random.Random(1)


def word() -> str:
    """A name like no other."""
    return "".join(chr(WORDS.randrange(0x4E00, 0x9000)) for _n in range(6))


changed = st.sets(st.sampled_from(FIELDS), min_size=1, max_size=3)
photos = st.lists(st.sampled_from(sorted(COLOURS)), max_size=2)
which = st.integers(0, 7)
clocks = st.sampled_from(sorted(CLOCKS))
faults = st.sampled_from(FAULTS)


class TwoPhonesAndAnOffice(RuleBasedStateMachine):
    """One run, in one village, about places of its own."""

    @initialize(known=st.integers(1, 2))
    def begin(self, known: int) -> None:
        """Two cadres with a phone each; one or two places are on file."""
        from sanxiao.field import phones

        self.writes: list[Write] = []
        self.numbers = itertools.count(10)
        self.tabs: list[tuple[uuid.UUID, dict[str, str]]] = []
        self.village, *cadres = THE.villages[next(THE.runs) % len(THE.villages)]
        self.rows = [phones.make(who, "手机", "collect") for who in cadres]
        self.phones = [
            Phone(name, THE.proxy.port, key, self.village, THE.edition, self.writes)
            for name, (_row, key) in zip("ab", self.rows, strict=True)
        ]
        self.files = [self._on_file(cadres[0]) for _n in range(known)]
        self.first = dict(self.files)
        for phone in self.phones:
            phone.refresh()
            phone.list = {key: view for key, view in phone.list.items() if key in self.first}
            assert phone.list, "the list did not come"

    def _on_file(self, by: Any) -> tuple[uuid.UUID, dict[str, str]]:
        from sanxiao.archive.models import Establishment, Operator
        from sanxiao.docket import flow

        said = self._said(FIELDS)
        person = Operator.objects.create(name=word(), area=self.village)
        facts = {"workers": said["workers"], "food_varieties": said["food_varieties"]}
        file = Establishment(
            kind_id="vendor", name=said["shop_name"], address=said["address"], area=self.village, operator=person,
            facts=facts,
        )  # fmt: skip
        flow.move(file, "open", by)
        return file.pk, said

    def _said(self, names: Any) -> dict[str, str]:
        """Values that nobody has written before."""
        return {name: str(next(self.numbers)) if name == "workers" else word() for name in sorted(names)}

    @property
    def keys(self) -> list[uuid.UUID]:
        """Every place of this run."""
        made = [answer.place for phone in self.phones for answer in phone.queue if answer.creates]
        return [*self.first, *made]

    # --- in the field ------------------------------------------------------------------------------------------

    @rule(n=st.integers(0, 1), clock=clocks, photos=photos)
    def survey_a_new_place(self, n: int, clock: str, photos: list[str]) -> None:
        """A place that nobody has."""
        THE.tally["new places"] += 1
        self.phones[n].ahead = timedelta(days=CLOCKS[clock])
        self.phones[n].fill_new(self._said(FIELDS), word(), [COLOURS[name] for name in photos])

    @rule(n=st.integers(0, 1), at=which)
    def survey_what_the_other_has_surveyed(self, n: int, at: int) -> None:
        """Both find the same new place: the later one waits for a person."""
        other = self.phones[1 - n]
        theirs = [answer for answer in other.queue if answer.creates and not answer.twin]
        if theirs:
            one = theirs[at % len(theirs)]
            THE.tally["twins"] += 1
            said = {**one.values, **self._said({"workers"})}
            self.phones[n].fill_new(said, other.list[one.place].operator, [], twin=True)
            one.twin = True  # whichever comes first is filed

    @rule(n=st.integers(0, 1), at=which, names=changed, clock=clocks, photos=photos)
    def change_a_place(self, n: int, at: int, names: set[str], clock: str, photos: list[str]) -> None:
        """A place of the list, also one that this phone has made or changed and not sent yet."""
        phone = self.phones[n]
        here = [key for key in phone.list if key in self.keys]
        THE.tally["changes"] += 1
        phone.ahead = timedelta(days=CLOCKS[clock])
        phone.fill_change(here[at % len(here)], self._said(names), [COLOURS[name] for name in photos])

    @rule(at=which, one=changed, two=changed, times=st.integers(1, 2))
    def both_change_the_same_place(self, at: int, one: set[str], two: set[str], times: int) -> None:
        """Neither knows of the other; one of them perhaps twice."""
        for phone, names in zip(self.phones, (one, two), strict=True):
            for _n in range(times):
                THE.tally["changes"] += 1
                phone.fill_change(list(self.first)[at % len(self.first)], self._said(names), [])

    @rule(n=st.integers(0, 1))
    def refresh(self, n: int) -> None:
        """The network is there for a moment."""
        phone = self.phones[n]
        phone.refresh()
        phone.list = {key: view for key, view in phone.list.items() if key in self.keys}

    # --- over the line -----------------------------------------------------------------------------------------

    @precondition(lambda self: any(phone.waiting for phone in self.phones))
    @rule(n=st.integers(0, 1), at=which, fault=faults, split=st.booleans())
    def send(self, n: int, at: int, fault: str, split: bool) -> None:
        """One attempt, not always the oldest first."""
        phone = self.phones[n]
        if phone.waiting:
            answer = phone.waiting[at % len(phone.waiting)]
            phone.promise(answer)
            self._try(phone, answer, fault, split)

    @precondition(lambda self: any(phone.waiting for phone in self.phones))
    @rule(n=st.integers(0, 1), met=st.lists(faults, min_size=1, max_size=4), backwards=st.booleans())
    def send_all(self, n: int, met: list[str], backwards: bool) -> None:
        """Everything that waits, one attempt each, the first or the last first."""
        phone = self.phones[n]
        for answer, fault in zip(phone.waiting[:: -1 if backwards else 1], itertools.cycle(met), strict=False):
            self._try(phone, answer, fault, False)

    @precondition(lambda self: all(phone.waiting for phone in self.phones))
    @rule(one=faults, two=faults)
    def both_send_at_once(self, one: str, two: str) -> None:
        """The two phones at one moment."""
        broken: list[BaseException] = []

        def go(phone: Phone, fault: str) -> None:
            try:
                self._try(phone, phone.waiting[0], fault, False)
            except BaseException as error:  # told in the thread of the test
                broken.append(error)

        threads = [threading.Thread(target=go, args=pair) for pair in zip(self.phones, (one, two), strict=True)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if broken:
            raise broken[0]

    def _try(self, phone: Phone, answer: Answer, fault: str, split: bool) -> None:
        THE.tally[f"line: {fault or 'good'}"] += 1
        phone.send(answer, fault, split=split)

    # --- at the desk -------------------------------------------------------------------------------------------

    @rule(at=which)
    def the_office_opens_a_file(self, at: int) -> None:
        """The page for corrections, as it stands now."""
        from sanxiao.archive.models import Establishment

        there = set(Establishment.objects.filter(pk__in=self.keys).values_list("pk", flat=True))
        here = [key for key in self.keys if key in there]
        key = here[at % len(here)]
        self.tabs.append((key, THE.desk.open_file(key)))

    @precondition(lambda self: self.tabs)
    @rule(at=which, names=st.sets(st.sampled_from(tuple(HEAD)), min_size=1))
    def the_office_saves(self, at: int, names: set[str]) -> None:
        """Some time later it presses the button; the page may be stale."""
        key, page = self.tabs.pop(at % len(self.tabs))
        said = self._said(names)
        if THE.desk.save_file(key, {**page, **{HEAD[name]: value for name, value in said.items()}}):
            THE.tally["office: saved"] += 1
            self.writes += [Write("office", key, name, page[HEAD[name]], value) for name, value in said.items()]
        else:
            THE.tally["office: told that it is stale"] += 1

    @rule(at=which, names=st.sets(st.sampled_from(tuple(HEAD)), min_size=1))
    def the_office_corrects(self, at: int, names: set[str]) -> None:
        """Opened, changed, saved."""
        self.the_office_opens_a_file(at)
        self.the_office_saves(len(self.tabs) - 1, names)

    @rule(at=which, sides=st.lists(st.sampled_from(("ours", "theirs")), min_size=1, max_size=3))
    def the_office_chooses(self, at: int, sides: list[str]) -> None:
        """Of two values one, line by line."""
        from sanxiao.field.models import Clash

        self.what_came_is_settled()
        open_ones = list(Clash.objects.filter(file__in=self.keys, state="open").order_by("pk"))
        if not open_ones:
            return
        clash = open_ones[at % len(open_ones)]
        seen = THE.desk.choose(clash.pk, sides)
        THE.tally["office: chose" if seen is not None else "office: could not choose"] += 1
        for name, ours, theirs, side in seen or ():
            if side == "theirs":
                self.writes.append(Write("choice", clash.file_id, name, ours, theirs))

    @rule()
    def what_came_is_settled(self) -> None:
        """Beside the thread of the server: each row is taken by one of them."""
        from sanxiao.field import inbox

        inbox.drain(6)

    # --- the end -----------------------------------------------------------------------------------------------

    def teardown(self) -> None:
        """All that waits is sent until it is confirmed; then everything must be in order."""
        if not hasattr(self, "phones"):
            return
        for phone in self.phones:
            for answer in phone.waiting:
                for _n in range(TRIES):
                    if phone.send(answer):
                        break
                assert answer.done, f"never confirmed: {answer.instance}"
        THE.proxy.repeat_late()
        self._settle()
        Judge(self).judge()
        THE.tally["runs"] += 1
        THE.tally["answers"] += sum(len(phone.queue) for phone in self.phones)

    def _settle(self) -> None:
        from sanxiao.field import inbox

        until = time.monotonic() + PATIENCE
        while self.submissions().filter(state__in=("received", "held")).exists():
            assert time.monotonic() < until, "what came is not settled"
            inbox.drain()

    def submissions(self) -> Any:
        """The rows of this run, oldest first."""
        from sanxiao.field.models import Submission

        rows = Submission.objects.filter(phone__in=[row.pk for row, _key in self.rows])
        return rows.defer("edition").order_by("received_at")


class Judge:
    """Looks at what stands in the end."""

    def __init__(self, run: TwoPhonesAndAnOffice) -> None:
        self.run = run
        self.sent = [answer for phone in run.phones for answer in phone.queue]

    def judge(self) -> None:
        """No loss, no double, no silent overwrite; and no answer 5xx on the way."""
        failed = [said for phone in self.run.phones for said in phone.failures]
        assert not failed, f"the server failed: {failed}"
        self.nothing_lost()
        self.nothing_doubled()
        self.nothing_silently_overwritten()

    def nothing_lost(self) -> None:
        """Rows with their bytes and photos, and what became of them."""
        from sanxiao.docket import files
        from sanxiao.survey.models import Sheet

        rows = {row.instance: row for row in self.run.submissions().prefetch_related("files")}
        sheets = Sheet.objects.in_bulk([answer.id for answer in self.sent])
        for answer in self.sent:
            row = rows.get(answer.instance)
            assert row is not None, f"lost: {answer.instance}"
            assert row.xml.encode() == answer.xml, f"other bytes: {answer.instance}"
            kept = {file.name: file.blob_id for file in row.files.all()}
            assert kept == {name: hashlib.sha256(data).hexdigest() for name, data in answer.files.items()}
            for name, data in answer.files.items():
                assert files.path_of(kept[name]).read_bytes() == data, f"another picture: {name}"
            assert row.state == "settled", f"{row.state}: {row.result}"
            sheet = sheets.get(answer.id)
            assert sheet is not None, f"no sheet: {answer.instance}"
            waits = sheet.file_id is None and sheet.state in ("received", "across")  # on a desk
            assert waits or sheet.file_id == answer.place or answer.twin, f"without effect: {answer.instance}"
            if waits:
                THE.tally["left for a person to file"] += 1
                assert self._may_wait(answer), f"nobody needed to look at {answer.instance}"

    def _may_wait(self, answer: Answer) -> bool:
        """It is a twin, or a change of one."""
        return any(one.twin for one in self.sent if one.place == answer.place)

    def nothing_doubled(self) -> None:
        """Counted."""
        from sanxiao.archive.models import Establishment
        from sanxiao.docket.models import Attachment, Event

        stored = list(self.run.submissions().values_list("instance", flat=True))
        assert sorted(stored) == sorted(answer.instance for answer in self.sent), "an answer stands twice"
        told = Counter(Event.objects.filter(subject__in=[a.id for a in self.sent], move="send").values_list("subject"))
        assert set(told.values()) <= {1}, "a sheet was sent twice"
        for answer in self.sent:
            blobs = list(Attachment.objects.filter(subject=answer.id).values_list("blob", flat=True))
            wanted = [hashlib.sha256(data).hexdigest() for data in answer.files.values()]
            assert sorted(blobs) == sorted(wanted), f"photos {len(blobs)} of {len(wanted)}: {answer.instance}"
        names = {view.operator for phone in self.run.phones for view in phone.list.values()}
        here = Establishment.objects.filter(operator__name__in=names, area=self.run.village)
        made = {answer.place for answer in self.sent if answer.creates}
        assert set(here.values_list("pk", flat=True)) <= made | set(self.run.first), "a file that nobody made"
        shops = Counter(here.values_list("operator__name", flat=True))
        assert set(shops.values()) <= {1}, f"one place, several files: {shops}"

    def nothing_silently_overwritten(self) -> None:
        """From the value at the end one gets, over who saw what, to every other; or it stands in a choice."""
        from sanxiao.archive.models import Establishment
        from sanxiao.field.models import Clash

        kept = Counter[tuple[uuid.UUID, str, str]]()
        for clash in Clash.objects.filter(file__in=self.run.keys):
            for line in clash.fields:
                kept.update((clash.file_id, line["name"], str(line[side])) for side in ("ours", "theirs"))
        THE.tally["choices between two"] += sum(kept.values()) // 2
        for file in Establishment.objects.filter(pk__in=self.run.keys):
            twin = any(answer.twin for answer in self.sent if answer.place == file.pk)
            now = {"shop_name": file.name, "address": file.address, **file.facts}
            for name in () if twin else FIELDS:
                seen = self._behind(file.pk, name, str(now.get(name, "")))
                lost = [w for w in self._of(file.pk, name) if w.wrote not in seen and not kept[file.pk, name, w.wrote]]
                assert not lost, f"silently overwritten: {name}, now {now.get(name)!r}: {lost}"

    def _of(self, place: uuid.UUID, name: str) -> list[Write]:
        return [write for write in self.run.writes if (write.place, write.name) == (place, name)]

    def _behind(self, place: uuid.UUID, name: str, value: str) -> set[str]:
        """The value, what its writer saw, what the writer of that saw, and so on."""
        found, left = set[str](), [value]
        while left:
            one = left.pop()
            if one not in found:
                found.add(one)
                left += [write.saw for write in self._of(place, name) if write.wrote == one]
        return found
