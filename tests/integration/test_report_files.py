"""The report of hand-made marts, compared with figures counted by hand."""

import json
import re
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

import pytest
from logged_dataset import log_dataset
from psycopg2.extras import execute_values

from core.errors import PipelineError, SourceError
from core.settings import Settings
from core.tracking import MODEL_NAME, TRAINING_EXPERIMENT, open_client
from reporting.answers import answer_questions
from reporting.index import write_index
from reporting.label_review import write_label_review
from reporting.links import mlflow_address
from reporting.report import write_report
from reporting.steps import StepResult
from training.run import train
from warehouse.connection import connect

START = datetime(2026, 1, 5, tzinfo=UTC)
FOREVER = datetime(9999, 12, 31, tzinfo=UTC)
STEPS = [
    StepResult("load", "ok", 1.25, "10 rows", {"rows": 10}),
    StepResult("build", "ok", 61.0, "built"),
    StepResult("train", "failed", 2.0, "Error: <b>no</b> rows"),
]


def _at(batch):
    return START + timedelta(weeks=batch - 1)


@pytest.fixture
def marts(settings):
    """Three batches: 20 products, 10 more, then one changed and one withdrawn.

    Products 1 and 21 share a text, in two classes, from the second batch on.
    """
    versions = []  # productid, class, designation, batch, until, operation
    for product in range(1, 31):
        batch = 1 if product <= 20 else 2
        code = 10 if product <= 12 or product > 28 else 20
        text = "twin" if product in (1, 21) else f"text {product}" + "." * product
        until = _at(3) if product in (2, 3) else FOREVER
        versions.append((product, code, text, batch, until, "INSERT"))
    versions.append((2, 10, "text 2, corrected", 3, FOREVER, "UPDATE"))
    versions.append((3, 10, "text 3", 3, FOREVER, "DELETE"))
    connection = connect(settings, "transformer")
    with connection, connection.cursor() as cursor:
        cursor.execute("""
            create table marts.products_history (
                productid bigint, designation text, description text,
                load_batch_id bigint, valid_from timestamptz, valid_to timestamptz,
                operation_type text);
            create table marts.labels_history (
                productid bigint, prdtypecode integer, load_batch_id bigint,
                valid_from timestamptz, valid_to timestamptz, operation_type text);
            create table marts.class_distribution (prdtypecode integer, category text);
            create table intermediate.audits (
                invocation_id text, after_batch bigint, last_batch bigint,
                started_at timestamptz default clock_timestamp(), results jsonb);
            create table intermediate.int_audited_batches (
                load_batch_id bigint, invocation_id text);
            create table marts.data_loads (id bigint, status text);
            insert into marts.data_loads values
                (1, 'completed'), (2, 'completed'), (3, 'completed'), (4, 'failed');
            insert into marts.class_distribution values
                (10, 'Books <script>alert(1)</script>'), (20, 'Pools');
        """)
        execute_values(
            cursor,
            "insert into marts.products_history values %s",
            [(p, t, None, b, _at(b), u, o) for p, _, t, b, u, o in versions],
        )
        execute_values(
            cursor,
            "insert into marts.labels_history values %s",
            [(p, c, b, _at(b), u, o) for p, c, _, b, u, o in versions],
        )
    connection.close()
    connection = connect(settings, "loader")
    with connection, connection.cursor() as cursor:
        cursor.execute("""
            create table raw.data_loads (
                id bigint, batch_name text, percentage numeric(5, 2), total_rows bigint,
                completed_at timestamptz, status text, metadata jsonb,
                started_at timestamptz not null default clock_timestamp())
        """)
    connection.close()
    _load(
        settings,
        (1, "week_1", 40, 20, _at(1), "completed"),
        (2, "week_2", 43, 30, _at(2), "completed"),
        (3, "correction_1", 43, 30, _at(3), "completed"),
        (4, "week_3", 46, None, None, "failed"),
    )
    return settings


def _load(settings, *batches):
    connection = connect(settings, "loader")
    with connection, connection.cursor() as cursor:
        execute_values(
            cursor,
            "insert into raw.data_loads values %s",
            [(*batch, '{"source": "sample"}') for batch in batches],
        )
    connection.close()


def _document(report):
    return json.loads(report.json.read_text(encoding="utf-8"))


