"""The result of one step of the weekly run."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Status = Literal["ok", "failed", "skipped"]


@dataclass(frozen=True)
class StepResult:
    """One step of the weekly run, as the report and the notification show it.

    Attributes:
        name: load, build, balance, train, review, report or notify.
        status: ok, failed, or skipped because an earlier step failed or there
            was nothing to do.
        seconds: wall-clock time.
        message: one line for a person.
        details: figures of the step that JSON can hold.
        is_complete: whether it is a load that found everything loaded already.
    """

    name: str
    status: Status
    seconds: float
    message: str
    details: Mapping[str, object] = field(default_factory=dict)
    is_complete: bool = False
