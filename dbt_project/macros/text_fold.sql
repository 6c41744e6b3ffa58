{# A text as the folds compare it: texts that differ only in case or white space are the same
   and have to stay on the same side of the hold-out. Single spaces, the most common case,
   are not replaced by themselves: that took three times as long. A text's bytes are trimmed
   at their ends, where trim(text) would look at all characters first. #}
{% macro text_digest(designation, description) -%}
    md5(btrim(convert_to(lower(regexp_replace(
        coalesce({{ designation }}, '') || ' ' || coalesce({{ description }}, ''),
        '\s{2,}|(?! )\s', ' ', 'g'
    )), 'UTF8'), ' '))
{%- endmacro %}

{# One of ten folds from a digest: its first 32 bits modulo ten. #}
{% macro digest_fold(digest) -%}
    (('x' || left({{ digest }}, 8))::bit(32)::bigint % 10)::integer
{%- endmacro %}
