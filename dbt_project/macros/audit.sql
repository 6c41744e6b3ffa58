{# What a build audits. Raw rows are never changed, so what has passed once need not be
   looked at again: a build audits the batches that no audit has passed, and
   intermediate.audits notes each audit with its bounds. All rows are audited again after a
   change of the models or tests, when a mart is missing or empty, with --full-refresh,
   every `whole_audit_after_days`, and by `dbt test` at any time.

   The upper bound is the newest batch there was when the build began: one that a loader
   completes in the meantime waits for the next build, or it would be published unaudited. #}

{% macro is_building() -%}
    {{ return(execute and flags.WHICH in ("build", "run", "snapshot", "seed")) }}
{%- endmacro %}

{# The batch that this audit comes after, and the last one it looks at. #}
{% macro audit_bounds() -%}
    {{ return(run_query(
        "select after_batch, last_batch from intermediate.audits"
        ~ " where invocation_id = '" ~ invocation_id ~ "'"
    ).rows[0] if is_building() else [0, 9223372036854775807]) }}
{%- endmacro %}

{# A condition on a batch column, in literals: the planner knows from them how few rows
   there are. A generic test says `where: awaits_audit`. #}
{% macro awaits_audit(column="load_batch_id") -%}
    {%- set bounds = audit_bounds() -%}
    {{ column }} > {{ bounds[0] }} and {{ column }} <= {{ bounds[1] }}
{%- endmacro %}

{% macro postgres__get_where_subquery(relation) -%}
    {%- set where = config.get("where") %}
    {%- set where = awaits_audit() if where == "awaits_audit" else where %}
    {{ return(
        "(select * from " ~ relation ~ " where " ~ where ~ ") as audited"
        if where else relation
    ) }}
{%- endmacro %}

{# Hook: note the bounds of this run, before it changes anything. #}
{% macro open_audit() %}
    {%- if is_building() %}
        {%- do run_query("set role " ~ target.role) %}
        {%- do run_query(create_audits()) %}
        {%- do run_query(analyze_what_came()) %}
        {%- set code = audited_code() %}
        {%- set after_batch = 0 if an_audit_of_all_is_due()
            else last_audited_batch(code) %}
        {%- do run_query(
            "insert into intermediate.audits"
            ~ " (invocation_id, code, after_batch, last_batch)"
            ~ " select '" ~ invocation_id ~ "', '" ~ code ~ "', "
            ~ after_batch ~ ", coalesce(max(id), 0)"
            ~ " from raw.data_loads where status = 'completed'; commit"
        ) %}
    {%- endif -%}
    select 1
{% endmacro %}

{# Hook: the audit has passed when every model and every test was run and none failed. #}
{% macro close_audit() %}
    {%- set passed = [] %}
    {%- if is_building() %}
        {%- for result in results if result.status in ("success", "pass", "warn") %}
            {%- do passed.append(result.node.unique_id) %}
        {%- endfor %}
    {%- endif %}
    {%- if passed and graph.nodes.values()
        | selectattr("resource_type", "in", ["model", "seed", "snapshot", "test"])
        | rejectattr("unique_id", "in", passed) | list | length == 0 %}
set role {{ target.role }};
update intermediate.audits set passed_at = clock_timestamp()
where invocation_id = '{{ invocation_id }}';
commit;
    {%- else -%}
select 1
    {%- endif %}
{% endmacro %}

{# With statistics from before a batch came, the planner takes its rows for one row, and
   joins them by comparing each with each. The raw tables are the loader's. #}
{% macro analyze_what_came() %}
set role loader;
{{ mend_batch_times() }}
analyze raw.data_loads (id, status);
analyze raw.x_train (row_number, productid, load_batch_id);
analyze raw.y_train (row_number, load_batch_id);
set role {{ target.role }};
commit;
{% endmacro %}

{% macro create_audits() %}
create table if not exists intermediate.audits (
    invocation_id text primary key,
    code text not null,
    after_batch bigint not null,
    last_batch bigint not null,
    started_at timestamptz not null default clock_timestamp(),
    passed_at timestamptz
);
commit;
{% endmacro %}

{% macro last_audited_batch(code) %}
    {%- set passed = "from intermediate.audits where passed_at is not null and code = '"
        ~ code ~ "'" %}
    {{ return(run_query(
        "select coalesce(max(last_batch), 0) " ~ passed ~ " and exists (select 1 "
        ~ passed ~ " and after_batch = 0 and started_at > clock_timestamp() - interval '"
        ~ var("whole_audit_after_days") ~ " days')"
    ).rows[0][0]) }}
{% endmacro %}

{# A mart that has no row has to be filled from all batches. #}
{% macro an_audit_of_all_is_due() %}
    {%- set filled = [] %}
    {%- for node in graph.nodes.values()
        if node.config.materialized in ("incremental", "snapshot") %}
        {%- set relation = adapter.get_relation(
            node.database, node.schema, node.alias
        ) %}
        {%- do filled.append(
            "exists (select 1 from " ~ relation ~ ")" if relation else "false"
        ) %}
    {%- endfor %}
    {{ return(
        flags.FULL_REFRESH
        or not run_query("select " ~ filled | join(" and ")).rows[0][0]
    ) }}
{% endmacro %}

{# A digest of what audits: of the files of models and tests and the arguments of generic
   tests. Macros are not in dbt's graph. #}
{% macro audited_code() %}
    {%- set lines = [] %}
    {%- for node in graph.nodes.values()
        if node.resource_type in ("model", "seed", "snapshot", "test") %}
        {%- do lines.append([
            node.unique_id, node.checksum.checksum, node.config.where
        ] | string) %}
    {%- endfor %}
    {{ return(local_md5(lines | sort | join("\n"))) }}
{% endmacro %}
