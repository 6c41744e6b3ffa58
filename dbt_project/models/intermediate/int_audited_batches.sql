{{ config(
    materialized='incremental',
    incremental_strategy='replace',
    full_refresh=false,
    meta={'distribute_by': 'local', 'watermark': true},
    post_hook=[
        "{{ set_watermark('(select coalesce(max(load_batch_id), 0) from ' ~ this ~ ')') }}",
        "{{ pass_audit() }}",
    ],
) }}
-- dbt skips this model when a test on one of its parents fails; they are:
-- depends_on: {{ ref('int_product_versions') }}
-- depends_on: {{ ref('stg_catalogue__products') }}
-- depends_on: {{ ref('stg_catalogue__labels') }}
-- depends_on: {{ ref('stg_catalogue__images') }}
-- depends_on: {{ ref('product_categories') }}
with

batches as (
    select * from {{ ref('stg_catalogue__data_loads') }}
    where status = 'completed'
),

admitted as (
    {%- if is_incremental() %}
    select * from {{ this }}
    {%- else %}
    select
        load_batch_id,
        null::text as invocation_id,
        null::timestamptz as admitted_at
    from batches
    where false
    {%- endif %}
)

select
    batches.load_batch_id,
    batches.batch_name,
    batches.completed_at,
    coalesce(admitted.invocation_id, '{{ invocation_id }}') as invocation_id,
    coalesce(admitted.admitted_at, clock_timestamp()) as admitted_at
from batches
left join admitted
    on batches.load_batch_id = admitted.load_batch_id
where
    admitted.load_batch_id is not null
{%- if is_admitting_batches() %}
    or batches.load_batch_id <= {{ audit_bounds()[1] }}
    {%- endif %}
