{# What a build audits. Raw rows never change, so a batch that has passed is not audited
   again: a build audits the batches after the last audit that passed. It audits all of
   them after a change of a model or test, with --full-refresh, every
   `whole_audit_after_days` days, and in `dbt test`.

   The upper bound is the newest batch when the build began: a batch that a loader completes
   in the meantime waits for the next build. intermediate.audits records each audit with its
   bounds. #}

{# The batch that this audit comes after, and the last one it covers. #}
{% macro audit_bounds() -%}
    {{ return(query_once(
        "select after_batch, last_batch from " ~ internal_schema()
        ~ ".audits where invocation_id = '" ~ invocation_id ~ "'"
    ) if is_building() else [0, 9223372036854775807]) }}
{%- endmacro %}

{# A condition on a batch column, in literals, so that the planner estimates few rows. A
   generic test uses `where: awaits_audit`. #}
{% macro awaits_audit(column="load_batch_id") -%}
    {%- set bounds = audit_bounds() -%}
    {{ column }} > {{ bounds[0] }} and {{ column }} <= {{ bounds[1] }}
{%- endmacro %}

{% macro postgres__get_where_subquery(relation) -%}
    {%- if config.get("where") == "awaits_audit" %}
        {{ return(
            "(select * from " ~ relation ~ " where " ~ awaits_audit() ~ ") as audited"
        ) }}
    {%- else %}
        {{ return(dbt.default__get_where_subquery(relation)) }}
    {%- endif %}
{%- endmacro %}

{# Whether this run may admit batches: it must be a `dbt build` that runs every test on the
   parents of int_audited_batches. dbt skips that model when one of them fails. #}
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

{# Post-hook of int_audited_batches, which runs only when no test before it failed. #}
{% macro pass_audit() %}
    {%- if is_admitting_batches() -%}
    update {{ internal_schema() }}.audits set passed_at = clock_timestamp()
    where invocation_id = '{{ invocation_id }}'
    {%- endif %}
{% endmacro %}

{# Hook: record the results of a build for the weekly report. After a failed test on a mart,
   the next build audits the same batches again. #}
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
            {%- set rows = failing_rows(result) %}
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

{# A digest of the auditing code: the files of this project's models, seeds and tests, and
   the arguments of generic tests. Macros are not in dbt's graph. #}
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
