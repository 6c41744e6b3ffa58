"""Settings: what is refused, and that no secret shows."""

import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from core.errors import ConfigurationError
from core.settings import ENV_FILE, PROJECT_ROOT, Settings, load_settings


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("INITIAL_PERCENTAGE", "0"),
        ("INITIAL_PERCENTAGE", "101"),
        ("INCREMENT_PERCENTAGE", "-3"),
        ("MAX_PERCENTAGE", "many"),
        ("INITIAL_PERCENTAGE", "0.001"),
        ("INCREMENT_PERCENTAGE", "3.125"),
        ("INCREMENT_PERCENTAGE", "1e400"),
        ("POSTGRES_PORT", "port"),
        ("POSTGRES_PORT", "0"),
        ("POSTGRES_PORT", "65536"),
        ("RANDOM_SEED", "-1"),
        ("RANDOM_SEED", "4294967296"),
        ("SLICE_ORDER", "sideways"),
        ("POSTGRES_DB", "o'brien"),
        ("POSTGRES_DB", 'a"b'),
        ("POSTGRES_DB", "pct%db"),
        ("POSTGRES_DB", "a/b"),
        ("POSTGRES_DB", "a\nb"),
        ("POSTGRES_USER", "analyst"),
        ("POSTGRES_USER", "loader"),
        ("POSTGRES_USER", "transformer"),
        ("POSTGRES_USER", "postgres"),
        ("POSTGRES_USER", "a/b"),
        ("DATA_PATH", "~nosuchuser/x"),
    ],
)
def test_a_bad_value_is_named_with_its_variable(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(ConfigurationError, match=f"^{variable}: ") as error:
        load_settings()
    assert error.value.exit_code == 78
    assert str(error.value).endswith("See .env.example.")


@pytest.mark.parametrize(
    "name", ["two words", "l\u2019été", "{{ x }}", "2026", "a-b.c", "a\\b"]
)
def test_an_unusual_name_of_a_database_is_accepted(name: str) -> None:
    assert Settings(_env_file=None, postgres_db=name).postgres_db == name


@pytest.mark.parametrize("user", ["postgres", "analyst", "a/b"])
def test_a_server_of_the_users_own_may_have_any_login(user: str) -> None:
    settings = Settings(_env_file=None, postgres_host="db", postgres_user=user)
    assert settings.postgres_user == user


def test_a_path_may_begin_at_home(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ada")
    monkeypatch.setenv("DATA_PATH", "~/rakuten")
    assert Settings(_env_file=None).data_path == Path("/home/ada/rakuten")


def test_an_empty_variable_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSTGRES_HOST", "")
    monkeypatch.setenv("INITIAL_PERCENTAGE", "")
    settings = Settings(_env_file=None)
    assert settings.embedded
    assert settings.initial_percentage == 40


def test_arguments_override_the_environment_which_overrides_the_file(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / ".env"
    file.write_text(
        "POSTGRES_DB=file\nPOSTGRES_USER='file'\nDATA_PATH=file # a comment\n"
        "RANDOM_SEED=\nUNKNOWN=1\n"
    )
    monkeypatch.setenv("POSTGRES_DB", "environment")
    monkeypatch.setenv("POSTGRES_USER", "environment")
    monkeypatch.setenv("DATA_PATH", "")
    settings = Settings(_env_file=file, postgres_db="passed")
    assert settings.postgres_db == "passed"
    assert settings.postgres_user == "environment"
    assert settings.data_path == Path("file")
    assert settings.random_seed == 42


def refusal_of(folder: Path, content: bytes) -> str:
    """Return the message about a file that cannot be read."""
    file = folder / ".env"
    file.write_bytes(content)
    with pytest.raises(ConfigurationError) as error:
        Settings(_env_file=file)
    assert error.value.exit_code == 78
    return str(error.value)


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (b'DATA_PATH="/data\n', 1),
        (b"A=1\n\n  # two blank lines\n\nDATA_PATH '/data'\n", 5),
        (b"A=1\r\n\r\nDATA_PATH\r\nB=2", 3),
        (b"A='1'\nDATA_PATH: /data\n", 2),
        (b"POSTGRES_PASSWORD='hush' hush\n", 1),
        (b"export DATA_PATH\n", 1),
    ],
)
def test_a_line_of_the_file_that_sets_nothing_is_refused(
    tmp_path: Path, content: bytes, line: int
) -> None:
    assert refusal_of(tmp_path, content) == (
        f"{tmp_path / '.env'}, line {line}: this is not NAME=value: write it so, with any"
        " quotation mark closed, or put # before it."
    )


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("A=1\n# été\nDATA_PATH=/data\n".encode("latin-1"), 2),
        ("DATA_PATH=/data\n".encode("utf-16"), 1),
    ],
)
def test_a_file_that_is_not_utf_8_is_refused(
    tmp_path: Path, content: bytes, line: int
) -> None:
    assert refusal_of(tmp_path, content) == (
        f"{tmp_path / '.env'}, line {line}: the file is not UTF-8: save it as UTF-8."
    )


def test_the_file_may_refer_to_variables_and_begin_with_a_mark(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_bytes(
        b"\xef\xbb\xbfPOSTGRES_DB=shop\r\n\r\nexport DATA_PATH='/data/${POSTGRES_DB}'\r\n"
        b'POSTGRES_USER="a\nb" # two lines\n# a comment'
    )
    settings = Settings(_env_file=file)
    assert settings.postgres_db == "shop"
    assert settings.data_path == Path("/data/shop")
    assert settings.postgres_user == "a\nb"


def test_env_file_names_another_file(tmp_path: Path) -> None:
    (tmp_path / "other").write_text("POSTGRES_DB=other\n")
    code = "from core.settings import load_settings; print(load_settings().postgres_db)"
    for name, shown in [
        ("other", "other\n"),
        ("none", f"ENV_FILE: there is no file {tmp_path / 'none'}.\n"),
        ("./none", f"ENV_FILE: there is no file {tmp_path / 'none'}.\n"),
    ]:
        done = subprocess.run(
            [sys.executable, "-c", code],
            env={"ENV_FILE": f"{tmp_path}/{name}"},
            cwd=PROJECT_ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        assert (done.stdout + done.stderr).endswith(shown)


def test_tests_do_not_read_the_settings_of_the_checkout() -> None:
    assert Path(os.devnull) == ENV_FILE


def test_a_setting_that_is_not_there_is_refused() -> None:
    with pytest.raises(TypeError, match="no such setting: postgres_hots"):
        Settings(_env_file=None, postgres_hots="x")
    with pytest.raises(
        ConfigurationError, match="INITIAL_PERCENTAGE: must be a number"
    ):
        Settings(_env_file=None, initial_percentage=Decimal(0))


def test_secrets_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSTGRES_PASSWORD", "hush-1")
    monkeypatch.setenv("NOTIFY_URLS", "json://user:hush-2@localhost")
    settings = Settings(_env_file=None)
    for text in (repr(settings), str(settings), f"{settings.postgres_password}"):
        assert "hush" not in text
    assert settings.postgres_password
    assert settings.postgres_password.get_secret_value() == "hush-1"
