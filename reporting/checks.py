"""What dbt's tests said about a batch."""

import json
import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from core.settings import PROJECT_ROOT

_BAD = {"fail", "error", "runtime error"}


def read_checks(since: datetime, until: datetime | None) -> dict[str, Any] | None:
    """Read dbt's last run_results.json, if it is about a certain batch.

    Args:
        since: when the batch was loaded.
        until: when the next batch was loaded; None if there is none yet.

    Returns:
        `run`, `passed`, `warned`, `failed` and `skipped` as counts, `built` as the
        number of models, seeds and snapshots, `failures` as a list of `name` and
        `message`, `invocation_id`; None if there are no results about the batch.
    """
    target = os.environ.get("DBT_TARGET_PATH") or PROJECT_ROOT / "dbt_project/target"
    try:
        results = json.loads((Path(target) / "run_results.json").read_bytes())
        generated = datetime.fromisoformat(results["metadata"]["generated_at"])
    except (OSError, ValueError, KeyError):
        return None
    if generated < since or (until is not None and generated >= until):
        return None
    counted = _count(results)
    # `dbt docs generate` and the like leave results that hold no test.
    return counted if counted["run"] else None


def _count(results: Mapping[str, Any]) -> dict[str, Any]:
    found: list[Mapping[str, Any]] = results["results"]
    tests = [r for r in found if r["unique_id"].startswith(("test.", "unit_test."))]
    others = [r for r in found if r not in tests]
    bad = [r for r in [*tests, *others] if r["status"] in _BAD]
    return {
        "run": len(tests),
        "passed": sum(r["status"] == "pass" for r in tests),
        "warned": sum(r["status"] == "warn" for r in tests),
        "failed": sum(r["status"] in _BAD for r in tests),
        "skipped": sum(r["status"] == "skipped" for r in tests),
        "built": sum(r["status"] == "success" for r in others),
        "failures": [
            {"name": r["unique_id"].split(".")[2], "message": _line(r.get("message"))}
            for r in bad
        ],
        "invocation_id": results["metadata"].get("invocation_id"),
    }


def _line(message: object) -> str:
    return " ".join(str(message or "").split())
