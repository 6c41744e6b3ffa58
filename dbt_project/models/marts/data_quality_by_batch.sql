{{ config(
    incremental_strategy='upsert',
    unique_key='load_batch_id',
    meta={'distribute_by': 'local'},
) }}

with

versions as (
    select * from {{ ref('products_history') }}
),

folds as {{ gathered() }}(
    select
        productid,
        text_digest,
        load_batch_id
    from {{ ref('product_folds') }}
),

new_versions as (
    select
        versions.load_batch_id,
        versions.productid,
        versions.description,
        versions.image_exists,
        {{ text_digest('versions.designation', 'versions.description') }}
        as text_digest,
        length(concat_ws(' ', versions.designation, versions.description))
        as text_length
    from versions
    where
        versions.operation_type <> 'DELETE'
        and {{ is_new_batch('versions.load_batch_id') }}
        and {{ awaits_audit('versions.load_batch_id') }}
),

duplicates as (
    select
        new_versions.load_batch_id,
        count(*) as products
    from new_versions
    where
        exists (
            select 1
            from folds
            where
                folds.text_digest = new_versions.text_digest
                and folds.productid <> new_versions.productid
                and folds.load_batch_id <= new_versions.load_batch_id
        )
    group by new_versions.load_batch_id
),

measured as (
    select
        load_batch_id,
        count(*) as products,
        count(*) filter (where description is null) as empty_descriptions,
        count(*) filter (where description ~ '<[a-zA-Z/][^>]*>')
        as html_descriptions,
        count(*) filter (where image_exists is false) as missing_images,
        (percentile_cont(0.05) within group (order by text_length))::integer
        as text_length_p05,
        (percentile_cont(0.5) within group (order by text_length))::integer
        as text_length_p50,
        (percentile_cont(0.95) within group (order by text_length))::integer
        as text_length_p95
    from new_versions
    group by load_batch_id
)

select
    measured.load_batch_id,
    measured.products,
    measured.empty_descriptions,
    measured.html_descriptions,
    coalesce(duplicates.products, 0) as duplicate_texts,
    measured.missing_images,
    measured.text_length_p05,
    measured.text_length_p50,
    measured.text_length_p95
from measured
left join duplicates
    on measured.load_batch_id = duplicates.load_batch_id
