{# A full refresh drops the relation it replaces, and with it the foreign keys of others to it;
   the other constraints keep the name of the table they were made on, on Citus for good.
   Rows without the row they refer to are deleted, as the foreign key would have done. A table
   that the same run replaces next gets its foreign keys then. #}
{% macro restore_foreign_keys() %}
    {%- for key in declared_constraints() if key.type == "foreign_key" and key.expression %}
        {%- set parent, parent_column = key.expression.split(")")[0].split("(") %}
        {%- set is_own = this.render() == key.relation
            or this.schema ~ "." ~ this.identifier == parent | trim %}
        {%- set is_replaced_next = flags.FULL_REFRESH
            and key.node.unique_id in selected_resources
            and key.node.config.full_refresh is not false
            and model.unique_id in key.node.depends_on.nodes %}
        {%- if is_own and not is_replaced_next and run_query(
            "select 1 from pg_class where oid = to_regclass('" ~ key.relation ~ "')"
            ~ " and to_regclass('" ~ parent ~ "') is not null and not exists ("
            ~ "select from pg_constraint where contype = 'f' and conrelid = pg_class.oid"
            ~ " and confrelid = to_regclass('" ~ parent ~ "'))"
        ).rows | length > 0 %}
            {%- do run_query(
                "delete from " ~ key.relation ~ " as child where not exists (select 1 from "
                ~ parent ~ " as parent where parent." ~ parent_column ~ " = child."
                ~ key.column ~ "); alter table " ~ key.relation
                ~ " add foreign key (" ~ key.column ~ ") references " ~ key.expression
                ~ "; commit"
            ) %}
        {%- endif %}
    {%- endfor %}
    {%- if execute and not is_incremental() and not has_citus() %}
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
{% endmacro %}
