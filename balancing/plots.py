"""Pictures of class distributions."""

from collections.abc import Mapping
from pathlib import Path

from matplotlib.figure import Figure


def plot_distribution(path: Path, title: str, counts: Mapping[int, int]) -> None:
    """Draw one bar per class, the largest first, and save it as PNG."""
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    figure = Figure(figsize=(10, 4))
    # A computed layout takes as long as the picture.
    figure.subplots_adjust(left=0.1, right=0.99, bottom=0.2, top=0.92)
    axes = figure.subplots()
    axes.bar([str(code) for code, _ in ordered], [count for _, count in ordered])
    axes.set_title(f"Rows per class {title}")
    axes.set_xlabel("prdtypecode")
    axes.set_ylabel("rows")
    axes.tick_params(axis="x", rotation=60)
    axes.spines[["top", "right"]].set_visible(False)
    # Without the writing program's version the same counts give the same bytes.
    figure.savefig(path, dpi=110, metadata={"Software": None})
