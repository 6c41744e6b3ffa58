{# TRUNCATE would wait for open transactions that have read the seed, and later readers for it. #}
{% macro postgres__reset_csv_table(model, full_refresh, old_relation, agate_table) -%}
    {%- if full_refresh or model.package_name != project_name %}
        {{ return(dbt.default__reset_csv_table(
            model, full_refresh, old_relation, agate_table
        )) }}
    {%- endif %}
    {%- set sql = "delete from " ~ old_relation.render() %}
    {%- call statement("empty_seed") %}{{ sql }}{% endcall %}
    {{ return(sql) }}
{% endmacro %}
