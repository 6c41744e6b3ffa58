"""Commands that the pages quote exist, with the options and variables they are given."""

import re
import shlex
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import click
import pytest
from dbt.cli.main import cli as dbt

from core.settings import PROJECT_ROOT
from orchestration.command import main as rakuten

PAGES = [
    path
    for pattern in ("*.md", "docs/*.md", "data/raw/*.md")
    for path in sorted(PROJECT_ROOT.glob(pattern))
]
MAKEFILE = (PROJECT_ROOT / "Makefile").read_text()
RECIPES = dict(re.findall(r"(?m)^([a-z-]+):.*\n((?:\t.*\n|.*\\\n)*)", MAKEFILE))
BLOCK = re.compile(r"(?ms)^```(\w*)\n(.*?)^```")
SUBSTITUTED = re.compile(r"\$\((.*?)\)")
REDIRECTED = re.compile(r" \d?(>>?|<)(&\d| ?\S+)")
CLICK = {"rakuten": rakuten, "dbt": dbt}
PACKAGES = (
    "balancing",
    "loaders",
    "orchestration",
    "reporting",
    "training",
    "warehouse",
)
QUOTED = re.compile(
    rf"(make|rakuten|dbt|{'|'.join(PACKAGES)}|(\S*/)?python3?) [^.]|benchmarks/\S+\.py"
)
CRONTAB = re.compile(r"^[\d*]+( [\d*]+){4}  ")
OTHERS = {
    *(
        "airflow",
        "awk",
        "cd",
        "chmod",
        "cp",
        "echo",
        "eval",
        "export",
        "git",
        "ls",
        "mkdir",
    ),
    *("mv", "printf", "source", "tail", "uv", "xargs"),
}


def _fenced(page: str) -> Iterator[str]:
    for language, block in BLOCK.findall(page):
        if language in {"", "sh", "bash"}:
            yield from filter(None, block.replace("\\\n", " ").splitlines())


def _inline(page: str) -> Iterator[str]:
    for quoted in re.findall(r"`([^`]+)`", BLOCK.sub("", page)):
        line = " ".join(quoted.split())
        if QUOTED.match(line):
            yield line


def _commands(line: str) -> Iterator[list[str]]:
    """Yield the words of each program of a shell line, without assignments before it."""
    for substituted in SUBSTITUTED.findall(line):
        yield from _commands(substituted)
    line = SUBSTITUTED.sub("", REDIRECTED.sub("", CRONTAB.sub("", line)))
    words = shlex.shlex(line, posix=True, punctuation_chars=";&|")
    words.whitespace_split = True
    command: list[str] = []
    for word in [*words, ";"]:
        if word in {";", "&&", "|"}:
            if command:
                yield command
            command = []
        elif command or not re.match(r"[A-Z_]+=", word):
            command.append(word)


def _check(command: list[str], *, complete: bool = True) -> None:
    """Fail unless a command exists; `complete` ones have all their arguments too."""
    program, *arguments = command
    name = Path(program).name
    if name == "make":
        _check_make(arguments)
    elif name in CLICK:
        _check_click(CLICK[name], arguments, complete=complete)
    elif re.fullmatch(r"python3?", name):
        _check_python(arguments, complete=complete)
    elif program.startswith("benchmarks/"):
        _check_script(program, arguments)
    elif name == "docker":
        _check_container(arguments)
    elif (complete or name in PACKAGES) and name not in OTHERS:
        assert (PROJECT_ROOT / program).is_file(), f"no program: {program}"


def _check_make(arguments: list[str]) -> None:
    targets = [a for a in arguments if "=" not in a and not a.startswith("-")]
    unknown = set(targets) - set(RECIPES)
    assert not unknown, f"no target of the Makefile: {unknown}"
    read = "".join(RECIPES[target] for target in targets)
    for variable in (a.partition("=")[0] for a in arguments if "=" in a):
        assert variable == "PYTHON" or variable in read, f"{targets} read no {variable}"


def _check_python(arguments: list[str], *, complete: bool) -> None:
    if arguments[0] != "-m":
        _check_script(*arguments[:1], arguments[1:])
        return
    _, module, *rest = arguments
    path = PROJECT_ROOT / module.replace(".", "/")
    if module.startswith("benchmarks."):
        _check_script(f"{module.replace('.', '/')}.py", rest)
    elif module != "venv":
        if path.is_dir():
            start = (path / "__main__.py").read_text()
            module = re.findall(r'start\("([\w.]+)"', start)[0]
        _check_click(import_module(module).main, rest, complete=complete)


def _check_script(script: str, arguments: list[str]) -> None:
    text = (PROJECT_ROOT / script).read_text()
    for option in (word for word in arguments if word.startswith("-")):
        assert f'"{option}"' in text, f"{script} has no option {option}"


