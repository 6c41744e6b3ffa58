"""The name by which models registered before `rakuten_text` find their first step."""

from rakuten_text import clean_fields

__all__ = ["clean_fields"]
