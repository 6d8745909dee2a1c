"""Numbers about a place on the morning an order is made, each with a name that can be said in words.

Nothing dated on that morning or later enters; each table is looked at with its own lag (see `events`).
"""

import re
from collections.abc import Iterator
from typing import Any

import numpy as np

from sanxiao.risk.ranking.events import Events
from sanxiao.risk.ranking.past import Past

YEAR, HALF_LIFE = 365.25, 365.0
FIRM = 12.0  # visits that a rate needs before it counts half
DISTRICTS, DISTRICT = 100, 2000.0  # so many names at most are those of districts; metres that a district reaches
LATELY, OLD = 60.0, 4  # days of half weight; after so many half-lives an event is left out
NEAR = (("300m", 300.0, 365.0), ("1km", 1000.0, 120.0), ("3km", 3000.0, 60.0))
SPLIT = re.compile(r"[\W\d_]+")
METRE = 111_320.0


class Features:
    """The columns of the model for places of one past."""

    def __init__(self, past: Past) -> None:
        self.past = past
        self.size = len(past.places)
        self.texts = {name: _codes(column) for name, column in past.words.items()}
        self.texts |= {f"{name}#": _codes(_as_text(c)) for name, c in past.numbers.items() if _names_things(c)}
        self.tokens = {name: _tokens(column) for name, column in past.words.items() if _is_prose(column)}
        self.xy = _metres(past.point)

    def of(self, place: Any, on: int, person: Any = None) -> tuple[list[str], Any]:
        """Names and values (rows × columns, NaN unknown) for places on a morning."""
        pairs = [*self._attributes(place, on), *self._record(place, on), *self._rates(place, on)]
        pairs += [*self._near(place, on), *self._near_measures(place, on), *self._events(place, on)]
        if person is not None:
            pairs += list(self._person(place, on, person))
        return [name for name, _v in pairs], np.column_stack([v for _name, v in pairs]).astype(np.float32)

    def _attributes(self, place: Any, on: int) -> Iterator[tuple[str, Any]]:
        for name, values in self.past.numbers.items():
            dated = name in self.past.score and self.past.score[name].dtype.kind == "M"
            yield f"of:{name}", (on / YEAR - values if dated else values)[place]
        for axis, name in enumerate(("lat", "lng")):
            yield f"point:{name}", self.past.point[place, axis]

    def _before(self, on: int) -> slice:
        """Outcomes known on a morning."""
        return slice(0, int(np.searchsorted(self.past.day, on - self.past.lag, side="right")))

    def _record(self, place: Any, on: int) -> Iterator[tuple[str, Any]]:
        """The place's own outcomes: how often, how lately, how long ago."""
        seen = self._before(on)
        where, day, found = self.past.place[seen], self.past.day[seen], self.past.found[seen]
        weight = 0.5 ** ((on - day) / HALF_LIFE)
        mean = _mean(found)
        total, hits = self._sum(where, weight), self._sum(where, weight * found)
        yield "record:rate", ((hits + 2 * mean) / (total + 2))[place]
        yield "record:visits", self._sum(where, np.ones(len(where)))[place]
        yield "record:last", self._last(where, found)[place]
        yield "record:years", ((on - self._last(where, day.astype(float))) / YEAR)[place]

    def _sum(self, where: Any, values: Any) -> Any:
        return np.bincount(where, weights=values, minlength=self.size)

    def _last(self, where: Any, values: Any) -> Any:
        """The newest value of every place, NaN where there is none; rows are ordered by day."""
        last = np.full(self.size, np.nan)
        last[where] = values
        return last

    def _rates(self, place: Any, on: int) -> Iterator[tuple[str, Any]]:
        """How often something was found at places that share a word of the description, drawn to the mean."""
        seen = self._before(on)
        where, found = self.past.place[seen], self.past.found[seen]
        weight = 0.5 ** ((on - self.past.day[seen]) / (2 * HALF_LIFE))
        mean = _mean(found)
        for name, codes in self.texts.items():
            code = codes[where]
            size = int(codes.max()) + 1
            total = np.bincount(code, weights=weight, minlength=size)
            hits = np.bincount(code, weights=weight * found, minlength=size)
            yield f"alike:{name}", ((hits + FIRM * mean) / (total + FIRM))[codes[place]]
            if size <= DISTRICTS:
                lately = 0.5 ** ((on - self.past.lag - self.past.day[seen]) / LATELY)
                total = np.bincount(code, weights=lately, minlength=size)
                hits = np.bincount(code, weights=lately * found, minlength=size)
                yield f"near:{name}", ((hits + FIRM * mean) / (total + FIRM))[codes[place]]
        for name, (start, words, size) in self.tokens.items():
            yield f"words:{name}", self._wording(start, words, size, where, weight, found)[place]

    def _wording(self, start: Any, words: Any, size: int, where: Any, weight: Any, found: Any) -> Any:
        """Mean over the words of a text of how much more often something was found with that word."""
        count = np.diff(start)
        rows = np.repeat(np.arange(len(where)), count[where])
        within = np.arange(len(rows)) - np.repeat(np.cumsum(count[where]) - count[where], count[where])
        word = words[start[where][rows] + within]
        total = np.bincount(word, weights=weight[rows], minlength=size)
        hits = np.bincount(word, weights=(weight * found)[rows], minlength=size)
        mean = max(_mean(found), 1e-3)  # before anything was found, no word says anything
        lift = np.log((hits + FIRM * mean) / (total + FIRM) / mean)
        sums = np.concatenate([[0.0], np.cumsum(lift[words])])
        return (sums[start[1:]] - sums[start[:-1]]) / np.maximum(count, 1)

    def _near(self, place: Any, on: int) -> Iterator[tuple[str, Any]]:
        """How often something was found near by and lately, the place itself left out."""
        seen = self._before(on)
        where, found, age = self.past.place[seen], self.past.found[seen], on - self.past.lag - self.past.day[seen]
        mean = _mean(found)
        for name, metres, half in NEAR:
            late = np.flatnonzero((age < OLD * half) & ~np.isnan(self.xy[where, 0]))
            values = np.column_stack([np.ones(len(late)), found[late]])
            sums = self._around(place, where[late], metres, 0.5 ** (age[late] / half), values)
            yield f"near:{name}", (sums[:, 1] + 3 * mean) / (sums[:, 0] + 3)

    def _near_measures(self, place: Any, on: int) -> Iterator[tuple[str, Any]]:
        """What was measured near by and lately: where much is written down, much is found."""
        for events in self.past.events:
            upto = int(np.searchsorted(events.day, on - events.lag, side="right"))
            where, age = events.place[:upto], on - events.lag - events.day[:upto]
            recent = np.flatnonzero((age < OLD * LATELY) & ~np.isnan(self.xy[where, 0]))
            names = [n for n, v in events.measures.items() if len(np.unique(v[~np.isnan(v)])) > 3]
            if not names or not len(recent):
                continue
            columns = [np.nan_to_num(events.measures[n][:upto][recent]) for n in names]
            values = np.column_stack([np.ones(len(recent)), *columns])
            sums = self._around(place, where[recent], DISTRICT, 0.5 ** (age[recent] / LATELY), values)
            for n, name in enumerate(names, start=1):
                yield f"near:{events.name}:{name}", (sums[:, n] + 3 * values[:, n].mean()) / (sums[:, 0] + 3)

    def _around(self, place: Any, where: Any, metres: float, weight: Any, values: Any) -> Any:
        """Sums of the values of events, weighted by how near they are to each place; its own events left out."""
        one, two = self.xy[place].astype(np.float32), self.xy[where].astype(np.float32)
        weighted = (values * weight[:, None]).astype(np.float32)
        sums = np.zeros((len(place), values.shape[1]))
        for part in _parts(len(place)):
            apart = np.hypot(one[part, :1] - two[:, 0], one[part, 1:] - two[:, 1])
            kernel = np.exp(apart * np.float32(-1 / metres))
            kernel[place[part][:, None] == where] = 0
            sums[part] = np.nan_to_num(kernel) @ weighted
        return sums

    def _events(self, place: Any, on: int) -> Iterator[tuple[str, Any]]:
        """What was measured at earlier visits, and when and for what the place was visited."""
        for events in self.past.events:
            upto = int(np.searchsorted(events.day, on - events.lag, side="right"))
            where, day = events.place[:upto], events.day[:upto]
            age = on - events.lag - day
            yield from self._visits(events, place, where, day, on)
            weight = 0.5 ** (age / HALF_LIFE)
            for name, values in events.measures.items():
                yield from self._measure(f"{events.name}:{name}", place, where, weight, values[:upto])
            for name, values in events.kinds.items():
                here = values[:upto] > 0
                yield f"kind:{events.name}:{name}", self._sum(where[here], weight[here])[place]

    def _visits(self, events: Events, place: Any, where: Any, day: Any, on: int) -> Iterator[tuple[str, Any]]:
        yield f"visits:{events.name}:years", ((on - self._last(where, day.astype(float))) / YEAR)[place]
        yield f"visits:{events.name}:count", self._sum(where, 0.5 ** ((on - day) / HALF_LIFE))[place]

    def _measure(self, name: str, place: Any, where: Any, weight: Any, values: Any) -> Iterator[tuple[str, Any]]:
        known = ~np.isnan(values)
        where, weight, values = where[known], weight[known], values[known]
        mean = _mean(values)
        total, sums = self._sum(where, weight), self._sum(where, weight * values)
        yield f"mean:{name}", ((sums + mean) / (total + 1))[place]
        if len(np.unique(values)) > 2:
            yield f"last:{name}", self._last(where, values)[place]

    def _person(self, place: Any, on: int, person: Any) -> Iterator[tuple[str, Any]]:
        """How strict the person is, and the place's record measured by who made it."""
        seen = self._before(on)
        known = np.array([p is not None for p in self.past.person[seen]], dtype=bool)
        where, found = self.past.place[seen][known], self.past.found[seen][known]
        who, day = self.past.person[seen][known], self.past.day[seen][known]
        names = sorted(set(who))
        code = np.searchsorted(names, who.astype(str)) if names else np.zeros(0, int)
        mean, size = _mean(found), len(names)
        rate = (np.bincount(code, weights=found, minlength=size) + 5 * mean) / (np.bincount(code, minlength=size) + 5)
        number = {name: n for n, name in enumerate(names)}
        own = np.array([rate[number[p]] if p in number else mean for p in person])
        yield "person:rate", own
        recent = day > on - self.past.lag - 180
        late = (np.bincount(code[recent], weights=found[recent], minlength=size) + 30 * rate) / (
            np.bincount(code[recent], minlength=size) + 30
        )
        yield "person:lately", np.array([late[number[p]] if p in number else mean for p in person])
        weight = 0.5 ** ((on - day) / HALF_LIFE)
        total, over = self._sum(where, weight), self._sum(where, weight * (found - rate[code]))
        yield "person:record", (over / (total + 1))[place]
        for name in names[:20]:
            yield f"person:{name}", np.array([float(p == name) for p in person])


