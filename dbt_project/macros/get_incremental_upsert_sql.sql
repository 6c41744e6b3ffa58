{# A row that a foreign key references is never deleted in between, as delete+insert would.
   When the model takes all batches, rows that it no longer yields are deleted. #}
{% macro get_incremental_upsert_sql(arg_dict) %}
    {%- set relation, new_rows = arg_dict["target_relation"], arg_dict["temp_relation"] -%}
    {%- set names = arg_dict["dest_columns"] | map(attribute="name") | list -%}
    {%- set columns = get_quoted_csv(names) -%}
    {%- set key = arg_dict["unique_key"] -%}
    {%- set key = [key] if key is string else key -%}
    {%- set key_columns = get_quoted_csv(key) -%}
    {%- set range = batch_range() -%}
    {%- if range[0] == 0 and range[1] > 0 %}
    delete from {{ relation }} as held
    {%- if has_citus() %} {# which joins no table on the workers with a local one #}
    where ({{ key_columns }}) not in (select {{ key_columns }} from {{ new_rows }});
    {%- else %}
    where not exists (
        select 1
        from {{ new_rows }} as filled
        where
        {%- for name in key %}
            {%- set name = adapter.quote(name) %}
            filled.{{ name }} = held.{{ name }}{{ " and" if not loop.last }}
        {%- endfor %}
    );
    {%- endif %}
    {%- endif %}
    insert into {{ relation }} ({{ columns }})
    select {{ columns }} from {{ new_rows }}
    on conflict ({{ key_columns }}) do update set
    {%- for name in names if name not in key %}
        {%- set name = adapter.quote(name) %}
        {{ name }} = excluded.{{ name }}{{ "," if not loop.last }}
    {%- endfor %};
{% endmacro %}
