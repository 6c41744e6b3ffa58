{# Insert the new rows and overwrite those whose key is there. Rows that are referenced
   by a foreign key are never taken away in between, as delete+insert would. #}
{% macro get_incremental_upsert_sql(arg_dict) %}
    {%- set names = arg_dict["dest_columns"] | map(attribute="name") | list -%}
    {%- set key = arg_dict["unique_key"] -%}
    {%- set key = [key] if key is string else key -%}
    {%- set columns = get_quoted_csv(names) -%}
    insert into {{ arg_dict["target_relation"] }} ({{ columns }})
    select {{ columns }} from {{ arg_dict["temp_relation"] }}
    on conflict ({{ get_quoted_csv(key) }}) do update set
    {%- for name in names if name not in key %}
        {{ adapter.quote(name) }} = excluded.{{ adapter.quote(name) }}
        {%- if not loop.last %},{% endif -%}
    {% endfor %};
{% endmacro %}
