"""Balanced datasets: the oversampled training rows of a batch, versioned in MLflow."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from balancing.reading import load_dataset

__all__ = ["load_dataset"]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - PEP 562
    # Loaded on first use: pyarrow and MLflow take seconds, `--help` should not.
    if name == "load_dataset":
        from balancing.reading import load_dataset

        return load_dataset
    raise AttributeError(name)
