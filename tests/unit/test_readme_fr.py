"""README.fr.md is README.md in French: the same sections, commands and links."""

import re

import pytest

from core.settings import PROJECT_ROOT

ENGLISH = (PROJECT_ROOT / "README.md").read_text()
FRENCH = (PROJECT_ROOT / "README.fr.md").read_text()


@pytest.mark.parametrize(
    "pattern",
    [
        r"(?m)^(#+) ",
        r"(?ms)^```.*?^```",
        r"(?m)^\| (`make .*?) \|",
        r"\]\((?!README)([^)]*)\)",
    ],
    ids=["headings", "code", "commands", "links"],
)
def test_both_languages_have_the_same(pattern: str) -> None:
    assert re.findall(pattern, FRENCH) == re.findall(pattern, ENGLISH)
