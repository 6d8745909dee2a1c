"""Two people, one record: for any three values nothing is silently overwritten."""

from hypothesis import HealthCheck, settings
from hypothesis import given as drawn
from hypothesis import strategies as st

from sanxiao.survey import merging


def given(*strategies):
    """Many values; a busy machine that draws them slowly is no failure."""
    return lambda test: settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])(drawn(*strategies)(test))


NAMES = st.sampled_from(["water", "address", "problems", "workers", "location"])
VALUES = st.one_of(
    st.none(), st.just(""), st.sampled_from(["tap", "well", "none"]), st.integers(0, 5),
    st.lists(st.sampled_from(["dirty", "messy", "poor"]), unique=True, max_size=3),
)  # fmt: skip
RECORDS = st.dictionaries(NAMES, VALUES, max_size=5)


def merged(base, ours, theirs, touched):
    """The file after the merge, and the verdicts."""
    verdicts = merging.weigh(theirs, ours, base, touched)
    return ours | {name: theirs[name] for name, said in verdicts.items() if said == merging.TAKE}, verdicts


@given(RECORDS, RECORDS, RECORDS)
def test_what_the_office_changed_since_is_never_overwritten(base, ours, theirs):
    base = {name: base.get(name) for name in theirs}  # what a phone was given says so also where it was nothing
    after, _verdicts = merged(base, ours, theirs, set())
    for name in ours:
        if not merging.alike(name, base.get(name), ours[name]) and name in theirs:
            assert merging.alike(name, after[name], ours[name])


@given(RECORDS, RECORDS, RECORDS)
def test_what_the_phone_changed_is_taken_or_shown_to_a_person_and_never_lost(base, ours, theirs):
    base = {name: base.get(name) for name in theirs}
    after, verdicts = merged(base, ours, theirs, set())
    for name, value in theirs.items():
        if not merging.alike(name, base[name], value):
            assert verdicts[name] == merging.CLASH or merging.alike(name, after.get(name), value)


@given(RECORDS, RECORDS, RECORDS)
def test_only_what_both_changed_differently_asks_a_person(base, ours, theirs):
    base = {name: base.get(name) for name in theirs}
    for name, said in merging.weigh(theirs, ours, base, set()).items():
        three = (base[name], ours.get(name), theirs[name])
        apart = not any(merging.alike(name, a, b) for a, b in ((three[0], three[1]), (three[0], three[2])))
        assert (said == merging.CLASH) == (apart and not merging.alike(name, three[1], three[2]))


@given(RECORDS, RECORDS, st.sets(NAMES))
def test_a_client_that_says_no_base_overwrites_nothing_that_the_office_touched(ours, theirs, touched):
    after, verdicts = merged(None, ours, theirs, touched)
    for name in touched & set(theirs):
        assert merging.alike(name, after.get(name), ours.get(name))
        assert verdicts[name] in (merging.CLASH, merging.SAME)


@given(RECORDS, RECORDS, RECORDS)
def test_doing_it_twice_changes_nothing_more(base, ours, theirs):
    base = {name: base.get(name) for name in theirs}
    after, _verdicts = merged(base, ours, theirs, set())
    again, _verdicts = merged(base, after, theirs, set())
    assert again == after


def test_choices_count_in_any_order_and_a_few_steps_are_the_same_spot():
    assert merging.alike("problems", ["dirty", "poor"], "poor dirty")
    assert merging.alike("location", [31.72, 119.57], "31.7201 119.5701 0 8")
    assert not merging.alike("location", [31.72, 119.57], [31.73, 119.57])
