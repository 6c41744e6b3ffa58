"""Two builders at once, a full disk, a label corrected between weeks."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from copies import copy_warehouse
from forked import start_module
from mlflow.exceptions import MlflowException
from places import make_settings
from queries import run_as_superuser
from samples import write_sample

from balancing import build, versions
from balancing.build import LOCK_FILE, build_dataset
from balancing.export import export_version
from balancing.spec import DatasetSpec
from balancing.verify import verify_version
from balancing.versions import list_versions
from core.errors import PipelineError, ServerError
from core.settings import Settings
from core.tracking import DATASET_EXPERIMENT, WAREHOUSE, experiment_id, open_client
from loaders.load import load_slice
from orchestration import weekly
from orchestration.dbt import BUILD, run_dbt
from training.review import review
from training.run import train
from warehouse.connection import connect
from warehouse.database import prepare


@pytest.fixture(scope="module")
def marts(cluster: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A warehouse with one week of a 1,500-row catalogue."""
    home = tmp_path_factory.mktemp("marts")
    settings = make_settings(
        home, postgres_data_dir=cluster, postgres_db="balancing_faults"
    )
    prepare(settings)
    write_sample(settings.data_path, 1_500, seed=4)
    load_slice(settings, percentage=Decimal(40))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DBT_TARGET_PATH", str(home / "target"))
        run_dbt(settings, BUILD)
    return settings


@pytest.fixture
def ready(marts: Settings, tmp_path: Path) -> Settings:
    return replace(
        marts,
        snapshots_path=tmp_path / "snapshots",
        mlflow_tracking_uri=f"sqlite:///{tmp_path / 'mlflow' / 'mlflow.db'}",
    )


def test_two_builders_at_once_log_one_version(ready: Settings) -> None:
    with ThreadPoolExecutor(2) as pool:
        one, two = pool.map(lambda _: build_dataset(ready, DatasetSpec()), range(2))
    assert one.run_id == two.run_id
    assert sorted([one.reused, two.reused]) == [False, True]
    assert len(list_versions(ready)) == 1


def test_builders_of_two_warehouses_take_turns_in_their_folder(
    ready: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = copy_warehouse(ready, "balancing_two_warehouses")
    # Another warehouse than the one it was copied from, with the same batches.
    run_as_superuser(
        other,
        "update raw.data_loads set started_at = started_at - interval '1 s'",
        database=other.postgres_db,
    )
    inside = 0
    most = 0
    write = build._write

    def write_slowly(*arguments: Any) -> Any:
        nonlocal inside, most
        inside += 1
        most = max(most, inside)
        time.sleep(0.5)
        content = write(*arguments)
        inside -= 1
        return content

    monkeypatch.setattr(build, "_write", write_slowly)
    with ThreadPoolExecutor(2) as pool:
        one, two = pool.map(lambda s: build_dataset(s, DatasetSpec()), (ready, other))
    assert most == 1
    assert one.content.digest == two.content.digest
    assert (one.reused, two.reused) == (False, False)
    assert [run.info.run_id for run in list_versions(ready)] == [one.run_id]
    assert [run.info.run_id for run in list_versions(other)] == [two.run_id]


def test_the_running_version_of_another_warehouse_is_left_alone(
    ready: Settings,
) -> None:
    client = open_client(ready)
    experiment = experiment_id(client, ready, DATASET_EXPERIMENT)
    other, old = (
        client.create_run(experiment, tags=tags).info.run_id
        for tags in ({WAREHOUSE: "0" * 16}, {})
    )
    build_dataset(ready, DatasetSpec())
    assert client.get_run(other).info.status == "RUNNING"
    assert client.get_run(old).info.status == "FAILED"


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Path]:
    """A file system of 32 kB."""
    small = tmp_path / "small"
    small.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=32k", "tmpfs", str(small)],
        capture_output=True,
        text=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip(f"no small file system to fill: {mounted.stderr.strip()}")
    yield small
    subprocess.run(["umount", "--lazy", str(small)], check=True)


