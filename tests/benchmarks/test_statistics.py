"""Turns, ratios of the same round, medians, spread and bars, on figures worked out by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness import Limit, Pair, Part, rate, repeated, seconds, take_turns
from harness.measure import in_new_processes

POSITIVE = st.floats(0.01, 100)


def part(**options):
    figures = {"ours": [4.0, 6.0, 10.0], "torch": [2.0, 2.0, 2.0], "NumPy floor": [8.0, 6.0, 5.0]}
    return Part("work", "done by all", "a second", figures, **options)


def test_contenders_take_turns_after_a_round_that_does_not_count():
    seen = []

    def run(name):
        seen.append(name)
        return float(len(seen))

    figures = take_turns({"a": lambda: run("a"), "b": lambda: run("b")}, 2)
    assert seen == ["a", "b"] * 3
    assert figures == {"a": [3.0, 5.0], "b": [4.0, 6.0]}
    assert take_turns({"a": lambda: 1.0}, 2, warm_up=False) == {"a": [1.0, 1.0]}


def test_a_ratio_is_that_of_the_same_round():
    (ratio,) = part(pairs=[Pair("ours", "torch")]).ratios
    assert ratio.values == [2.0, 3.0, 5.0]
    assert (ratio.median, ratio.spread, ratio.met) == (3.0, (2.0, 5.0), None)


def test_a_ratio_of_costs_is_turned_over():
    (ratio,) = part(pairs=[Pair("ours", "torch")], less_is_better=True).ratios
    assert ratio.values == [1 / 2, 1 / 3, 1 / 5]


@pytest.mark.parametrize(("bar", "met"), [(2.9, True), (3.0, True), (3.1, False)])
def test_the_median_must_reach_the_bar(bar, met):
    (ratio,) = part(pairs=[Pair("ours", "torch", bar)]).ratios
    assert ratio.met is met


@pytest.mark.parametrize(("limit", "exceeded"), [(5.9, True), (6.0, False)])
def test_the_median_must_keep_the_limit(limit, exceeded):
    kept = Limit("ours", limit)
    assert part(limits=[kept]).exceeded(kept) is exceeded


@given(st.lists(st.tuples(POSITIVE, POSITIVE), min_size=1, max_size=7), POSITIVE)
def test_a_machine_that_is_slow_for_a_while_changes_no_ratio(pairs, factor):
    ours, theirs = map(list, zip(*pairs, strict=True))
    slowed = [value * factor for value in ours[:1]] + ours[1:]
    slowed_too = [value * factor for value in theirs[:1]] + theirs[1:]
    before, after = (
        Part("", "", "", {"a": a, "b": b}, [Pair("a", "b")]).ratios[0]
        for a, b in ((ours, theirs), (slowed, slowed_too))
    )
    assert after.values == pytest.approx(before.values)
    assert before.spread[0] <= before.median <= before.spread[1]


def test_figures_are_of_the_work(monkeypatch):
    clock = iter([10.0, 12.0, 20.0, 24.0])
    monkeypatch.setattr("harness.measure.time.perf_counter", lambda: next(clock))
    done = []
    assert seconds(lambda: done.append(1))() == 2.0
    assert rate(lambda: done, 8)() == 2.0
    repeated(3, lambda: done.append(2))()
    assert done == [1, 2, 2, 2]


def test_programs_run_in_turns_in_new_processes():
    code = "import json; print('words'); print(json.dumps({'a': 1, 'b': %d}))"
    found = in_new_processes({"x": ["-c", code % 2], "y": ["-c", code % 3]}, 2)
    assert found == {"a": {"x": [1, 1], "y": [1, 1]}, "b": {"x": [2, 2], "y": [3, 3]}}
