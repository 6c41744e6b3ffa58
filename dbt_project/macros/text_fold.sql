{# A text as the folds compare it: texts that differ only in case or white space are the same
   and have to stay on the same side of the hold-out. Single spaces, the most common case,
   are not replaced by themselves: that took three times as long. A text's bytes are trimmed
   at their ends, where trim(text) would look at all characters first. \s has no-break spaces
   in some collations only. #}
{% macro text_digest(designation, description) -%}
    {%- set other_than_space -%}
    \u0009-\u000d\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000
    {%- endset -%}
    md5(btrim(convert_to(lower(regexp_replace(
        concat({{ designation }}, ' ', {{ description }}) {{ text_collation() }},
        '[ {{ other_than_space }}]{2,}|[{{ other_than_space }}]', ' ', 'g'
    )), 'UTF8'), ' '))
{%- endmacro %}

{# One of ten folds from a digest: its first 32 bits modulo ten. #}
{% macro digest_fold(digest) -%}
    (('x' || left({{ digest }}, 8))::bit(32)::bigint % 10)::integer
{%- endmacro %}

{# Letters and their cases as on the embedded server, whatever the database's own collation is.
   PostgreSQL has this one since version 17. #}
{% macro text_collation() -%}
    {%- if execute and query_once(
        "select exists (select from pg_collation where collname = 'pg_c_utf8')"
    )[0] -%}
        collate "pg_c_utf8"
    {%- endif -%}
{%- endmacro %}
