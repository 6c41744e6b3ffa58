"""The warehouse in a file, and what comes back from it."""

from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from core.errors import ConfigurationError, ServerError, StorageError
from core.settings import SecretStr, Settings
from loaders.load import load_slice
from loaders.state import completed
from warehouse import embedded
from warehouse.connection import connect, open_connection
from warehouse.dump import export_warehouse, import_warehouse


@pytest.fixture
def dump(settings: Settings, tmp_path: Path) -> Path:
    """A warehouse of one batch and one mart, exported."""
    load_slice(settings)
    with connect(settings, "transformer") as connection, connection.cursor() as cursor:
        cursor.execute(
            "create table marts.products as select productid from raw.x_train"
        )
        cursor.execute("grant select on marts.products to analyst")
    connection.close()
    export_warehouse(settings, tmp_path / "warehouse.dump")
    return tmp_path / "warehouse.dump"


def other(settings: Settings) -> Settings:
    return replace(settings, postgres_db=f"{settings.postgres_db}_moved")


def ask(
    settings: Settings, query: str, role: str | None = None
) -> list[tuple[object, ...]]:
    connection = connect(settings, role)  # type: ignore[arg-type]
    with connection, connection.cursor() as cursor:
        cursor.execute(query)
        rows = cursor.fetchall()
    connection.close()
    return rows


RAW = "select * from raw.x_train inner join raw.y_train using (row_number) order by 1"
OWNERS = (
    "select schemaname, tablename, tableowner from pg_tables"
    " where schemaname in ('raw', 'marts') order by 1, 2"
)


def test_rows_and_owners_are_restored_and_loading_continues(
    settings: Settings, dump: Path
) -> None:
    moved = other(settings)
    import_warehouse(moved, dump)
    assert ask(moved, RAW) == ask(settings, RAW)
    assert ask(moved, OWNERS) == ask(settings, OWNERS)
    assert len(ask(moved, "select * from products", "analyst")) == len(ask(moved, RAW))
    assert load_slice(moved).batch_name == "week_2"
    assert [b.batch_name for b in completed(connect(moved, "loader"))] == [
        "week_1",
        "week_2",
    ]


def test_it_moves_to_a_server_where_the_login_has_another_name(
    settings: Settings, dump: Path
) -> None:
    where = embedded.login(settings, embedded.SUPERUSER)
    with closing(open_connection(where)) as administrator:
        administrator.autocommit = True
        with administrator.cursor() as cursor:
            cursor.execute("create role mover login createdb password 'p'")
            cursor.execute(
                "grant loader, transformer, analyst to mover with admin option"
            )
            cursor.execute("create database moving_day owner mover")
    mover = replace(
        settings,
        postgres_host=where.host,
        postgres_port=where.port,
        postgres_db="moving_day",
        postgres_user="mover",
        postgres_password=SecretStr("p"),
    )
    import_warehouse(mover, dump)
    assert ask(mover, RAW) == ask(settings, RAW)
    assert ask(mover, OWNERS) == ask(settings, OWNERS)


def test_a_warehouse_that_holds_something_is_left_alone(
    settings: Settings, dump: Path
) -> None:
    before = ask(settings, RAW)
    with pytest.raises(ConfigurationError, match="holds a warehouse already"):
        import_warehouse(settings, dump)
    assert ask(settings, RAW) == before


def test_half_a_file_imports_nothing(
    settings: Settings, dump: Path, tmp_path: Path
) -> None:
    half = tmp_path / "half.dump"
    half.write_bytes(dump.read_bytes()[: dump.stat().st_size // 2])
    moved = other(settings)
    with pytest.raises(ServerError, match="nothing was changed"):
        import_warehouse(moved, half)
    assert ask(moved, OWNERS) == []
    import_warehouse(moved, dump)
    assert ask(moved, RAW) == ask(settings, RAW)


def test_a_row_that_the_server_refuses_is_not_shown(
    settings: Settings, dump: Path
) -> None:
    with connect(settings, "transformer") as connection, connection.cursor() as cursor:
        cursor.execute(
            "create table marts.titles (title text constraint kept"
            " check (coalesce(current_setting('rakuten.title', true), '') = 'kept'))"
        )
        cursor.execute("set rakuten.title = 'kept'")
        cursor.execute("insert into marts.titles values ('un titre à part')")
    connection.close()
    dump.unlink()
    export_warehouse(settings, dump)
    moved = other(settings)
    with pytest.raises(ServerError, match='violates check constraint "kept"') as error:
        import_warehouse(moved, dump)
    assert "à part" not in str(error.value)
    assert ask(moved, OWNERS) == []


def test_an_export_overwrites_nothing(settings: Settings, dump: Path) -> None:
    before = dump.read_bytes()
    with pytest.raises(ConfigurationError, match="already exists"):
        export_warehouse(settings, dump)
    assert dump.read_bytes() == before


def test_an_export_leaves_the_users_files_alone_and_is_private(
    settings: Settings, tmp_path: Path
) -> None:
    mine = tmp_path / "new.dump.partial"
    mine.write_text("mine")
    mine.chmod(0o644)
    export_warehouse(settings, tmp_path / "new.dump")
    assert mine.read_text() == "mine"
    assert (tmp_path / "new.dump").stat().st_mode & 0o777 == 0o600
    assert not list(tmp_path.glob(".new.dump.*"))


def test_an_export_into_a_missing_folder_is_one_message(
    settings: Settings, tmp_path: Path
) -> None:
    with pytest.raises(StorageError, match="No such file or directory"):
        export_warehouse(settings, tmp_path / "nowhere" / "warehouse.dump")
