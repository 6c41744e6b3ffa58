"""The registered model with the alias `champion`, and the rule by which it moves."""

import zlib
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import skops.io
from mlflow import MlflowClient
from mlflow.entities.model_registry import ModelVersion
from mlflow.exceptions import MlflowException
from sklearn.pipeline import Pipeline
from skops.io.exceptions import UntrustedTypesFoundException

from core.artifacts import fetch_model
from core.errors import PipelineError
from core.tracking import CHAMPION, MODEL_NAME, TAG
from training.compare import Difference
from training.model import TRUSTED_TYPES

_MODEL_FILE = "model.skops"
_DESCRIPTION = "MLmodel"
# The errors raised by reading a truncated or damaged file.
_DAMAGE = (BadZipFile, zlib.error, ValueError, LookupError, EOFError, FileNotFoundError)


class NoChampionError(PipelineError):
    """No model has been registered."""


class UnreadableChampionError(PipelineError):
    """The champion's files may not be read."""


class DamagedChampionError(UnreadableChampionError):
    """The champion's files are gone, empty or cut; `repair` can rebuild them."""


class ForeignChampionError(PipelineError):
    """The champion is a model that this project did not train."""


@dataclass(frozen=True)
class Champion:
    """The serving model.

    Attributes:
        version: its number in the registry.
        run_id: the training run it came from.
        model: raw text in, prdtypecode out.
    """

    version: int
    run_id: str
    model: Pipeline


@dataclass(frozen=True)
class Decision:
    """Whether the alias moves, and why."""

    promote: bool
    reason: str


def champion_version(client: MlflowClient) -> int | None:
    """Return the version that serves now."""
    try:
        champion = client.get_model_version_by_alias(MODEL_NAME, CHAMPION)
    except MlflowException:
        return None
    return int(champion.version)


def load_champion(client: MlflowClient) -> Champion:
    """Load the model behind the alias.

    A model that somebody else registered and made champion stays champion, but may need
    other input, so it is not loaded. Only scikit-learn's own types and
    TRUSTED_TYPES are loaded, whatever the stored model asks for, so a file put into the
    artifact store cannot run code here.

    Raises:
        NoChampionError: there is none.
        UnreadableChampionError: its files may not be read.
        DamagedChampionError: they are gone, empty or cut.
        ForeignChampionError: it is not a skops file of types this project uses.
    """
    try:
        version = client.get_model_version_by_alias(MODEL_NAME, CHAMPION)
    except MlflowException:
        raise NoChampionError(
            f"No model is registered as {MODEL_NAME}@{CHAMPION} yet:"
            " run `python -m training run` first."
        ) from None
    _require_own(client, version)
    try:
        folder = fetch_model(client, MODEL_NAME, int(version.version))
    except (MlflowException, OSError) as error:
        raise _unreadable(int(version.version), "its files", error) from None
    _require_whole(folder, int(version.version))
    model = _load(folder / _MODEL_FILE, int(version.version))
    return Champion(int(version.version), str(version.run_id), model)


def decide(
    weighted_f1: float,
    champion: Champion | None,
    champion_f1: float | None,
    difference: Difference | None,
) -> Decision:
    """Decide whether a new model takes the champion's place.

    It does if its weighted F1 on the same held-out rows is better beyond chance: if the
    whole interval of the difference is above zero.
    """
    if champion is None or champion_f1 is None or difference is None:
        return Decision(promote=True, reason="There was no champion to compare with.")
    figures = (
        f"{weighted_f1:.4f} against {champion_f1:.4f} of version {champion.version}"
        f" on the same held-out rows (difference {difference.value:+.4f}, 95 %"
        f" interval {difference.low:+.4f} to {difference.high:+.4f})"
    )
    if difference.low > 0:
        return Decision(promote=True, reason=f"Better weighted F1: {figures}.")
    if difference.value > 0:
        return Decision(
            promote=False, reason=f"No difference beyond chance: {figures}."
        )
    return Decision(promote=False, reason=f"Weighted F1 is not better: {figures}.")


def _require_own(client: MlflowClient, version: ModelVersion) -> None:
    try:
        tags = client.get_run(str(version.run_id)).data.tags
    except MlflowException:
        tags = {}
    if f"{TAG}key" not in tags:
        raise _foreign(int(version.version), "no training run of this project made it")


def _require_whole(folder: Path, version: int) -> None:
    """Raise DamagedChampionError for an empty or missing file: a power loss leaves them."""
    for path in [folder / _DESCRIPTION, *folder.rglob("*")]:
        if not path.exists():
            raise _unreadable(version, str(path), FileNotFoundError("it is gone"))
        if path.is_file() and not path.stat().st_size:
            raise _unreadable(version, str(path), EOFError("it is empty"))
    description = (folder / _DESCRIPTION).read_text(errors="replace")
    if _MODEL_FILE not in description:
        raise _foreign(version, f"it has no {_MODEL_FILE}")


def _load(path: Path, version: int) -> Pipeline:
    try:
        return skops.io.load(path, trusted=TRUSTED_TYPES)
    except UntrustedTypesFoundException as error:
        raise _foreign(version, str(error)) from None
    except (*_DAMAGE, OSError) as error:
        raise _unreadable(version, str(path), error) from None


def _unreadable(version: int, what: str, error: Exception) -> UnreadableChampionError:
    reason = " ".join(str(error).split()) or type(error).__name__
    message = (
        f"The champion, {MODEL_NAME} version {version}, cannot be read: {what}"
        f" ({reason})."
    )
    if isinstance(error, _DAMAGE):
        return DamagedChampionError(
            f"{message} `python -m training repair` and the weekly run train it again."
        )
    return UnreadableChampionError(
        f"{message} Fix this, or promote the next model without a comparison:"
        " `python -m training run --replace-champion`."
    )


def _foreign(version: int, reason: str) -> ForeignChampionError:
    return ForeignChampionError(
        f"{MODEL_NAME} version {version} was not made by this project ({reason}):"
        f" load it with mlflow.pyfunc, or move the alias {CHAMPION} back to a version"
        " that was."
    )
