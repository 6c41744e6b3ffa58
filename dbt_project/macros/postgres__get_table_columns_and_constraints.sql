{# Like dbt's own, but without the foreign keys of the project's tables: restore_foreign_keys
   adds them after the rows, which are then checked by one join, not one by one. Citus needs
   them from the start. #}
{% macro postgres__get_table_columns_and_constraints() %}
    {%- if has_citus() or config.get("meta", {}).distribute_by is not defined %}
        {{ return(dbt.default__get_table_columns_and_constraints()) }}
    {%- endif %}
    {%- set columns = {} %}
    {%- for name, column in model.columns.items() %}
        {%- do columns.update({name: dict(column, constraints=(
            column.constraints | rejectattr("type", "equalto", "foreign_key") | list
        ))}) %}
    {%- endfor %}
    ({{ (
        adapter.render_raw_columns_constraints(raw_columns=columns)
        + adapter.render_raw_model_constraints(raw_constraints=model.constraints)
    ) | join(", ") }})
{% endmacro %}
