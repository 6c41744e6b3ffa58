{# With --empty there is nothing to fill the relation with. #}
{% macro get_incremental_replace_sql(arg_dict) %}
    {%- if flags.EMPTY -%}
    select 1;
    {%- else -%}
    {%- set columns = get_quoted_csv(
        arg_dict["dest_columns"] | map(attribute="name")
    ) -%}
    delete from {{ arg_dict["target_relation"] }};
    insert into {{ arg_dict["target_relation"] }} ({{ columns }})
    select {{ columns }} from {{ arg_dict["temp_relation"] }};
    {%- endif %}
{% endmacro %}
