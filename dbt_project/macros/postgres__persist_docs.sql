{# Like dbt's own, in one query: dbt asks twice which columns there are. A contract has made
   sure of them. #}
{% macro postgres__persist_docs(relation, model, for_relation, for_columns) %}
    {%- if not model.config.contract.enforced %}
        {{ return(dbt.default__persist_docs(relation, model, for_relation, for_columns)) }}
    {%- endif %}
    {%- set comments = [alter_relation_comment(relation, model.description)] %}
    {%- for column in model.columns.values() %}
        {%- do comments.append(
            "comment on column " ~ relation ~ "." ~ column.name ~ " is "
            ~ postgres_escape_comment(column.description) ~ ";"
        ) %}
    {%- endfor %}
    {%- do run_query(comments | join) %}
{% endmacro %}
