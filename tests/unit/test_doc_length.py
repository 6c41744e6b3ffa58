"""The documentation stays short enough to be read: 8,500 words."""

import re

from core.settings import PROJECT_ROOT

CODE = re.compile(r"(?ms)^```.*?^```")
GENERATED = re.compile(r"(?s)<!-- table: .*?<!-- end -->")
LIMIT = 8_500


def words(page: str) -> int:
    """Return the number of words outside code blocks and generated tables."""
    text = GENERATED.sub("", CODE.sub("", page))
    return sum(any(map(str.isalnum, word)) for word in text.split())


def test_words_in_code_and_generated_tables_do_not_count() -> None:
    page = "# A page\n```sh\nmake weekly\n```\n| a | b |\n|---|---|\n| 1 | two |\n"
    assert words(page) == 6
    assert words(page + "<!-- table: week -->\n| 14.5 |\n<!-- end -->\n") == 6


def test_the_documentation_is_short() -> None:
    """All pages but README.fr.md, which repeats README.md."""
    pages = {*PROJECT_ROOT.glob("*.md"), *PROJECT_ROOT.glob("docs/*.md")}
    pages |= {PROJECT_ROOT / "data" / "raw" / "README.md"}
    pages -= {PROJECT_ROOT / "README.fr.md"}
    assert sum(words(page.read_text(encoding="utf-8")) for page in pages) <= LIMIT
