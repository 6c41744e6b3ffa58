{#- A fold is fixed when a product is first seen and kept: a full
    refresh would move products whose text was corrected into the hold-out. -#}
{{ config(
    incremental_strategy='upsert',
    unique_key='productid',
    full_refresh=false,
    post_hook="analyze {{ this }} (productid, text_digest, load_batch_id)",
    indexes=[{'columns': ['text_digest']}, {'columns': ['load_batch_id']}],
    meta={'distribute_by': 'productid', 'watermark': true},
) }}

with

digests as (
    select * from {{ ref('int_text_digests') }}
    where {{ is_new_batch() }}
),

numbered as (
    select
        productid,
        text_digest,
        load_batch_id,
        first_value(text_digest) over (
            partition by productid order by load_batch_id
        ) as first_digest,
        row_number() over (
            partition by productid order by load_batch_id desc
        ) as age
    from digests
),

new_versions as (
    select * from numbered
    where age = 1
),

{% if is_incremental() -%}
known_products as (
    select
        productid,
        fold
    from {{ this }}
),

-- A known text keeps its fold, whichever product brings it.
known_texts as (
    select
        text_digest,
        min(fold) as fold
    from {{ this }}
    where text_digest in (select new_versions.first_digest from new_versions)
    group by text_digest
),

assigned as (
    select
        new_versions.productid,
        coalesce(
            known_products.fold,
            known_texts.fold,
            {{ digest_fold('new_versions.first_digest') }}
        ) as fold,
        new_versions.text_digest,
        new_versions.load_batch_id
    from new_versions
    left join known_products
        on new_versions.productid = known_products.productid
    left join known_texts
        on new_versions.first_digest = known_texts.text_digest
)
{%- else -%}
assigned as (
    select
        productid,
        {{ digest_fold('first_digest') }} as fold,
        text_digest,
        load_batch_id
    from new_versions
)
{%- endif %}

select * from assigned