def test_a_full_disk_is_reported_and_leaves_nothing(
    ready: Settings, small: Path
) -> None:
    with pytest.raises(PipelineError, match="No space left on device") as error:
        build_dataset(ready, DatasetSpec(out=small))
    assert "Nothing was logged" in str(error.value)
    assert list(small.iterdir()) == [small / LOCK_FILE]
    assert list_versions(ready) == []


def test_a_full_disk_leaves_nothing_of_an_export(ready: Settings, small: Path) -> None:
    run_id = build_dataset(ready, DatasetSpec()).run_id
    for kind in ("csv", "parquet", "hf"):
        with pytest.raises(PipelineError, match="Its files were removed"):
            export_version(ready, run_id, kind, small / "export")
        assert list(small.iterdir()) == []


def test_the_next_builder_finishes_for_one_killed_at_any_moment(
    ready: Settings, tmp_path: Path
) -> None:
    whole = build_dataset(ready, DatasetSpec(out=tmp_path / "undisturbed"))
    fresh = replace(
        ready, mlflow_tracking_uri=f"sqlite:///{tmp_path / 'runs' / 'mlflow.db'}"
    )
    environment = {
        "PATH": os.environ["PATH"],
        "ENV_FILE": os.devnull,
        "POSTGRES_DATA_DIR": str(fresh.postgres_data_dir),
        "POSTGRES_DB": fresh.postgres_db,
        "SNAPSHOTS_PATH": str(fresh.snapshots_path),
        "MLFLOW_TRACKING_URI": fresh.mlflow_tracking_uri,
    }
    # From writing the first file to the last request to MLflow.
    moments = (
        lambda: list(fresh.snapshots_path.glob(".building-*/train.parquet")),
        lambda: list(fresh.snapshots_path.glob("week_1-*/train.parquet")),
        lambda: list((tmp_path / "runs").rglob("train.parquet")),
    )
    killed = 0
    for reached in moments:
        with start_module(["balancing", "build"], env=environment) as builder:
            while builder.poll() is None and not reached():
                time.sleep(0.002)
            builder.kill()
        killed += builder.returncode == -signal.SIGKILL
    assert killed >= 2  # the last moment is short: the builder may have been faster
    again = build_dataset(fresh, DatasetSpec())
    assert again.content.digest == whole.content.digest
    assert len(list_versions(fresh)) == 1
    assert {path.name for path in fresh.snapshots_path.iterdir()} == {
        again.content.folder.name,
        LOCK_FILE,
    }


