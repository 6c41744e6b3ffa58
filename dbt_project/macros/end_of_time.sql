{% macro end_of_time() -%}
    '9999-12-31 00:00:00+00'::timestamptz
{%- endmacro %}
