{# Insert the new rows and overwrite those whose key exists, in one transaction. A row that
   a foreign key references is never deleted in between, as delete+insert would. When the
   model takes all batches, rows that it no longer yields are deleted. #}
{% macro get_incremental_upsert_sql(arg_dict) %}
    {%- set names = arg_dict["dest_columns"] | map(attribute="name") | list -%}
    {%- set key = arg_dict["unique_key"] -%}
    {%- set key = [key] if key is string else key -%}
    {%- set columns = get_quoted_csv(names) -%}
    {%- set range = batch_range() -%}
    {%- if range[0] == 0 and range[1] > 0 %}
    delete from {{ arg_dict["target_relation"] }} as held
    {%- if has_citus() %} {# which joins no table on the workers with a local one #}
    where ({{ get_quoted_csv(key) }}) not in (
        select {{ get_quoted_csv(key) }} from {{ arg_dict["temp_relation"] }}
    );
    {%- else %}
    where
        not exists (
            select 1
            from {{ arg_dict["temp_relation"] }} as filled
            where
                {%- for name in key %}
                filled.{{ adapter.quote(name) }} = held.{{ adapter.quote(name) }}
                {%- if not loop.last %} and{% endif -%}
                {% endfor %}
        );
    {%- endif %}
    {%- endif %}
    insert into {{ arg_dict["target_relation"] }} ({{ columns }})
    select {{ columns }} from {{ arg_dict["temp_relation"] }}
    on conflict ({{ get_quoted_csv(key) }}) do update set
    {%- for name in names if name not in key %}
        {{ adapter.quote(name) }} = excluded.{{ adapter.quote(name) }}
        {%- if not loop.last %},{% endif -%}
    {% endfor %};
{% endmacro %}
