{# "Marts repair themselves" in docs/dbt.md says which batches a model takes. #}

{% macro batch_range() %}
    {#- Before the first run there is nothing to compile a query with. #}
    {%- if not execute or flags.EMPTY or not (is_building() or adapter.get_relation(
        target.database, internal_schema(), "watermarks"
    )) %}
        {{ return([0, 0]) }}
    {%- endif %}
    {%- set held = "0" %}
    {#- `dbt show` shows all rows, not those of new batches. #}
    {%- if is_incremental() and flags.WHICH != "show" %}
        {%- set held = read_watermark(this) %}
    {%- endif %}
    {%- set parents = [] %}
    {%- for parent in model.depends_on.nodes
        if parent in graph.nodes and graph.nodes[parent].config.meta.watermark %}
        {%- set node = graph.nodes[parent] %}
        {%- do parents.append(read_watermark(
            adapter.get_relation(node.database, node.schema, node.alias)
        )) %}
    {%- endfor %}
    {{ return(query_once("select " ~ held ~ ", least(" ~ parents | join(", ") ~ ")")) }}
{% endmacro %}

{# Rows that are gone come back, and nothing is built from a relation that lacks them; a model
   that found none is not asked again. #}
{% macro read_watermark(relation) -%}
    {%- if not relation %}
        {{ return("0") }}
    {%- endif %}
    {%- set row = " from " ~ internal_schema() ~ ".watermarks where relation = '"
        ~ relation.identifier ~ "'" %}
    {{ return(
        "case when exists (select 1 from " ~ relation ~ ") or (select is_empty" ~ row
        ~ ") then coalesce((select load_batch_id" ~ row ~ "), 0) else 0 end"
    ) }}
{%- endmacro %}

{# In literals, so that the planner estimates few rows. #}
{% macro is_new_batch(column="load_batch_id") -%}
    {%- set range = batch_range() -%}
    {{ column }} > {{ range[0] }} and {{ column }} <= {{ range[1] }}
{%- endmacro %}

{% macro set_watermark(batch=none) %}
    {%- set batch = batch or (batch_range()[1] if model.config.meta.watermark) %}
    {%- if execute and batch %}
        {%- set has_rows = run_query("select exists (select 1 from " ~ this ~ ")").rows[0][0] -%}
    insert into {{ internal_schema() }}.watermarks (relation, load_batch_id, is_empty)
    values ('{{ this.identifier }}', {{ batch }}, {{ not has_rows }})
    on conflict (relation) do update
    set load_batch_id = excluded.load_batch_id, is_empty = excluded.is_empty
    {%- endif %}
{% endmacro %}

{# Checked before the DELETE: Citus locks the tables that a DELETE reads, which only their
   owner may. #}
{% macro reset_watermarks_after_changes() %}
    {%- set audited = adapter.get_relation(
        target.database, internal_schema(), "int_audited_batches"
    ) %}
    {%- if audited and run_query(
        "select 1 from " ~ audited ~ " as audited left join raw.data_loads as loads"
        ~ " on audited.load_batch_id = loads.id and loads.status = 'completed'"
        ~ " where loads.completed_at is distinct from audited.completed_at limit 1"
    ).rows | length > 0 %}
        {%- do run_query("delete from " ~ internal_schema() ~ ".watermarks; commit") %}
    {%- endif %}
{% endmacro %}

{% macro forget_histories() %}
    {%- do run_query(
        "set role " ~ target.role ~ "; delete from " ~ internal_schema()
        ~ ".watermarks where relation in ('products_history', 'labels_history'); commit"
    ) %}
{% endmacro %}
