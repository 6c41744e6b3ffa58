{{ config(
    incremental_strategy='upsert',
    unique_key=['productid', 'load_batch_id'],
    indexes=[{'columns': ['load_batch_id']}],
    pre_hook="{{ adopt_snapshot() }}",
    post_hook="analyze {{ this }} (productid, load_batch_id, valid_from, valid_to)",
    meta={'distribute_by': 'productid', 'watermark': true},
) }}

with

products as (
    select * from {{ ref('products_history') }}
    where {{ is_new_batch() }}
),

labels as (
    select
        productid,
        load_batch_id,
        prdtypecode
    from {{ ref('int_product_versions') }}
    where {{ is_new_batch() }}
),

-- The new versions and those that end with them.
stacked as (
    select
        products.productid,
        labels.prdtypecode,
        products.load_batch_id,
        products.operation_type,
        products.loaded_at,
        products.version_id,
        products.recorded_at,
        products.valid_from,
        products.valid_to
    from products
    inner join labels
        on
            products.productid = labels.productid
            and products.load_batch_id = labels.load_batch_id
    {%- if is_incremental() %}
    union all
    select
        productid,
        prdtypecode,
        load_batch_id,
        operation_type,
        loaded_at,
        version_id,
        recorded_at,
        valid_from,
        valid_to
    from {{ this }}
    where
        valid_to = {{ end_of_time() }}
        and load_batch_id <= {{ batch_range()[0] }}
        and productid in (select labels.productid from labels)
    {%- endif %}
)

select
    productid,
    prdtypecode,
    load_batch_id,
    operation_type,
    loaded_at,
    version_id,
    recorded_at,
    valid_from,
    coalesce(
        lead(valid_from) over (partition by productid order by load_batch_id), valid_to
    ) as valid_to
from stacked
