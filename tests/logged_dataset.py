"""A small dataset version in MLflow, as balancing logs one."""

import hashlib

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from mlflow.entities import Dataset, DatasetInput, InputTag

from core.tracking import DATASET_EXPERIMENT, experiment_id, open_client

WORDS = {10: ["roman", "auteur", "page"], 20: ["bâche", "pompe", "filtre"]}


def log_dataset(settings, home, batch_name, noise, holdout=0):
    """Log a dataset version as balancing does: copies beside their originals."""
    random = np.random.default_rng(1)
    labels = np.array([10] * 60 + [20] * 20)
    random.shuffle(labels)
    everything = [word for words in WORDS.values() for word in words]
    frame = pd.DataFrame(
        {
            "productid": np.arange(labels.size),
            "designation": [
                " ".join(
                    random.choice(everything if random.random() < noise else WORDS[c])
                    for _ in range(3)
                )
                for c in labels
            ],
            "description": None,
            "image_path": "x",
            "prdtypecode": labels,
            "fold": np.arange(labels.size) % 4,
            "copy": 0,
        }
    )
    rest = frame[frame.fold != holdout]
    extra = [rest[rest.prdtypecode == 20].assign(copy=n) for n in (1, 2)]
    train_rows = pd.concat([rest, *extra]).sort_values(["productid", "copy"])
    client = open_client(settings)
    folder = home / f"{batch_name}-{holdout}"
    folder.mkdir()
    for name, rows in (
        ("train", train_rows),
        ("validation", frame[frame.fold == holdout]),
    ):
        table = pa.Table.from_pandas(rows, preserve_index=False)
        pq.write_table(table, folder / f"{name}.parquet")
    digest = hashlib.sha256((folder / "train.parquet").read_bytes()).hexdigest()
    run_id = client.create_run(
        experiment_id(client, settings, DATASET_EXPERIMENT),
        run_name=f"{batch_name}_dataset",
        tags={
            "batch_name": batch_name,
            "dataset_digest": digest,
            "load_batch_id": batch_name.removeprefix("week_"),
        },
    ).info.run_id
    client.log_param(run_id, "holdout_fold", holdout)
    entry = Dataset(f"rakuten_{batch_name}", digest[:36], "local", "{}")
    client.log_inputs(
        run_id, [DatasetInput(entry, [InputTag("mlflow.data.context", "training")])]
    )
    client.log_artifacts(run_id, str(folder), "dataset")
    client.set_terminated(run_id)
