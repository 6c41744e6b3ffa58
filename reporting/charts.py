"""Coordinates of the report's charts; the templates draw them as SVG.

All lengths are units of a picture 400 wide: a phone shows it about one to one, a
desktop somewhat larger, and its labels stay readable on both.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

WIDTH = 400
_LEFT, _RIGHT, _TOP, _BOTTOM = 40, 8, 14, 24
_HEIGHT = 190
_ROW = 29
_VALUE = 46


def growth_chart(growth: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return one column per batch, as high as the rows loaded so far."""
    top = _round_up(max(entry["total_rows"] for entry in growth))
    step = (WIDTH - _LEFT - _RIGHT) / len(growth)
    width = min(step * 0.72, 46)
    columns = []
    for index, entry in enumerate(growth):
        y = _y(entry["total_rows"], 0, top)
        columns.append(
            {
                "x": round(_LEFT + step * (index + 0.5) - width / 2, 1),
                "middle": round(_LEFT + step * (index + 0.5), 1),
                "y": y,
                "width": round(width, 1),
                "height": round(_HEIGHT - _BOTTOM - y, 1),
                "label": _short(entry["batch"]) if _labelled(index, growth) else "",
                "entry": entry,
            }
        )
    grid = [
        {"y": _y(top * part / 2, 0, top), "label": _thousands(top * part / 2)}
        for part in range(3)
    ]
    return {"columns": columns, "grid": grid, **_frame()}


def score_chart(trainings: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return three marks per batch: the new model's two F1, and the champion's before.

    The axis is the whole range of F1, from 0 to 1, so that a small difference looks
    small.
    """
    step = (WIDTH - _LEFT - _RIGHT) / len(trainings)
    points = []
    for index, training in enumerate(trainings):
        before = training["champion_before_f1"]
        points.append(
            {
                "x": round(_LEFT + step * (index + 0.5), 1),
                "weighted": _y(training["weighted_f1"], 0, 1),
                "macro": _y(training["macro_f1"], 0, 1),
                "before": None if before is None else _y(before, 0, 1),
                "label": _short(training["batch"])
                if _labelled(index, trainings)
                else "",
                "entry": training,
            }
        )
    lines = {
        key: " ".join(f"{point['x']},{point[key]}" for point in points)
        for key in ("weighted", "macro")
    }
    grid = [
        {"y": _y(value, 0, 1), "label": f"{value:g}"}
        for value in (0, 0.25, 0.5, 0.75, 1)
    ]
    return {"points": points, "lines": lines, "grid": grid, **_frame()}


def class_chart(classes: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return two bars per class: training rows before and after balancing.

    Without a dataset version there is one bar, the products of the catalogue. The name
    of the class has a line of its own above its bars, so that it is never cut.
    """
    sampled = all(entry["train_rows_after"] for entry in classes)
    pairs = [
        (entry["train_rows_before"], entry["train_rows_after"])
        if sampled
        else (entry["products"], 0)
        for entry in classes
    ]
    longest = max(max(pair) for pair in pairs)
    scale = (WIDTH - _VALUE) / longest
    rows = [
        {
            "y": index * _ROW,
            "before": before,
            "after": after,
            "before_width": round(before * scale, 1),
            "after_width": round(after * scale, 1),
            "entry": entry,
        }
        for index, (entry, (before, after)) in enumerate(
            zip(classes, pairs, strict=True)
        )
    ]
    return {
        "rows": rows,
        "sampled": sampled,
        "width": WIDTH,
        "height": len(rows) * _ROW,
    }


def _frame() -> dict[str, int]:
    return {
        "width": WIDTH,
        "height": _HEIGHT,
        "left": _LEFT,
        "right": WIDTH - _RIGHT,
        "bottom": _HEIGHT - _BOTTOM,
    }


def _y(value: float, low: float, high: float) -> float:
    share = (value - low) / (high - low) if high > low else 0.5
    return round(_HEIGHT - _BOTTOM - share * (_HEIGHT - _TOP - _BOTTOM), 1)


def _round_up(value: float) -> float:
    """Return the next round number (1, 2, 4, 5, 6, 8 times a power of ten)."""
    power: float = 10 ** math.floor(math.log10(max(value, 1)))
    return next(
        step * power for step in (1, 2, 4, 5, 6, 8, 10) if step * power >= value
    )


def _thousands(value: float) -> str:
    return f"{value / 1000:g}k" if value >= 1000 else f"{value:g}"


def _labelled(index: int, entries: Sequence[object]) -> bool:
    """Return whether there is room for this label: all of ten, every third of more."""
    every = 1 if len(entries) <= 10 else 3
    return (len(entries) - 1 - index) % every == 0


def _short(batch: str) -> str:
    """Shorten `week_12` to `w12` and `correction_1` to `c1`."""
    kind, _, number = batch.partition("_")
    return f"{kind[:1]}{number}"
