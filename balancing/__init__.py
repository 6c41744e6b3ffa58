"""Balanced datasets: the oversampled training rows of a batch, versioned in MLflow."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from balancing.reading import dataset_folder, load_dataset

__all__ = ["dataset_folder", "load_dataset"]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - PEP 562
    # Loaded on first use: pyarrow and MLflow take seconds, `--help` should not.
    if name in __all__:
        from balancing import reading

        return getattr(reading, name)
    raise AttributeError(name)
