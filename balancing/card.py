"""The card of a dataset version: a README.md as the Hugging Face hub shows it.

https://huggingface.co/docs/hub/datasets-cards
"""

from collections.abc import Mapping
from typing import Any

_CARD = """\
---
pretty_name: Rakuten France products, {batch}
language: [fr]
license: other
license_name: rakuten-data-challenge
license_link: https://challengedata.ens.fr/challenges/35
task_categories: [text-classification]
size_categories: [{size}]
configs:
  - config_name: default
    data_files:
{files}
---

# Rakuten France products, {batch}

Titles and descriptions of products of the Rakuten France catalogue with their type code
(`prdtypecode`, {classes} classes), as they were after the batch {batch}{completed}.

| | |
|---|---|
| Content digest (SHA-256) | `{digest}` |
| Training products | {products:,} |
| Training rows, copies included | {rows:,} |
| Held-out rows | {held_out:,} |
| Strategy | {strategy}, seed {seed} |
| Held-out fold | {fold} |

The training split is oversampled: `copy` is 0 for a product's own row and counts its copies,
which are next to each other, so shuffle before training.{fold_note}

## Classes

| prdtypecode | products | rows after balancing |
|---:|---:|---:|
{table}

## Use

```python
from balancing import load_dataset

train = load_dataset("{batch}")                    # with weight and copies per row
products = load_dataset("{batch}", copies=False)   # each product once
{use_held_out}```

## Terms

The products are those of the Rakuten France Multimodal Product Data Classification
challenge, or synthetic ones where the run is tagged `rakuten.sample`. The challenge's terms do
not allow redistribution: do not publish this dataset.

## Known issues

- Labels were given by sellers or by rules: the mart `label_issues` lists doubtful ones.
- Texts contain HTML, machine translations and damaged letters; some are in other languages.
  The mart `data_issues` lists them, and equal texts in different classes.
- Most rows have no description.
"""

_HELD_OUT_FOLD = """ The held-out fold has the natural
distribution and is never oversampled. A product always keeps its fold, and equal texts share
one."""
_USE_HELD_OUT = """\
held_out = load_dataset("{batch}", "validation")
"""


def write_card(
    metadata: Mapping[str, Any],
    *,
    train: str = "train.parquet",
    validation: str = "validation.parquet",
) -> str:
    """Return the card of a version; the same for the same content.

    Args:
        metadata: what metadata.json holds, see `build.metadata`.
        train: the files of the training split, relative to the card.
        validation: likewise for the held-out split.
    """
    before, after = metadata["class_counts_before"], metadata["class_counts_after"]
    parameters = metadata["parameters"]
    completed = metadata.get("completed_at")
    held_out = metadata["validation_rows"]
    # The library `datasets` refuses a split without rows.
    splits = {"train": train} | ({"validation": validation} if held_out else {})
    return _CARD.format(
        batch=metadata["batch_name"],
        size=_size(metadata["train_rows"]),
        files="\n".join(
            f"      - split: {name}\n        path: {path}"
            for name, path in splits.items()
        ),
        fold_note=_HELD_OUT_FOLD if held_out else "",
        use_held_out=_USE_HELD_OUT.format(batch=metadata["batch_name"])
        if held_out
        else "",
        classes=len(after),
        completed=f" was complete on {completed[:10]}" if completed else "",
        digest=metadata["digest"],
        products=metadata["train_products"],
        rows=metadata["train_rows"],
        held_out=held_out,
        strategy=parameters["strategy"],
        seed=parameters["seed"],
        fold=parameters["holdout_fold"],
        table="\n".join(
            f"| {code} | {before[code]:,} | {after[code]:,} |"
            for code in sorted(after, key=lambda code: -before[code])
        ),
    )


def _size(rows: int) -> str:
    """Return the hub's name for a number of rows."""
    limits = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"))
    larger = ((1_000_000, "100K<n<1M"), (10_000_000, "1M<n<10M"))
    return next(
        (word for limit, word in (*limits, *larger) if rows < limit), "10M<n<100M"
    )