def test_a_class_that_comes_later_with_a_single_row(
    cluster: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    late = make_settings(
        tmp_path, postgres_data_dir=cluster, postgres_db="balancing_late_class"
    )
    monkeypatch.setenv("DBT_TARGET_PATH", str(tmp_path / "target"))
    prepare(late)
    write_sample(late.data_path, 1_000, seed=5)
    labels = (late.data_path / "Y_train.csv").read_text().replace(",60\n", ",10\n")
    lines = labels.splitlines()
    lines[421] = f"{lines[421].split(',')[0]},60"  # row 420: the second batch
    (late.data_path / "Y_train.csv").write_text("\n".join(lines) + "\n")
    load_slice(late, percentage=Decimal(40))
    run_dbt(late, BUILD)
    load_slice(late)
    run_dbt(late, BUILD)

    before = build_dataset(late, DatasetSpec(as_of="week_1", holdout_fold=None))
    assert len(before.content.train_counts) == 26
    connection = connect(late, "analyst")
    with connection, connection.cursor() as cursor:
        cursor.execute(
            "select productid, fold from training_examples where prdtypecode = 60"
        )
        ((product, fold),) = cursor.fetchall()
    connection.close()
    lost = build_dataset(late, DatasetSpec(holdout_fold=fold))
    assert lost.content.held_out_only == (60, 1301)
    assert lost.content.warning == (
        "Classes 60, 1301 have held-out rows only, so no model can learn them: load more"
        " rows, or hold out another fold."
    )
    monkeypatch.setattr(build, "build_dataset", lambda *_: lost)
    assert weekly._balance(late).message.endswith(f". {lost.content.warning}")
    assert 60 not in lost.content.train_counts
    judged = pq.read_table(lost.content.validation_path).to_pandas()
    assert judged[judged.prdtypecode == 60].productid.tolist() == [product]
    # A model that knows one class less is trained and judged, and its labels reviewed.
    outcome = train(late, lost.run_id)
    assert outcome.promotion.promoted
    assert not review(late, lost.run_id).reused
    after = build_dataset(late, DatasetSpec(holdout_fold=(fold + 1) % 10))
    assert (after.content.held_out_only, after.content.warning) == ((), "")
    assert len(after.content.train_counts) == 27
    rows = pq.read_table(after.content.train_path).to_pandas()
    copies = rows[rows.prdtypecode == 60]
    assert set(copies.productid) == {product}
    assert copies["copy"].tolist() == list(range(rows.prdtypecode.value_counts().max()))


def test_mlflow_lost_in_the_middle_leaves_no_finished_run(
    ready: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(*_: object, **__: object) -> None:
        raise MlflowException("gone")

    with monkeypatch.context() as patch:
        patch.setattr(versions.MlflowClient, "log_artifacts", lost)
        with pytest.raises(ServerError, match="run the same command again"):
            build_dataset(ready, DatasetSpec())
    assert list_versions(ready) == []
    assert not build_dataset(ready, DatasetSpec()).reused
    assert len(list_versions(ready)) == 1


def test_a_corrected_label_and_a_withdrawn_product_stay_in_the_past_week(
    marts: Settings, ready: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = copy_warehouse(marts, "balancing_corrected")
    ready = replace(ready, postgres_db=copy.postgres_db)
    before = build_dataset(ready, DatasetSpec(as_of="week_1"))
    (first, second) = pq.read_table(
        before.content.train_path, filters=[("copy", "=", 0)]
    )["productid"].to_pylist()[:2]
    _correct(ready, relabelled=first, withdrawn=second)
    monkeypatch.setenv("DBT_TARGET_PATH", str(tmp_path / "target"))
    run_dbt(ready, BUILD)
    after = build_dataset(ready, DatasetSpec())
    labels = pq.read_table(after.content.train_path).to_pandas().groupby("productid")
    now = labels.prdtypecode.first()
    then = pq.read_table(before.content.train_path).to_pandas().groupby("productid")
    assert now[first] != then.prdtypecode.first()[first]
    assert second not in now.index
    again = build_dataset(ready, DatasetSpec(as_of="week_1"))
    assert (again.reused, again.content.digest) == (True, before.content.digest)
    assert verify_version(ready, before.run_id).startswith("week_1 is verified")


def _correct(settings: Settings, relabelled: int, withdrawn: int) -> None:
    """Put a batch with a new label and a tombstone into raw."""
    with connect(settings, "loader") as connection, connection.cursor() as cursor:
        cursor.execute(
            "insert into raw.data_loads (batch_name, percentage, total_rows, status,"
            " completed_at) select 'correction_1', percentage, total_rows, 'completed',"
            " clock_timestamp() from raw.data_loads where batch_name = 'week_1'"
            " returning id"
        )
        (batch,) = cursor.fetchone() or (0,)
        cursor.execute(
            "insert into raw.x_train select row_number, designation, description,"
            " productid, imageid, %s, productid = %s from raw.x_train"
            " where productid in (%s, %s)",
            [batch, withdrawn, relabelled, withdrawn],
        )
        cursor.execute(
            "insert into raw.y_train select y.row_number,"
            " case when x.productid <> %s then y.prdtypecode"
            " when y.prdtypecode = 10 then 40 else 10 end, %s"
            " from raw.y_train as y inner join raw.x_train as x using (row_number)"
            " where x.productid in (%s, %s) and x.load_batch_id = %s",
            [relabelled, batch, relabelled, withdrawn, batch],
        )
    connection.close()
