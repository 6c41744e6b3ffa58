import math

import numpy as np
import pytest

from reporting.charts import class_chart, growth_chart, score_chart
from reporting.drift import measure_shift


def test_psi_is_the_published_sum():
    # 0.6/0.4 against 0.4/0.6: 2 * 0.2 * ln 1.5, apart from half a row per bin.
    shift, parts = measure_shift({1: 60_000, 2: 40_000}, {1: 40_000, 2: 60_000})
    assert shift.psi == pytest.approx(2 * 0.2 * math.log(1.5), abs=1e-4)
    assert shift.verdict == "moderate"
    assert sum(part.contribution for part in parts) == pytest.approx(shift.psi)


def test_the_same_shares_are_no_shift():
    shift, _ = measure_shift({1: 500, 2: 300}, {1: 50, 2: 30})
    assert shift.psi < 1e-3
    assert shift.verdict == "within noise"


def test_a_bin_that_was_empty_before_is_large_and_finite():
    shift, parts = measure_shift({1: 1000}, {1: 500, 2: 500})
    assert shift.verdict == "large"
    assert math.isfinite(shift.psi)
    assert parts[0].before in (0, 1)


@pytest.mark.parametrize(("before", "now"), [({}, {1: 5}), ({1: 5}, {}), ({}, {})])
def test_there_is_nothing_to_compare_without_rows(before, now):
    assert measure_shift(before, now) is None


def test_noise_is_what_chance_stays_below_95_times_in_100():
    random = np.random.default_rng(7)
    shares = np.arange(1, 28) / np.arange(1, 28).sum()
    above = 0
    for _ in range(400):
        before, now = (
            dict(enumerate(random.multinomial(rows, shares).tolist()))
            for rows in (30_000, 2_500)
        )
        shift, _ = measure_shift(before, now)
        above += shift.psi > shift.noise
    assert 0.02 <= above / 400 <= 0.08


def test_marks_stay_inside_the_picture_for_one_week_and_for_twenty_one():
    for weeks in (1, 21):
        growth = [
            {"batch": f"week_{i}", "total_rows": 1000 * (i + 1)} for i in range(weeks)
        ]
        chart = growth_chart(growth)
        for column in chart["columns"]:
            assert 0 <= column["x"] <= column["x"] + column["width"] <= chart["width"]
            assert 0 <= column["y"] <= column["y"] + column["height"] <= chart["height"]
        assert chart["columns"][-1]["label"] == f"w{weeks - 1}"
        found = [
            {
                "batch": "week_1",
                "weighted_f1": f,
                "macro_f1": f / 2,
                "champion_before_f1": f if weeks > 1 else None,
            }
            for f in np.linspace(0, 1, weeks)
        ]
        chart = score_chart(found)
        assert all(
            0 <= point[key] <= chart["height"]
            for point in chart["points"]
            for key in ("weighted", "macro", "before")
            if point[key] is not None
        )
        assert [line["label"] for line in (chart["grid"][0], chart["grid"][-1])] == [
            "0",
            "1",
        ]


def test_class_bars_share_one_scale():
    entries = [
        {"products": 9, "train_rows_before": before, "train_rows_after": 80}
        for before in (80, 20)
    ]
    rows = class_chart(entries)["rows"]
    assert rows[1]["before_width"] == pytest.approx(
        rows[0]["before_width"] / 4, abs=0.1
    )
    assert rows[0]["before_width"] == rows[1]["after_width"]
