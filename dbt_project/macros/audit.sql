{# "What is audited when" in docs/dbt.md says what a build audits. #}

{% macro audit_bounds() -%}
    {{ return(query_once(
        "select after_batch, last_batch from " ~ internal_schema()
        ~ ".audits where invocation_id = '" ~ invocation_id ~ "'"
    ) if is_building() else [0, 9223372036854775807]) }}
{%- endmacro %}

{# In literals, so that the planner estimates few rows. #}
{% macro awaits_audit(column="load_batch_id") -%}
    {%- set bounds = audit_bounds() -%}
    {{ column }} > {{ bounds[0] }} and {{ column }} <= {{ bounds[1] }}
{%- endmacro %}

{% macro postgres__get_where_subquery(relation) -%}
    {{ return(
        "(select * from " ~ relation ~ " where " ~ awaits_audit() ~ ") as audited"
        if config.get("where") == "awaits_audit"
        else dbt.default__get_where_subquery(relation)
    ) }}
{%- endmacro %}

{# dbt skips int_audited_batches when a test on its parents fails, so all of them have to run. #}
{% macro is_admitting_batches() %}
    {%- set missing = [] %}
    {%- for node in (graph.nodes.values() if execute else [])
        if node.resource_type == "test"
        and node.package_name == project_name
        and node.unique_id not in selected_resources
        and not node.depends_on.nodes | reject("in", model.depends_on.nodes) | list %}
        {%- do missing.append(node.unique_id) %}
    {%- endfor %}
    {{ return(execute and flags.WHICH == "build" and not flags.EMPTY and not missing) }}
{% endmacro %}

{% macro open_audit() %}
    {%- set code = audited_code() %}
insert into {{ internal_schema() }}.audits (invocation_id, code, after_batch, last_batch)
select
    '{{ invocation_id }}',
    '{{ code }}',
    {{ 0 if flags.FULL_REFRESH else last_audited_batch(code) }},
    coalesce(max(id), 0)
from raw.data_loads
where status = 'completed';
commit;
{% endmacro %}

{% macro pass_audit() %}
    {%- if is_admitting_batches() -%}
    update {{ internal_schema() }}.audits set passed_at = clock_timestamp()
    where invocation_id = '{{ invocation_id }}'
    {%- endif %}
{% endmacro %}

{# After a failed test on a mart, the next build audits the same batches again. #}
{% macro close_audit() %}
    {%- set tests, others, failures = [], [], [] %}
    {%- for result in results if execute %}
        {%- set status = result.status | string %}
        {%- set is_test = result.node.resource_type in ("test", "unit_test") %}
        {%- do (tests if is_test else others).append(status) %}
        {%- if status in ("fail", "error") %}
            {#- PostgreSQL adds the row, with its texts, to its own message. #}
            {%- set lines = (result.message or "").split("\n") %}
            {%- set lines = lines[:2] if lines[0].startswith("Database Error") else lines %}
            {%- set message = (lines | join(" ")).split() | join(" ") %}
            {%- set has_rows = result.node.resource_type == "test" and status == "fail" %}
            {%- set rows = failing_rows(result) if has_rows %}
            {%- if rows %}
                {%- set message = message ~ " (" ~ rows ~ ")" %}
                {%- do log("Rows of " ~ result.node.name ~ ": " ~ rows, info=true) %}
            {%- endif %}
            {%- do failures.append({"name": result.node.name, "message": message}) %}
        {%- endif %}
    {%- endfor %}
    {%- if tests and is_building() %}
        {%- set noted = {
            "run": tests | length,
            "passed": tests | select("equalto", "pass") | list | length,
            "warned": tests | select("equalto", "warn") | list | length,
            "failed": tests | select("in", ["fail", "error"]) | list | length,
            "skipped": tests | select("equalto", "skipped") | list | length,
            "built": others | select("equalto", "success") | list | length,
            "failures": failures,
        } %}
set role {{ target.role }};
update {{ internal_schema() }}.audits
set results = $results${{ tojson(noted) }}$results$
    {%- if noted.failed %}, passed_at = null{% endif %}
where invocation_id = '{{ invocation_id }}';
commit;
    {%- endif %}
{% endmacro %}

{% macro last_audited_batch(code) %}
    {{ return(run_query(
        "select case when bool_or(after_batch = 0 and started_at between clock_timestamp()"
        ~ " - interval '" ~ var("whole_audit_after_days") ~ " days' and clock_timestamp())"
        ~ " then max(last_batch) else 0 end from " ~ internal_schema()
        ~ ".audits where passed_at is not null and code = '" ~ code ~ "'"
    ).rows[0][0]) }}
{% endmacro %}

{# Macros are not in dbt's graph. #}
{% macro audited_code() %}
    {%- set lines = [] %}
    {%- for node in graph.nodes.values()
        if node.package_name == project_name
        and node.resource_type in ("model", "seed", "test") %}
        {%- do lines.append([
            node.unique_id, node.checksum.checksum, node.config.where
        ] | string) %}
    {%- endfor %}
    {{ return(local_md5(lines | sort | join("\n"))) }}
{% endmacro %}
