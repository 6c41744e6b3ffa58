"""The lock of the weekly run, as a second run meets it."""

import os
from pathlib import Path

import pytest

from core.durable import open_lock
from core.errors import BusyError
from core.settings import Settings
from orchestration.progress import weekly_lock


def test_a_second_run_is_refused_and_names_the_first_and_its_step(
    tmp_path: Path,
) -> None:
    settings = Settings(_env_file=None, logs_path=tmp_path)
    with weekly_lock(settings) as record_step:
        record_step("balance")
        record_step("train")
        with pytest.raises(BusyError) as refused, weekly_lock(settings):
            pytest.fail("two weekly runs at once")
    assert refused.value.exit_code == 75
    assert f"process {os.getpid()}, since 20" in str(refused.value)
    assert str(refused.value).count("step train") == 1
    assert "step balance" not in str(refused.value)
    with weekly_lock(settings):
        pass


def test_no_other_account_can_hold_the_lock(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    path.touch(mode=0o644)
    open_lock(path).close()
    assert path.stat().st_mode & 0o777 == 0o600