def _check_container(arguments: list[str]) -> None:
    """Check the service of `docker compose exec` and `run`, and its command."""
    if arguments[1] in {"exec", "run"}:
        service, *command = [
            word for word in arguments[2:] if word[:2] not in {"--", "-T"}
        ]
        services = (PROJECT_ROOT / "docker-compose.yml").read_text()
        assert f"\n  {service}:" in services, f"no service {service}"
        if command and command[0].endswith("/python"):
            _check(command)


def _check_click(
    command: click.Command, arguments: list[str], *, complete: bool
) -> None:
    """Resolve subcommands, then look whether options and arguments are its own."""
    context = click.Context(command, info_name=command.name)
    while isinstance(command, click.Group):
        _, rest, _ = command.make_parser(context).parse_args(list(arguments))
        if not rest:
            return
        name, *arguments = rest
        found = command.get_command(context, name)
        assert found is not None, f"{command.name} has no command {name}"
        command, context = found, click.Context(found, parent=context, info_name=name)
    given, rest, _ = command.make_parser(context).parse_args(arguments)
    assert rest == [], f"{command.name} takes no {rest}"
    if complete:
        needed = [
            p for p in command.params if p.required and isinstance(p, click.Argument)
        ]
        missing = [p.name for p in needed if not isinstance(given.get(p.name), str)]
        assert not missing, f"{command.name} needs {missing}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_commands_of_a_page_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    quoted = [(line, True) for line in _fenced(text)]
    quoted += [(line, False) for line in _inline(text)]
    wrong = {}
    for line, complete in quoted:
        try:
            for command in _commands(re.sub(r"[\[\]]", " ", line)):
                _check(command, complete=complete)
        except (AssertionError, click.ClickException, OSError, ValueError) as error:
            wrong[line] = str(error)
    assert wrong == {}


def test_every_make_target_is_in_a_page() -> None:
    pages = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    shown = set(re.findall(r"(?m)^([a-z-]+):.*## ", MAKEFILE))
    quoted = set(re.findall(r"\bmake (?:--silent |-s )?([a-z-]+)", pages))
    assert shown - quoted == set()


def _spellings(group: click.Group, start: str) -> Iterator[tuple[click.Command, str]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from _spellings(command, f"{start} {name}")
        else:
            yield command, f"{start} {name}"


def _tabled(pages: str) -> Iterator[str]:
    """Yield the commands of tables with a package in their first heading."""
    for package, rows in re.findall(
        r"(?m)^\| `python -m (\w+)` \|.*\n((?:\|.*\n)+)", pages
    ):
        for cell in re.findall(r"(?m)^\|([^|]*)\|", rows):
            for name in re.findall(r"`([a-z]+)", cell):
                yield f" {package} {name}"


def test_every_subcommand_is_in_a_page() -> None:
    """As `python -m PACKAGE NAME`, in such a table, as `rakuten NAME` or by make."""
    pages = "".join(page.read_text(encoding="utf-8") for page in PAGES)
    shown = " ".join((pages + "".join(RECIPES.values())).split())
    shown += "".join(_tabled(pages))
    spellings: dict[click.Command, list[str]] = {}
    groups = {name: import_module(f"{name}.cli").main for name in PACKAGES}
    for start, group in {"rakuten": rakuten, **groups}.items():
        for command, spelling in _spellings(group, start):
            spellings.setdefault(command, []).append(spelling)
    missing = [
        names
        for names in spellings.values()
        if not re.search(rf"\b({'|'.join(names)})(?![\w-])", shown)
    ]
    assert missing == []


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("make wekly", "wekly"),
        ("make weekly PERCENTAGE=5", "read no PERCENTAGE"),
        ("rakuten load sideways", "no command sideways"),
        (".venv/bin/python -m loaders load --percent 5", "--percent"),
        ("python -m loaders reject", "needs"),
        ("eval $(make -s envv)", "envv"),
        ("python benchmarks/scale.py --size 3", "no option --size"),
        ("dbt build --selct x", "--selct"),
        ("docker compose exec airflow .venv/bin/python -m loaders status", "airflow"),
        ("gitt pull", "gitt"),
        ("loaders status", "no program: loaders"),
    ],
)
def test_a_wrong_command_is_found(line: str, reason: str) -> None:
    with pytest.raises((AssertionError, click.ClickException), match=reason):
        list(map(_check, _commands(line)))


def test_no_benchmark_hides_the_package_of_its_name():
    """`python benchmarks/x.py` looks for `import x` beside itself first."""
    benchmarks = {path.stem for path in (PROJECT_ROOT / "benchmarks").glob("*.py")}
    packages = {path.parent.name for path in PROJECT_ROOT.glob("*/__init__.py")}
    assert "training" in packages
    assert benchmarks & (packages | sys.stdlib_module_names) == set()
