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

all_versions as {{ gathered() }}(
    select
        productid,
        load_batch_id
    from {{ ref('products_history') }}
),

-- Texts of the new batches that several versions have, of these and other batches.
repeated_texts as (
    select text_digest from all_digests
    where text_digest in (select digests.text_digest from digests)
    group by text_digest
    having count(*) > 1
),

repeated as (
    select * from all_digests
    where text_digest in (select repeated_texts.text_digest from repeated_texts)
),

-- A product has a text until its next version, which may be a withdrawal.
departures as (
    select
        repeated.text_digest,
        min(all_versions.load_batch_id) as load_batch_id
    from repeated
    inner join all_versions
        on
            repeated.productid = all_versions.productid
            and repeated.load_batch_id < all_versions.load_batch_id
    group by
        repeated.productid,
        repeated.text_digest,
        repeated.load_batch_id
),

changes as (
    select
        text_digest,
        load_batch_id,
        1 as change
    from repeated
    union all
    select
        text_digest,
        load_batch_id,
        -1 as change
    from departures
),

changes_by_batch as (
    select
        text_digest,
        load_batch_id,
        sum(change) as change
    from changes
    group by
        text_digest,
        load_batch_id
),

-- How many products have the text once the batch is complete.
counted as (
    select
        text_digest,
        load_batch_id,
        sum(change) over (partition by text_digest order by load_batch_id) as products
    from changes_by_batch
),

duplicates as (
    select
        digests.load_batch_id,
        count(*) as products
    from digests
    inner join counted
        on
            digests.text_digest = counted.text_digest
            and digests.load_batch_id = counted.load_batch_id
    where counted.products > 1
    group by digests.load_batch_id
),

lengths as (
    select
        load_batch_id,
        (percentile_cont(0.05) within group (order by text_length))::integer
        as text_length_p05,
        (percentile_cont(0.5) within group (order by text_length))::integer
        as text_length_p50,
        (percentile_cont(0.95) within group (order by text_length))::integer
        as text_length_p95
    from digests
    group by load_batch_id
),

measured as (
    select
        load_batch_id,
        count(*) as products,
        count(*) filter (where description is null) as empty_descriptions,
        -- Most have no <, which is found sooner than a tag.
        count(*) filter (
            where description like '%<%' and description ~ '<[a-zA-Z/][^>]*>'
        ) as html_descriptions,
        count(*) filter (where image_exists is false) as missing_images
    from versions
    group by load_batch_id
)

select
    measured.load_batch_id,
    measured.products,
    measured.empty_descriptions,
    measured.html_descriptions,
    coalesce(duplicates.products, 0) as duplicate_texts,
    measured.missing_images,
    lengths.text_length_p05,
    lengths.text_length_p50,
    lengths.text_length_p95
from measured
inner join lengths
    on measured.load_batch_id = lengths.load_batch_id
left join duplicates
    on measured.load_batch_id = duplicates.load_batch_id