def test_each_report_shows_the_catalogue_as_of_its_batch(marts):
    first, second, third = (
        _document(write_report(marts, name))
        for name in ("week_1", "week_2", "correction_1")
    )
    assert first["load"]["rows_added"] == 20
    assert first["load"]["synthetic_sample"]
    assert first["drift"]["classes"] is None
    assert first["duplicates"] == {
        "products": 0,
        "texts": 0,
        "conflicting": 0,
        "new": 0,
    }
    assert [c["products"] for c in first["classes"]] == [12, 8]

    assert second["load"]["inserted"] == 10
    assert second["duplicates"] == {
        "products": 2,
        "texts": 1,
        "conflicting": 1,
        "new": 1,
    }
    by_class = {c["prdtypecode"]: c for c in second["classes"]}
    assert by_class[10]["share_before"] == pytest.approx(12 / 20)
    assert by_class[10]["share_in_slice"] == pytest.approx(2 / 10)
    assert second["drift"]["classes"]["psi"] == pytest.approx(
        sum(c["psi"] for c in second["classes"])
    )
    # Longer texts come later: the slice lies in the upper bins only, but for the twin.
    bins = second["drift"]["text_length_bins"]
    assert sum(b["share_in_slice"] for b in bins) == pytest.approx(1)
    assert bins[-1]["share_in_slice"] == pytest.approx(0.9)

    assert third["load"]["updated"] == 1
    assert third["load"]["deleted"] == 1
    assert third["load"]["products"] == 29
    assert [g["batch"] for g in third["growth"]] == ["week_1", "week_2", "correction_1"]


def test_the_newest_completed_batch_is_the_default(marts):
    assert write_report(marts, None).batch_name == "correction_1"


def test_an_unknown_batch_is_named(marts):
    with pytest.raises(SourceError, match=r"no completed batch 'week_3'.*correction_1"):
        write_report(marts, "week_3")


def test_a_missing_mart_is_named(marts):
    with pytest.raises(PipelineError) as error:
        write_label_review(marts, "correction_1", {})
    assert str(error.value) == (
        "marts.label_issues is missing: `make build` creates it."
    )
    connection = connect(marts, "transformer")
    with connection, connection.cursor() as cursor:
        cursor.execute("drop table marts.class_distribution")
    connection.close()
    with pytest.raises(PipelineError) as error:
        write_report(marts, None)
    assert str(error.value) == (
        "marts.class_distribution is missing: `make build` creates it."
    )


def test_rebuilding_keeps_the_steps_and_skipping_keeps_the_durations(marts):
    write_report(marts, "week_2", STEPS)
    again = [
        StepResult("load", "skipped", 0.0, "nothing to do"),
        StepResult("train", "ok", 30.0, "done"),
    ]
    write_report(marts, "week_2", again)
    steps = {s["name"]: s for s in _document(write_report(marts, "week_2"))["steps"]}
    assert steps["load"]["seconds"] == 1.25
    assert steps["build"]["status"] == "ok"
    assert steps["train"]["status"] == "ok"


def test_checks_are_those_of_the_audit_that_let_the_batch_in(marts):
    _note_audit(marts, "first", 0, 1, admits=1, passed=30)
    _note_audit(marts, "refusal", 1, 2, passed=20, failed=1)
    _note_audit(marts, "second", 1, 2, admits=2, passed=21)
    _note_audit(marts, "whole", 0, 2, passed=31)

    found = {
        name: _document(write_report(marts, name))["checks"]
        for name in ("week_1", "week_2", "correction_1")
    }

    assert (found["week_1"]["run"], found["week_1"]["invocation_id"]) == (30, "first")
    assert found["week_2"] == {
        "run": 21,
        "passed": 21,
        "warned": 0,
        "failed": 0,
        "skipped": 0,
        "built": 1,
        "failures": [],
        "invocation_id": "second",
    }
    assert found["correction_1"] is None


def test_a_batch_that_failed_its_checks_is_reported_as_not_published(marts):
    write_report(marts, "correction_1", STEPS[:1])
    _load(marts, (5, "week_3", 46, 33, _at(4), "completed"))
    _note_audit(marts, "refusal", 3, 5, passed=1, failed=1)
    failed = StepResult("build", "failed", 3.0, "dbt failed at 1 node(s)")
    report = write_report(marts, None, [STEPS[0], failed])
    document = _document(report)
    assert report.batch_name == "week_3"
    assert not document["published"]
    assert document["load"]["rows_added"] == 3
    assert document["checks"]["failures"][0]["name"] == "not_null_products_x"
    assert "Not published" in report.summary
    assert "Step build failed" in report.summary
    page = report.html.read_text(encoding="utf-8")
    assert _outline(page).open == []
    assert "not_null_products_x" in page
    assert '<div class="band failed">' in page
    assert document["outcome"] == "failed"
    assert [(a["answer"], a["tone"]) for a in document["answers"]] == [
        ("No: build failed", "bad"),
        ("+3 rows", "plain"),
        ("No new model", "plain"),
        ("Correct and rerun", "bad"),
    ]
    assert document["answers"][0]["details"] == [
        "Nothing from this batch is published: the marts are unchanged.",
        "1 of 2 checks failed.",
    ]
    # The steps of the failed run are not in the report of the batch before it.
    before = _document(write_report(marts, "correction_1"))
    assert [s["name"] for s in before["steps"]] == ["load"]
    assert before["checks"] is None


