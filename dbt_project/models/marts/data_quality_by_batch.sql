{{ config(
    incremental_strategy='upsert',
    unique_key='load_batch_id',
    meta={'distribute_by': 'local', 'watermark': true},
) }}

with

versions as (
    select * from {{ ref('products_history') }}
    where
        operation_type <> 'DELETE'
        and {{ is_new_batch() }}
),

digests as (
    select * from {{ ref('int_text_digests') }}
    where {{ is_new_batch() }}
),

all_digests as {{ gathered() }}(
    select
        productid,
        text_digest,
        load_batch_id
    from {{ ref('int_text_digests') }}
),

later_digests as {{ gathered() }}(
    select
        productid,
        load_batch_id
    from {{ ref('int_text_digests') }}
),

-- Another product had the same text when the batch was complete.
duplicated as (
    select distinct
        digests.load_batch_id,
        digests.productid
    from digests
    inner join all_digests as others
        on
            digests.text_digest = others.text_digest
            and digests.productid <> others.productid
            and digests.load_batch_id >= others.load_batch_id
    where
        not exists (
            select 1
            from later_digests
            where
                later_digests.productid = others.productid
                and later_digests.load_batch_id > others.load_batch_id
                and later_digests.load_batch_id <= digests.load_batch_id
        )
),

duplicates as (
    select
        load_batch_id,
        count(*) as products
    from duplicated
    group by load_batch_id
),

measured as (
    select
        versions.load_batch_id,
        count(*) as products,
        count(*) filter (where versions.description is null) as empty_descriptions,
        count(*) filter (where versions.description ~ '<[a-zA-Z/][^>]*>')
        as html_descriptions,
        count(*) filter (where versions.image_exists is false) as missing_images,
        (percentile_cont(0.05) within group (order by digests.text_length))::integer
        as text_length_p05,
        (percentile_cont(0.5) within group (order by digests.text_length))::integer
        as text_length_p50,
        (percentile_cont(0.95) within group (order by digests.text_length))::integer
        as text_length_p95
    from versions
    inner join digests
        on
            versions.productid = digests.productid
            and versions.load_batch_id = digests.load_batch_id
    group by versions.load_batch_id
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
