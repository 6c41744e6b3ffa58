"""Dataset versions from real marts: what they hold, and that they can be rebuilt."""

import json
import tarfile
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pyarrow.compute as pc
import pyarrow.csv as pc_csv
import pyarrow.parquet as pq
import pytest
import yaml
from copies import copy_warehouse
from mlflow import MlflowClient
from places import make_settings
from queries import rows_of
from samples import write_sample

from balancing import load_dataset
from balancing.build import LOCK_FILE, DatasetVersion, build_dataset
from balancing.export import export_version
from balancing.spec import DatasetSpec
from balancing.verify import verify_version
from balancing.versions import find_version, list_versions
from core.errors import PipelineError, ServerError, SourceError
from core.settings import Settings
from core.tracking import SAMPLE, WAREHOUSE
from loaders.load import load_slice
from orchestration.dbt import BUILD, run_dbt
from warehouse.connection import connect
from warehouse.database import prepare
from warehouse.identity import identify_warehouse


@pytest.fixture(scope="module")
def marts(cluster: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A warehouse with two weeks of a 1,500-row catalogue."""
    home = tmp_path_factory.mktemp("marts")
    settings = make_settings(
        home, postgres_data_dir=cluster, postgres_db="balancing_marts"
    )
    prepare(settings)
    write_sample(settings.data_path, 1_500, seed=3)
    load_slice(settings)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DBT_TARGET_PATH", str(home / "target"))
        run_dbt(settings, BUILD)
        load_slice(settings, increment=Decimal(20))
        run_dbt(settings, BUILD)
    return settings


@pytest.fixture
def ready(marts: Settings, tmp_path: Path) -> Settings:
    """The same warehouse with snapshots and MLflow of the test's own."""
    return replace(
        marts,
        snapshots_path=tmp_path / "snapshots",
        mlflow_tracking_uri=f"sqlite:///{tmp_path / 'mlflow' / 'mlflow.db'}",
    )


def counts(path: Path) -> Counter[int]:
    return Counter(pq.read_table(path, columns=["prdtypecode"])[0].to_pylist())


def query(settings: Settings, sql: str) -> list[tuple[int, ...]]:
    connection = connect(settings, "analyst")
    with connection, connection.cursor() as cursor:
        cursor.execute(sql)
        rows = cursor.fetchall()
    connection.close()
    return rows


def folders_in(root: Path) -> list[Path]:
    """Return all but the lock file."""
    return [path for path in root.iterdir() if path.name != LOCK_FILE]


def test_training_rows_are_balanced_and_held_out_rows_are_as_they_come(
    ready: Settings,
) -> None:
    version = build_dataset(ready, DatasetSpec())
    natural = dict(
        query(
            ready,
            "select prdtypecode, count(*) from training_examples where fold > 0 group by 1",
        )
    )
    held_out = dict(
        query(
            ready,
            "select prdtypecode, count(*) from training_examples where fold = 0 group by 1",
        )
    )
    assert counts(version.content.train_path) == dict.fromkeys(
        natural, max(natural.values())
    )
    assert counts(version.content.validation_path) == held_out
    train = pq.read_table(version.content.train_path).to_pandas()
    assert set(train.fold) == set(range(1, 10))
    assert (
        (train["copy"] == 0).sum()
        == sum(natural.values())
        == version.content.train_products
    )
    assert train.productid.is_monotonic_increasing
    assert set(pq.read_table(version.content.validation_path)["fold"].to_pylist()) == {
        0
    }


def test_no_text_is_on_both_sides(ready: Settings) -> None:
    version = build_dataset(ready, DatasetSpec())
    sides = [
        set(
            map(
                tuple,
                pq.read_table(path, columns=["designation", "description"])
                .to_pandas()
                .to_numpy(),
            )
        )
        for path in (version.content.train_path, version.content.validation_path)
    ]
    assert not sides[0] & sides[1]


def test_the_same_content_is_logged_once_and_written_to_the_same_bytes(
    ready: Settings,
) -> None:
    first = build_dataset(ready, DatasetSpec())
    content = first.content.train_path.read_bytes()
    second = build_dataset(ready, DatasetSpec())
    assert (first.reused, second.reused) == (False, True)
    assert (second.run_id, second.content.digest) == (
        first.run_id,
        first.content.digest,
    )
    assert second.content.train_path.read_bytes() == content
    assert len(list_versions(ready)) == 1


@pytest.mark.parametrize("damage", ["empty", "other bytes", "gone"])
def test_files_that_a_power_loss_damaged_are_logged_again(
    ready: Settings, damage: str
) -> None:
    first = build_dataset(ready, DatasetSpec())
    artifacts = MlflowClient(ready.mlflow_tracking_uri).get_run(first.run_id).info
    stored = Path(artifacts.artifact_uri.removeprefix("file://")) / "dataset"
    kept = (stored / "train.parquet").read_bytes()
    if damage == "gone":
        (stored / "train.parquet").unlink()
        (stored / "metadata.json").unlink()
    else:
        other = bytes(len(kept)) if damage == "other bytes" else b""
        (stored / "train.parquet").write_bytes(other)
    again = build_dataset(ready, DatasetSpec())
    assert (again.reused, again.run_id) == (True, first.run_id)
    assert (stored / "train.parquet").read_bytes() == kept
    assert (stored / "metadata.json").exists()
    assert verify_version(ready, first.run_id).startswith("week_2 is verified")


def test_a_version_names_its_warehouse_and_the_build_that_audited_it(
    ready: Settings,
) -> None:
    tags = find_version(ready, build_dataset(ready, DatasetSpec()).run_id).data.tags
    assert tags[WAREHOUSE] == identify_warehouse(ready).id
    assert tags[SAMPLE] == "false"
    ((audit,),) = rows_of(
        ready,
        "select invocation_id from intermediate.int_audited_batches"
        " where batch_name = 'week_2'",
    )
    assert tags["dbt_invocation_id"] == audit


def test_the_files_of_a_killed_builder_are_removed(ready: Settings) -> None:
    leftover = ready.snapshots_path / ".building-x"
    leftover.mkdir(parents=True)
    (leftover / "train.parquet").write_bytes(b"half")
    version = build_dataset(ready, DatasetSpec())
    assert folders_in(ready.snapshots_path) == [version.content.folder]


def test_another_seed_is_another_version(ready: Settings) -> None:
    digests = {
        build_dataset(ready, DatasetSpec(seed=seed)).content.digest for seed in (1, 2)
    }
    assert len(digests) == 2


def test_without_a_holdout_every_product_is_a_training_row(ready: Settings) -> None:
    version = build_dataset(ready, DatasetSpec(holdout_fold=None))
    (total,) = query(ready, "select count(*) from training_examples")[0]
    assert (version.content.train_products, version.content.validation_rows) == (
        total,
        0,
    )


def test_a_past_week_can_be_rebuilt_and_is_verified(ready: Settings) -> None:
    version = build_dataset(ready, DatasetSpec(as_of="week_1"))
    (rows,) = query(
        ready, "select count(*) from products_history where load_batch_id = 1"
    )[0]
    assert version.content.batch.name == "week_1"
    assert (
        version.content.train_products + version.content.validation_rows == rows == 600
    )
    assert verify_version(ready, "week_1").startswith("week_1 is verified")


def test_a_batch_that_a_stopped_build_left_in_some_marts_is_in_no_dataset(
    marts: Settings,
    ready: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DBT_TARGET_PATH", str(tmp_path / "target"))
    copy = copy_warehouse(marts, "balancing_stopped")
    stopped = replace(ready, postgres_db=copy.postgres_db)
    before = build_dataset(stopped, DatasetSpec())
    load_slice(stopped)
    run_dbt(stopped, [*BUILD, "--exclude", "data_loads", "current_data_state"])
    ((newest, published),) = query(
        stopped,
        "select max(load_batch_id), (select max(id) from data_loads)"
        " from training_examples",
    )
    assert (newest, published) == (3, 2)
    assert build_dataset(stopped, DatasetSpec()).run_id == before.run_id
    run_dbt(stopped, BUILD)
    after = build_dataset(stopped, DatasetSpec())
    assert after.content.batch.name == "week_3"
    assert after.content.digest != before.content.digest


def test_a_history_without_the_newest_week_gives_no_past_week_its_rows(
    marts: Settings, ready: Settings
) -> None:
    past = build_dataset(ready, DatasetSpec(as_of="week_1")).run_id
    copy = copy_warehouse(marts, "balancing_lost_history")
    lost = replace(ready, postgres_db=copy.postgres_db)
    rows_of(lost, "delete from marts.products_history where load_batch_id = 2")
    assert build_dataset(lost, DatasetSpec(as_of="week_1")).run_id == past
    rows_of(lost, "drop table marts.products_history cascade")
    with pytest.raises(SourceError, match="run `make load` and `make build`"):
        build_dataset(lost, DatasetSpec())


def test_the_newest_week_is_the_same_from_the_mart_and_from_history(
    ready: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    from balancing import build

    from_mart = build_dataset(ready, DatasetSpec())
    find = build.find_batch
    monkeypatch.setattr(
        build,
        "find_batch",
        lambda *arguments: find(*arguments).__class__(
            **{**find(*arguments).__dict__, "newest": False}
        ),
    )
    assert (
        build_dataset(ready, DatasetSpec()).content.digest == from_mart.content.digest
    )


def test_verify_notices_a_changed_file(ready: Settings) -> None:
    version = build_dataset(ready, DatasetSpec())
    folder = (
        MlflowClient(ready.mlflow_tracking_uri)
        .get_run(version.run_id)
        .info.artifact_uri
    )
    stored = Path(folder.removeprefix("file://")) / "dataset" / "train.parquet"
    stored.write_bytes(stored.read_bytes()[:-1] + b"X")
    with pytest.raises(PipelineError, match="does not have the bytes"):
        verify_version(ready, version.run_id)


def test_a_mart_that_contradicts_itself_is_not_logged(
    ready: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    from balancing import build

    monkeypatch.setattr(build, "read_class_counts", lambda *_: {10: 1})
    with pytest.raises(SourceError, match=r"Class 10 has .* rows in the dataset"):
        build_dataset(ready, DatasetSpec())
    assert list_versions(ready) == []
    assert folders_in(ready.snapshots_path) == []


def test_mlflow_down_keeps_the_files_and_the_retry_logs_them(ready: Settings) -> None:
    down = replace(ready, mlflow_tracking_uri="http://127.0.0.1:9")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
        with pytest.raises(ServerError, match="run the same command again") as error:
            build_dataset(down, DatasetSpec())
    (folder,) = folders_in(ready.snapshots_path)
    assert str(folder) in str(error.value)
    assert (folder / "train.parquet").exists()
    version: DatasetVersion = build_dataset(ready, DatasetSpec())
    assert (version.reused, version.content.folder) == (False, folder)


def test_a_run_left_behind_by_a_killed_builder_is_marked_failed(
    ready: Settings,
) -> None:
    done = build_dataset(ready, DatasetSpec())
    client = MlflowClient(ready.mlflow_tracking_uri)
    experiment = client.get_run(done.run_id).info.experiment_id
    left = client.create_run(experiment, tags={"dataset_digest": "d"}).info.run_id
    build_dataset(ready, DatasetSpec())
    assert client.get_run(left).info.status == "FAILED"
    assert client.get_run(done.run_id).info.status == "FINISHED"


def test_the_run_describes_the_version(ready: Settings) -> None:
    version = build_dataset(ready, DatasetSpec(seed=5))
    run = find_version(ready, "week_2")
    assert run.info.run_name == "week_2_dataset"
    assert run.data.tags["dataset_digest"] == version.content.digest
    assert run.data.params == {
        "strategy": "random_oversampling",
        "seed": "5",
        "holdout_fold": "0",
    }
    train = counts(version.content.train_path)
    assert {c: run.data.metrics[f"class_{c}_count"] for c in train} == train
    assert run.data.metrics["imbalance_ratio_after"] == 1
    (entry,) = run.inputs.dataset_inputs
    assert entry.dataset.digest == version.content.digest[:36]
    assert json.loads(entry.dataset.profile) == {"num_rows": version.content.train_rows}
    names = {
        f.path
        for f in MlflowClient(ready.mlflow_tracking_uri).list_artifacts(
            run.info.run_id, "dataset"
        )
    }
    assert names == {
        "dataset/train.parquet",
        "dataset/validation.parquet",
        "dataset/metadata.json",
        "dataset/README.md",
        "dataset/distribution_before.png",
        "dataset/distribution_after.png",
    }


@pytest.mark.parametrize("kind", ["csv", "parquet", "hf"])
def test_an_export_has_the_rows_of_the_version(
    ready: Settings, tmp_path: Path, kind: str
) -> None:
    version = build_dataset(ready, DatasetSpec())
    out = tmp_path / "export"
    export_version(ready, version.run_id, kind, out)
    if kind == "csv":
        options = pc_csv.ParseOptions(newlines_in_values=True)
        table = pc_csv.read_csv(out / "train.csv", parse_options=options)
        assert (
            table["productid"].to_pylist()
            == pq.read_table(version.content.train_path)["productid"].to_pylist()
        )
    else:
        name = (
            "train.parquet"
            if kind == "parquet"
            else "data/train-00000-of-00001.parquet"
        )
        exported = pq.read_table(out / name)
        stored = pq.read_table(version.content.train_path)
        assert exported.select(stored.column_names).equals(stored)
        assert exported.column_names == [*stored.column_names, "weight", "copies"]
    if kind == "hf":
        assert "path: data/train-*.parquet" in (out / "README.md").read_text()
    with pytest.raises(PipelineError, match="already exists"):
        export_version(ready, version.run_id, kind, out)


def test_a_version_is_loaded_with_weights_once_per_product_and_with_pictures(
    ready: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = build_dataset(ready, DatasetSpec())
    data = tmp_path / "data"
    settings = replace(ready, data_path=data)
    monkeypatch.setattr("balancing.reading.load_settings", lambda: settings)
    rows = load_dataset(version.run_id)
    stored = pq.read_table(version.content.train_path)
    assert len(rows) == version.content.train_rows
    assert rows["productid"].tolist() != stored["productid"].to_pylist()
    assert (
        load_dataset(version.run_id, seed=None, as_arrow=True)
        .select(stored.column_names)
        .equals(stored)
    )
    products = load_dataset(version.run_id, copies=False, seed=None)
    assert len(products) == version.content.train_products
    assert products["copies"].sum() == version.content.train_rows
    assert products["weight"].mean() == pytest.approx(1)
    by_class = products.groupby("prdtypecode")["weight"]
    assert by_class.sum().tolist() == pytest.approx([len(products) / 27] * 27)

    path = products["image_path"].iloc[0]
    (data / path).parent.mkdir(parents=True)
    (data / path).write_bytes(b"picture")
    missing = f"{len(products) - 1:,} of {len(products):,} rows have no picture"
    with pytest.warns(UserWarning, match=missing):
        pictured = load_dataset(version.run_id, copies=False, seed=None, images=True)
    assert pictured["image"].iloc[0] == str(data / path)
    assert pictured["image"].iloc[1:].isna().all()


@pytest.fixture
def pictured(
    ready: Settings, tmp_path: Path
) -> tuple[Settings, DatasetVersion, set[int]]:
    """A version, a folder with a picture of every product but three, those three."""
    version = build_dataset(ready, DatasetSpec())
    rows = pq.read_table(version.content.train_path).filter(pc.field("copy") == 0)
    missing = set(rows["productid"].to_pylist()[:3])
    for product, path in zip(
        rows["productid"].to_pylist(), rows["image_path"].to_pylist(), strict=True
    ):
        picture = tmp_path / "pictures" / path
        picture.parent.mkdir(parents=True, exist_ok=True)
        if product not in missing:
            picture.write_bytes(f"picture {product}".encode())
    return replace(ready, data_path=tmp_path / "pictures"), version, missing


def test_an_export_for_datasets_holds_each_product_with_its_picture(
    pictured: tuple[Settings, DatasetVersion, set[int]], tmp_path: Path
) -> None:
    settings, version, missing = pictured
    out = tmp_path / "hf"
    exported = export_version(settings, version.run_id, "hf", out, images=True)
    table = pq.read_table(out / "data" / "train-00000-of-00001.parquet")
    assert len(table) == exported.rows["train"] == version.content.train_products
    for row in table.to_pylist():
        product = row["productid"]
        picture = None if row["image"] is None else row["image"]["bytes"]
        assert picture == (
            None if product in missing else f"picture {product}".encode()
        )
    held_out = exported.rows["validation"]
    assert exported.pictures == version.content.train_products - 3
    # The held-out products have no pictures here.
    assert len(exported.missing) == 3 + held_out
    listed = (out / "missing_images.txt").read_text().split()
    assert [int(line) for line in listed] == exported.missing
    features = json.loads(table.schema.metadata[b"huggingface"])["info"]["features"]
    assert features["image"] == {"_type": "Image"}
    assert features["weight"] == {"dtype": "float64", "_type": "Value"}
    assert sum(table["copies"].to_pylist()) == version.content.train_rows


def test_webdataset_shards_hold_text_class_and_picture(
    pictured: tuple[Settings, DatasetVersion, set[int]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings, version, missing = pictured
    monkeypatch.setattr("balancing.shards.MOST_SAMPLES", 400)
    out = tmp_path / "shards"
    export_version(settings, version.run_id, "webdataset", out, images=True)
    shards = sorted(path.name for path in out.glob("train-*.tar"))
    number = -(-version.content.train_products // 400)
    assert shards == [f"train-{n:06}.tar" for n in range(number)]
    rows = {
        row["productid"]: row
        for row in pq.read_table(version.content.train_path).to_pylist()
        if row["copy"] == 0
    }
    seen = set()
    for shard in shards:
        with tarfile.open(out / shard) as tar:
            members = {m.name: tar.extractfile(m).read() for m in tar.getmembers()}
        for product in {int(name.partition(".")[0]) for name in members}:
            seen.add(product)
            row = json.loads(members[f"{product}.json"])
            assert row | rows[product] == row
            assert int(members[f"{product}.cls"]) == rows[product]["prdtypecode"]
            picture = members.get(f"{product}.jpg")
            assert picture == (
                None if product in missing else f"picture {product}".encode()
            )
    assert seen == set(rows)


def test_pictures_are_refused_where_they_cannot_be(
    ready: Settings, tmp_path: Path
) -> None:
    run_id = build_dataset(ready, DatasetSpec()).run_id
    with pytest.raises(PipelineError, match="The format csv cannot hold images"):
        export_version(ready, run_id, "csv", tmp_path / "out", images=True)
    with pytest.raises(PipelineError, match=r"There is no folder .*images"):
        export_version(ready, run_id, "hf", tmp_path / "out", images=True)
    assert not (tmp_path / "out").exists()


def test_a_version_has_a_card(ready: Settings) -> None:
    version = build_dataset(ready, DatasetSpec())
    card = (version.content.folder / "README.md").read_text()
    header = yaml.safe_load(card.split("---")[1])
    assert header["configs"][0]["data_files"] == [
        {"split": "train", "path": "train.parquet"},
        {"split": "validation", "path": "validation.parquet"},
    ]
    assert version.content.digest in card
    assert (
        f"| Training rows, copies included | {version.content.train_rows:,} |" in card
    )
    assert build_dataset(ready, DatasetSpec()).content.folder == version.content.folder
    assert (version.content.folder / "README.md").read_text() == card


def test_without_a_hold_out_the_export_names_no_split_without_rows(
    ready: Settings, tmp_path: Path
) -> None:
    version = build_dataset(ready, DatasetSpec(holdout_fold=None))
    out = tmp_path / "export"
    export = export_version(ready, version.run_id, "hf", out)
    assert export.rows == {"train": version.content.train_rows, "validation": 0}
    card = (out / "README.md").read_text()
    header = yaml.safe_load(card.split("---")[1])
    assert header["configs"][0]["data_files"] == [
        {"split": "train", "path": "data/train-*.parquet"}
    ]
    assert [path.name for path in (out / "data").iterdir()] == [
        "train-00000-of-00001.parquet"
    ]
    assert "held-out fold has" not in card
    assert '"validation")' not in card


def test_an_unknown_batch_is_refused(ready: Settings) -> None:
    with pytest.raises(SourceError, match="the marts hold week_1 to week_2"):
        build_dataset(ready, DatasetSpec(as_of="week_9"))


def test_empty_marts_are_refused(settings: Settings) -> None:
    with pytest.raises(SourceError, match="hold no batch yet"):
        build_dataset(settings, DatasetSpec())