def test_a_batch_whose_build_was_stopped_is_neither_published_nor_rejected(marts):
    _load(marts, (5, "week_3", 46, 33, _at(4), "completed"))
    _note_audit(marts, "stopped", 3, 5, admits=5, passed=2, failed=0)
    failed = StepResult("build", "failed", 3.0, "dbt failed at 1 node(s)")
    report = write_report(marts, None, [STEPS[0], failed])
    document = _document(report)
    assert not document["published"]
    assert "Not published: some marts have it." in report.summary
    assert document["answers"][0]["details"][0] == (
        "Some marts have this batch, others not: the next build completes them."
    )
    assert document["answers"][3]["details"] == [
        "Correct the rows named under Checks, or the cause named under Steps.",
        "Then run `make weekly`: it continues with the step that failed.",
    ]


def test_a_failed_load_is_on_the_index_page_and_not_in_the_report_before_it(marts):
    refused = StepResult("load", "failed", 0.1, "Error: line 7")
    report = write_report(marts, None, [refused])
    assert report.batch_name == "correction_1"
    assert _document(report)["steps"] == []
    index = (marts.reports_path / "index.html").read_text(encoding="utf-8")
    assert "The last load failed" in index
    assert "Error: line 7" in index
    write_report(marts, None, [StepResult("load", "ok", 0.1, "10 rows")])
    index = (marts.reports_path / "index.html").read_text(encoding="utf-8")
    assert "The last load failed" not in index


def test_the_index_page_is_written_although_no_batch_was_ever_loaded(settings):
    refused = StepResult("load", "failed", 0.1, "Line 7: <b>2</b> columns")
    with pytest.raises(SourceError, match="No batch has been loaded yet"):
        write_report(settings, None, [refused])
    index = (settings.reports_path / "index.html").read_text(encoding="utf-8")
    _assert_self_contained(index)
    assert "Line 7: &lt;b&gt;2&lt;/b&gt; columns" in index
    assert "No report yet" in index


def test_the_index_page_links_every_report_newest_first(marts):
    for name in ("week_1", "correction_1", "week_2"):
        write_report(marts, name)
    (marts.reports_path / "week_2.review.html").write_text("")
    index = write_index(marts).read_text(encoding="utf-8")
    _assert_self_contained(index)
    assert [link for link in _outline(index).links if ".html" in link] == [
        "correction_1.html",
        "correction_1.html",
        "correction_1.html",
        "week_2.html",
        "week_2.review.html",
        "week_1.html",
    ]


def test_the_reports_of_another_warehouse_are_set_aside(marts):
    write_report(marts, "week_1")
    write_report(marts, "week_2", STEPS)
    (marts.reports_path / "warehouse.txt").unlink()
    write_report(marts, "week_1")
    assert not (marts.reports_path / "other").exists()

    connection = connect(marts, "loader")
    with connection, connection.cursor() as cursor:
        cursor.execute(
            "update raw.data_loads set started_at = started_at - interval '1 year'"
        )
    connection.close()
    write_report(marts, "week_1")

    (aside,) = (marts.reports_path / "other").iterdir()
    assert {path.name for path in aside.glob("*.html")} == {
        "week_1.html",
        "week_2.html",
    }
    assert (marts.reports_path / "week_1.html").exists()
    assert not (marts.reports_path / "week_2.html").exists()
    index = (marts.reports_path / "index.html").read_text(encoding="utf-8")
    assert f'href="other/{aside.name}/week_2.html"' in index


def test_a_week_that_was_not_trained_is_not_finished(marts):
    document = _document(write_report(marts, "week_1", STEPS[:2]))
    assert document["outcome"] == "incomplete"
    assert document["answers"][0]["answer"] == "Not finished"
    assert document["answers"][3]["answer"] == "Run it again"


@pytest.mark.parametrize(
    ("percentage", "published", "how"),
    [
        (
            43,
            True,
            "`make weekly` completes it: a week that stopped before another slice is"
            " loaded, a batch that was loaded by hand together with the next slice.",
        ),
        (
            100,
            True,
            "`make weekly` completes a week that stopped; after a build by hand, run"
            " `make balance train review report`.",
        ),
        (100, False, "`make weekly` completes it."),
    ],
)
def test_how_a_batch_is_completed_depends_on_what_is_left_to_load(
    marts, percentage, published, how
):
    document = _document(write_report(marts, "week_1", STEPS[:2]))
    document["load"]["percentage"] = percentage
    document["published"] = published
    assert answer_questions(document)[3]["details"] == [how]


