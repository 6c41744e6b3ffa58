"""MLflow's own command line (`python -m core.mlflow_command`), from any folder."""

from functools import cache

import mlflow


@cache
def allow_percent_in_paths() -> None:
    """Let MLflow find its migrations in a folder with % in its path.

    It passes that path to alembic without doubling %, which
    `alembic.config.Config.set_main_option` documents as required.
    """
    if "%" not in mlflow.__file__:
        return
    from alembic.config import Config

    set_as_given = Config.set_main_option

    def set_main_option(self: Config, name: str, value: str) -> None:
        escaped = value.replace("%", "%%") if name == "script_location" else value
        set_as_given(self, name, escaped)

    Config.set_main_option = set_main_option  # type: ignore[method-assign]


if __name__ == "__main__":
    from mlflow.cli import cli

    allow_percent_in_paths()
    cli(prog_name="mlflow")
