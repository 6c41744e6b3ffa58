"""The parameters of a dataset version."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from core.errors import ConfigurationError

Strategy = Literal[
    "random_oversampling",
    "not_majority",
    "ratio_cap",
    "target_count",
    "max_copies",
    "none",
]
# Which option a strategy needs.
NEEDS = {"ratio_cap": "ratio", "target_count": "target", "max_copies": "max_copies"}


@dataclass(frozen=True)
class DatasetSpec:
    """Everything that determines a dataset's content besides its rows.

    Attributes:
        as_of: batch name; None for the newest batch.
        strategy: see `balancing.strategies`.
        ratio: for ratio_cap, in (0, 1].
        target: for target_count, rows per class.
        max_copies: for max_copies, how many times its size a class may grow to.
        seed: of the random draw.
        holdout_fold: the fold that is left out of training; None for no hold-out.
        out: folder for the files; None for data/training_snapshots.
    """

    as_of: str | None = None
    strategy: str = "random_oversampling"
    ratio: float | None = None
    target: int | None = None
    max_copies: int | None = None
    seed: int = 42
    holdout_fold: int | None = 0
    out: Path | None = None

    def __post_init__(self) -> None:
        """Refuse options that cannot be used.

        Raises:
            ConfigurationError: an option is missing, superfluous or out of range.
        """
        if self.strategy not in get_args(Strategy):
            raise ConfigurationError(
                f"Unknown strategy {self.strategy!r}: use one of"
                f" {', '.join(get_args(Strategy))}."
            )
        self._check_options()
        self._check_ranges()

    def _check_options(self) -> None:
        needed = NEEDS.get(self.strategy)
        for option in NEEDS.values():
            given = getattr(self, option) is not None
            if given and option != needed:
                raise ConfigurationError(
                    f"{option} does not apply to the strategy {self.strategy}."
                )
            if not given and option == needed:
                raise ConfigurationError(
                    f"The strategy {self.strategy} needs {option}."
                )

    def _check_ranges(self) -> None:
        if self.ratio is not None and not 0 < self.ratio <= 1:
            raise ConfigurationError(
                f"ratio {self.ratio} must be above 0 and at most 1."
            )
        for option in ("target", "max_copies"):
            value = getattr(self, option)
            if value is not None and value < 1:
                raise ConfigurationError(f"{option} {value} must be at least 1.")
        if not 0 <= self.seed < 2**32:
            raise ConfigurationError(
                f"seed {self.seed} must be between 0 and {2**32 - 1}."
            )
        if self.holdout_fold is not None and not 0 <= self.holdout_fold <= 9:
            raise ConfigurationError(
                f"holdout_fold {self.holdout_fold} must be between 0 and 9."
            )

    def parameters(self) -> dict[str, Any]:
        """Return what goes into metadata and MLflow."""
        values = {
            "strategy": self.strategy,
            "ratio": self.ratio,
            "target": self.target,
            "max_copies": self.max_copies,
            "seed": self.seed,
            "holdout_fold": "none" if self.holdout_fold is None else self.holdout_fold,
        }
        return {name: value for name, value in values.items() if value is not None}
