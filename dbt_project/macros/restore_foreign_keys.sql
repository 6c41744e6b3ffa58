{# Post-hook of every mart, after its transaction. A full refresh drops the relation it
   replaces, and with it the foreign keys of others to it; those of its own keep the name of
   the table they were made on. Add what the contracts declare and is missing, and name all
   constraints after the relation. Rows without the row they refer to are deleted first, as
   the foreign key would have done. #}
{% macro restore_foreign_keys() %}
    {%- if execute %}
    {%- for key in declared_foreign_keys()
        if this.identifier in (key.relation.identifier, key.referenced) %}
        {%- do restore_foreign_key(key) %}
    {%- endfor %}
    {%- if model.config.materialized != "stable_view" and not is_incremental() %}
        {%- for name, wanted in run_query(
            "select conname, regexp_replace(conname, '__dbt_tmp[0-9]*(_.*?)[0-9]*$', '\\1')"
            ~ " from pg_constraint where conrelid = '" ~ this ~ "'::regclass"
            ~ " and conname ~ '__dbt_tmp'"
        ).rows %}
            {%- do run_query(
                "alter table " ~ this ~ " rename constraint "
                ~ adapter.quote(name) ~ " to " ~ adapter.quote(wanted) ~ "; commit"
            ) %}
        {%- endfor %}
    {%- endif %}
    {%- endif %}
{% endmacro %}

{# The foreign keys of columns in contracts. #}
{% macro declared_foreign_keys() %}
    {%- set keys = [] %}
    {%- for node in graph.nodes.values() if node.resource_type == "model" %}
        {%- for column in node.columns.values() %}
            {%- for constraint in column.constraints if constraint.type == "foreign_key" %}
                {%- do keys.append({
                    "relation": api.Relation.create(
                        schema=node.schema, identifier=node.alias
                    ),
                    "column": column.name,
                    "references": constraint.expression,
                    "referenced": constraint.expression.split("(")[0].split(".")[-1] | trim,
                }) %}
            {%- endfor %}
        {%- endfor %}
    {%- endfor %}
    {{ return(keys) }}
{% endmacro %}

{% macro restore_foreign_key(key) %}
    {%- set table = key.references.split("(")[0] | trim %}
    {%- set column = key.references.split("(")[1].split(")")[0] %}
    {%- set is_missing = run_query(
        "select 1 from pg_class where oid = to_regclass('" ~ key.relation ~ "')"
        ~ " and to_regclass('" ~ table ~ "') is not null and not exists ("
        ~ "select from pg_constraint where contype = 'f' and conrelid = pg_class.oid"
        ~ " and confrelid = to_regclass('" ~ table ~ "'))"
    ).rows | length > 0 %}
    {%- if is_missing %}
        {%- do run_query(
            "delete from " ~ key.relation ~ " where " ~ key.column ~ " not in (select "
            ~ column ~ " from " ~ table ~ "); alter table " ~ key.relation
            ~ " add constraint " ~ key.relation.identifier ~ "_" ~ key.column
            ~ "_fkey foreign key (" ~ key.column ~ ") references " ~ key.references
            ~ "; commit"
        ) %}
    {%- endif %}
{% endmacro %}
