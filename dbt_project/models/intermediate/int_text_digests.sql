{{ config(
    materialized='incremental',
    incremental_strategy='upsert',
    on_schema_change='fail',
    unique_key=['productid', 'load_batch_id'],
    indexes=[{'columns': ['text_digest']}, {'columns': ['load_batch_id']}],
    post_hook=[
        "{{ set_watermark() }}",
        "analyze {{ this }} (productid, text_digest, load_batch_id)",
    ],
    meta={'distribute_by': 'productid', 'watermark': true},
) }}
-- depends_on: {{ ref('int_audited_batches') }}

with

versions as (
    select * from {{ ref('int_product_versions') }}
    where {{ is_new_batch() }}
)

select
    productid,
    load_batch_id,
    {{ text_digest('designation', 'description') }} as text_digest,
    length(concat_ws(' ', designation, description)) as text_length
from versions
where not withdrawn
