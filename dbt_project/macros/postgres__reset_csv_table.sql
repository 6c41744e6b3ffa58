{# TRUNCATE would wait for open transactions that have read the seed, and later readers for it.
   DROP would take the views that read it; with other columns there is no other way. #}
{% macro postgres__reset_csv_table(model, full_refresh, old_relation, agate_table) -%}
    {%- set held, wanted = {}, {} %}
    {%- if full_refresh %}
        {%- for column in adapter.get_columns_in_relation(old_relation) %}
            {%- do held.update({column.name: column.data_type}) %}
        {%- endfor %}
        {%- for name in agate_table.column_names %}
            {%- do wanted.update(
                {name: model.config.column_types.get(name, held.get(name))}
            ) %}
        {%- endfor %}
    {%- endif %}
    {%- if model.package_name != project_name or held != wanted %}
        {{ return(dbt.default__reset_csv_table(
            model, full_refresh, old_relation, agate_table
        )) }}
    {%- endif %}
    {%- set sql = "delete from " ~ old_relation.render() %}
    {%- call statement("empty_seed") %}{{ sql }}{% endcall %}
    {{ return(sql) }}
{% endmacro %}
