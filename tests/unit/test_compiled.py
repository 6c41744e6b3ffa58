"""What dbt compiles is compiled once for all processes."""

import dataclasses
import marshal
from pathlib import Path
from types import CodeType

import pytest
from mashumaro import DataClassDictMixin
from mashumaro.core.meta.code import builder
from mashumaro.core.meta.types import unpack

from orchestration import compiled


@pytest.fixture
def sources(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The sources that are compiled; nothing is known before."""
    monkeypatch.setattr(compiled, "_made", {})
    monkeypatch.setattr(compiled, "_kept", {})
    return []


def _compile_in_next_process(
    path: Path, sources: list[str], *texts: str
) -> list[object]:
    compiled._made.clear()
    compiled._kept.clear()
    compiled.read_compiled(path)

    def compile_text(text: str) -> CodeType:
        sources.append(text)
        return compile(repr(text), "template", "eval")

    codes = [
        compiled.make_once("template", text, lambda text=text: compile_text(text))
        for text in texts
    ]
    compiled.keep_compiled(path)
    return [eval(code) for code in codes]


def test_a_text_is_compiled_once_for_all_processes(
    sources: list[str], tmp_path: Path
) -> None:
    path = tmp_path / "code"
    assert _compile_in_next_process(path, sources, "a", "b", "a") == ["a", "b", "a"]
    assert sources == ["a", "b"]
    assert _compile_in_next_process(path, sources, "b", "c") == ["b", "c"]
    assert sources == ["a", "b", "c"]
    # Those that are no longer used are not kept.
    assert _compile_in_next_process(path, sources, "b", "a") == ["b", "a"]
    assert sources == ["a", "b", "c", "a"]


@pytest.mark.parametrize("damage", ["empty", "cut", "other content", "other Python"])
def test_kept_code_that_cannot_be_used_is_compiled_again(
    sources: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, damage: str
) -> None:
    path = tmp_path / "code"
    with monkeypatch.context() as earlier:
        if damage == "other Python":
            earlier.setattr(compiled, "_made_by", lambda: "3.10")
        _compile_in_next_process(path, sources, "a")
    kept = path.read_bytes()
    content = {"empty": b"", "cut": kept[:-9], "other content": marshal.dumps(1)}
    path.write_bytes(content.get(damage, kept))
    assert _compile_in_next_process(path, sources, "a") == ["a"]
    assert sources == ["a", "a"]
    assert _compile_in_next_process(path, sources, "a") == ["a"]
    assert sources == ["a", "a"]


def test_a_dataclass_is_the_same_from_kept_code(
    sources: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert sources == []
    monkeypatch.setattr(dataclasses, "exec", exec, raising=False)
    compiled.compile_functions_once()
    for has_code in (False, True):
        compiled._made.clear()
        compiled.read_compiled(tmp_path / "code")
        assert bool(compiled._kept) is has_code

        @dataclasses.dataclass(order=True)
        class Point:
            x: int
            y: list[int] = dataclasses.field(default_factory=list)

        assert repr(Point(1)) == f"{Point.__qualname__}(x=1, y=[])"
        assert Point(1) < Point(2, [1])
        assert Point(3).y is not Point(3).y
        compiled.keep_compiled(tmp_path / "code")
    assert compiled._made.keys() == compiled._kept.keys()


def test_a_process_that_compiles_nothing_new_writes_nothing(
    sources: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """mashumaro's functions for a union have other names in each process."""
    assert sources == []
    monkeypatch.setattr(builder, "exec", exec, raising=False)
    monkeypatch.setattr(unpack, "exec", exec, raising=False)
    monkeypatch.setattr(dataclasses, "exec", exec, raising=False)
    compiled.compile_functions_once()
    path = tmp_path / "code"
    written = []
    for _ in range(2):
        compiled._made.clear()
        compiled._kept.clear()
        compiled.read_compiled(path)

        @dataclasses.dataclass
        class Point(DataClassDictMixin):
            x: int | str

        assert Point.from_dict({"x": 1}) == Point(1)
        assert any("__unpack_union_" in text for _, text in compiled._made)
        compiled.keep_compiled(path)
        written.append(path.stat().st_mtime_ns)
    assert written[0] == written[1]