def _mean(values: Any) -> float:
    return float(values.mean()) if len(values) else 0.0


def _parts(size: int) -> Iterator[slice]:
    return (slice(n, n + 256) for n in range(0, size, 256))


def _codes(column: Any) -> Any:
    """Texts as numbers; unknown is one of them."""
    return np.unique([v or "" for v in column], return_inverse=True)[1].reshape(-1)


def _as_text(column: Any) -> Any:
    return np.array([None if np.isnan(v) else f"{v:g}" for v in column], dtype=object)


def _names_things(column: Any) -> bool:
    """Whole numbers that many places share are names: a district, an account, not a quantity."""
    known = column[~np.isnan(column)]
    distinct = len(np.unique(known))
    return bool(len(known)) and bool((known % 1 == 0).all()) and 5 < distinct < 0.9 * len(known)


def _is_prose(column: Any) -> bool:
    """Texts that nearly all differ: names, addresses."""
    known = [v for v in column if v is not None]
    return len(set(known)) > 0.2 * max(len(known), 1)


def _tokens(column: Any) -> tuple[Any, Any, int]:
    """Words of the texts: where each text's words begin, the words as numbers, how many there are."""
    lists = [sorted({w for w in SPLIT.split((v or "").upper()) if len(w) > 1}) for v in column]
    number: dict[str, int] = {}
    words = np.array([number.setdefault(w, len(number)) for each in lists for w in each], dtype=np.int64)
    start = np.concatenate([[0], np.cumsum([len(each) for each in lists])]).astype(np.int64)
    return start, words, max(len(number), 1)


def _metres(point: Any) -> Any:
    """Latitude and longitude as metres on a plane; good for the few kilometres that matter here."""
    middle = np.radians(np.nanmean(point[:, 0])) if (~np.isnan(point[:, 0])).any() else 0.0
    return np.column_stack([point[:, 1] * METRE * np.cos(middle), point[:, 0] * METRE])
