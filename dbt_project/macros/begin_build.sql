{# Hook: dbt continues after one that fails, but not if the query fails while it is rendered. #}
{% macro begin_build() %}
    {%- if is_building() %}
        {%- do run_query(acquire_build_lock()) %}
        {%- do distribute_existing() %}
        {%- do run_query(prepare_audit_tables()) %}
        {%- do run_query(prepare_raw_tables()) %}
        {%- do grant_tables_of_views() %}
        {%- do reset_watermarks_after_changes() %}
        {%- do run_query(open_audit()) %}
    {%- endif %}
{% endmacro %}

{% macro is_building() -%}
    {{ return(execute and flags.WHICH in ("build", "run", "seed")) }}
{%- endmacro %}

{# The views are those of earlier versions of the project. #}
{% macro prepare_audit_tables() %}
create table if not exists {{ internal_schema() }}.audits (
    invocation_id text primary key,
    code text not null,
    after_batch bigint not null,
    last_batch bigint not null,
    started_at timestamptz not null default clock_timestamp(),
    passed_at timestamptz
);
alter table {{ internal_schema() }}.audits add column if not exists results jsonb;
create table if not exists {{ internal_schema() }}.watermarks (
    relation text primary key,
    load_batch_id bigint not null
);
alter table {{ internal_schema() }}.watermarks
add column if not exists is_empty boolean not null default false;
drop view if exists
    {{ internal_schema() }}.int_product_versions_pending,
    {{ internal_schema() }}.int_label_versions_pending,
    {{ internal_schema() }}.int_products_labelled;
commit;
{% endmacro %}
