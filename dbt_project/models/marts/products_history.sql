{{ config(
    incremental_strategy='upsert',
    unique_key=['productid', 'load_batch_id'],
    indexes=[{'columns': ['load_batch_id']}],
    pre_hook="{{ adopt_snapshot() }}",
    post_hook="analyze {{ this }} (productid, load_batch_id, valid_from, valid_to)",
    meta={'distribute_by': 'productid', 'watermark': true},
) }}
-- depends_on: {{ ref('int_audited_batches') }}

with

versions as (
    select * from {{ ref('int_product_versions') }}
    where {{ is_new_batch() }}
),

-- The new versions and, with the ids they have, those that end with them.
stacked as (
    select
        productid,
        row_number,
        designation,
        description,
        imageid,
        image_path,
        image_exists,
        load_batch_id,
        case when withdrawn then 'DELETE' end as operation_type,
        loaded_at,
        md5(productid || '|' || extract(epoch from loaded_at)) as version_id
    from versions
    {%- if is_incremental() %}
    union all
    select
        productid,
        row_number,
        designation,
        description,
        imageid,
        image_path,
        image_exists,
        load_batch_id,
        operation_type,
        loaded_at,
        version_id
    from {{ this }}
    where
        valid_to = {{ end_of_time() }}
        and load_batch_id <= {{ batch_range()[0] }}
        and productid in (select versions.productid from versions)
    {%- endif %}
),

numbered as (
    select
        *,
        lag(load_batch_id) over versions_of_product as previous_batch_id,
        lead(loaded_at) over versions_of_product as superseded_at
    from stacked
    window versions_of_product as (partition by productid order by load_batch_id)
)

select
    productid,
    row_number,
    designation,
    description,
    imageid,
    image_path,
    image_exists,
    load_batch_id,
    coalesce(
        operation_type,
        case when previous_batch_id is null then 'INSERT' else 'UPDATE' end
    ) as operation_type,
    loaded_at,
    version_id,
    loaded_at as recorded_at,
    loaded_at as valid_from,
    coalesce(superseded_at, {{ end_of_time() }}) as valid_to
from numbered