def test_links_hold_no_password_and_lead_to_the_address_for_browsers():
    served = Settings(
        _env_file=None, mlflow_tracking_uri="http://user:secret@mlflow:5000/"
    )
    assert mlflow_address(served) == "http://mlflow:5000"
    seen_elsewhere = Settings(
        _env_file=None,
        mlflow_tracking_uri="http://mlflow:5000",
        mlflow_ui_url="http://127.0.0.1:5001/",
    )
    assert mlflow_address(seen_elsewhere) == "http://127.0.0.1:5001"


def test_the_page_is_self_contained_well_formed_and_escaped(marts):
    page = write_report(marts, "week_2", STEPS).html.read_text(encoding="utf-8")
    _assert_self_contained(page)
    assert "Error: &lt;b&gt;no&lt;/b&gt; rows" in page
    assert "1 min 01 s" in page


def test_the_report_goes_to_the_training_run_with_before_and_after(marts, tmp_path):
    log_dataset(marts, tmp_path, "week_2", noise=0.3)
    outcome = train(marts, "week_2")
    report = write_report(marts, "week_2", STEPS)
    document = _document(report)
    assert document["model"]["run_id"] == outcome.run_id
    by_class = {c["prdtypecode"]: c for c in document["classes"]}
    before, after = (
        by_class[20][f"train_rows_{moment}"] for moment in ("before", "after")
    )
    assert after == 3 * before
    assert by_class[10]["train_rows_before"] == by_class[10]["train_rows_after"]
    assert by_class[20]["f1"] is not None
    assert document["trainings"][0]["promoted"]
    assert f"weighted F1 {outcome.weighted_f1:.4f}" in report.summary
    logged = open_client(marts).list_artifacts(outcome.run_id, "report")
    assert {a.path for a in logged} == {
        f"report/week_2.{ending}" for ending in ("html", "md", "json")
    }
    _assert_described(marts, outcome)
    assert "![" not in report.markdown.read_text(encoding="utf-8")


def _assert_described(settings, outcome):
    """A report of the newest batch describes the model; one of a past batch does not."""
    client = open_client(settings)
    assert not client.get_registered_model(MODEL_NAME).description
    write_report(settings, None)
    row = f"| week_2 | 1 | {outcome.weighted_f1:.4f} | - | - | version 1, new |"
    assert row in client.get_registered_model(MODEL_NAME).description
    version = client.get_model_version(MODEL_NAME, "1")
    assert version.tags["batch"] == "week_2"
    assert version.description.endswith("Became champion.")
    experiment = client.get_experiment_by_name(TRAINING_EXPERIMENT)
    view = json.loads(experiment.tags["mlflow.sharedViewState.rakuten"])
    assert "metrics.`weighted_f1`" in view["selectedColumns"]


def _outline(page):
    outline = _Outline()
    outline.feed(page)
    return outline


def _assert_self_contained(page):
    outline = _outline(page)
    assert outline.open == []
    assert outline.loaded == []
    assert outline.unnamed_pictures == 0
    assert outline.heads_without_scope == 0
    assert not re.search(r"url\(|@import", page)
    assert "<script" not in page


def _note_audit(settings, invocation, after, last, *, admits=None, passed, failed=0):
    """Write what dbt records about an audit, as macros/audit.sql does."""
    results = {
        "run": passed + failed,
        "passed": passed,
        "warned": 0,
        "failed": failed,
        "skipped": 0,
        "built": 1,
        "failures": [{"name": "not_null_products_x", "message": "Got 3 results"}]
        * failed,
    }
    connection = connect(settings, "transformer")
    with connection, connection.cursor() as cursor:
        cursor.execute(
            "insert into intermediate.audits"
            " (invocation_id, after_batch, last_batch, results)"
            " values (%s, %s, %s, %s)",
            [invocation, after, last, json.dumps(results)],
        )
        if admits:
            cursor.execute(
                "insert into intermediate.int_audited_batches values (%s, %s)",
                [admits, invocation],
            )
    connection.close()


class _Outline(HTMLParser):
    """What a page loads, whether its tags close, and what its pictures are called."""

    def __init__(self):
        super().__init__()
        self.open, self.loaded, self.links = [], [], []
        self.unnamed_pictures = self.heads_without_scope = 0

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        if tag not in {"meta", "link"}:
            self.open.append(tag)
        if "src" in found or (tag == "link" and found.get("href") != "data:,"):
            self.loaded.append(found)
        if tag == "a":
            self.links.append(found["href"])
        if tag == "svg" and not (found.get("aria-label") or "aria-hidden" in found):
            self.unnamed_pictures += 1
        if tag == "th" and "scope" not in found:
            self.heads_without_scope += 1

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        self.open.pop()

    def handle_endtag(self, tag):
        assert self.open.pop() == tag
