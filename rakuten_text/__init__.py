"""What a stored model needs of this project: catalogue text as words.

A package of its own, so that a model loads beside anybody's package named `training`.
Stored models name its functions: they keep their names and their meaning. A change of
meaning gets a new function and raises ModelParams.version.
"""

import html
import re
import unicodedata

import pandas as pd

TEXT_COLUMNS = ["designation", "description"]

_TAG = re.compile(r"<[a-zA-Z/!][^<>]*>")


def clean(text: object) -> str:
    """Return one catalogue field as plain lower-case text.

    Entities are decoded twice, because descriptions hold `&amp;eacute;` as well
    as `&eacute;`, and before the tags go, because some hold `&lt;br&gt;`. Accents
    are kept (`pêche` is not `péché`) and composed, so that both ways of writing
    one are the same word.

    Args:
        text: the field; anything that is not a string (NULL arrives as None or
            NaN) counts as empty.
    """
    if not isinstance(text, str):
        return ""
    if "&" in text:
        text = html.unescape(html.unescape(text))
    if "<" in text:
        text = _TAG.sub(" ", text)
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    return text.lower()


def clean_fields(frame: pd.DataFrame) -> pd.DataFrame:
    """Clean both text fields of each row; a column that is absent counts as empty.

    The first step of models of ModelParams.version 1 and 2.

    Args:
        frame: any columns, of which `designation` and `description` are used.

    Returns:
        Two columns of strings, TEXT_COLUMNS, one row for each row of `frame`.
    """
    return pd.DataFrame(
        {
            column: [clean(text) for text in frame[column]]
            if column in frame
            else [""] * len(frame)
            for column in TEXT_COLUMNS
        },
        index=frame.index,
        dtype=object,
    )


def title_and_text(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the cleaned designation, and both cleaned fields as one text.

    The first step of the model: callers (the server, a notebook, `predict`) send the
    catalogue's raw text. A column that is absent counts as empty.

    Args:
        frame: any columns, of which `designation` and `description` are used.

    Returns:
        Two columns of strings, `title` and `text`, one row for each row of `frame`.

    Raises:
        ValueError: there is no row, or neither of the two columns.
    """
    if not len(frame):
        raise ValueError("There is no row to classify.")
    if not set(TEXT_COLUMNS) & set(frame.columns):
        raise ValueError(
            "There is neither a column designation nor a column description."
        )
    cleaned = clean_fields(frame)
    text = cleaned["designation"] + " " + cleaned["description"]
    return pd.DataFrame({"title": cleaned["designation"], "text": text})
