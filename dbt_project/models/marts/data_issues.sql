{{ config(materialized='stable_view') }}

with

products as (
    select
        productid,
        load_batch_id
    from {{ ref('products') }}
),

labels as (
    select * from {{ ref('labels') }}
),

digests as (
    select
        productid,
        text_digest
    from {{ ref('product_folds') }}
),

text_issues as (
    select * from {{ ref('int_text_issues') }}
),

reviews as (
    select * from {{ ref('int_audited_reviews') }}
),

near_duplicates as (
    select * from {{ ref('stg_reviews__near_duplicates') }}
),

texts as (
    select
        digests.productid,
        digests.text_digest,
        labels.prdtypecode
    from digests
    inner join labels
        on digests.productid = labels.productid
),

-- Few texts are: the classes are listed for these only, as sorting all takes longer.
ambiguous_digests as (
    select text_digest
    from texts
    group by text_digest
    having min(prdtypecode) < max(prdtypecode)
),

ambiguous_texts as (
    select
        texts.text_digest,
        string_agg(distinct texts.prdtypecode::text, ', ') as classes
    from texts
    inner join ambiguous_digests
        on texts.text_digest = ambiguous_digests.text_digest
    group by texts.text_digest
),

same_texts as (
    select
        texts.productid,
        'same_text_other_class' as kind,
        'the text has products in the classes ' || ambiguous_texts.classes as detail,
        null::bigint as other_productid
    from texts
    inner join ambiguous_texts
        on texts.text_digest = ambiguous_texts.text_digest
),

-- A label fixed since may now equal the other's.
near_texts as (
    select
        near_duplicates.productid,
        'near_text_other_class' as kind,
        'shares ' || round(100 * near_duplicates.similarity)
        || ' % of the words with a product of class ' || others.prdtypecode as detail,
        near_duplicates.other_productid
    from near_duplicates
    inner join reviews
        on near_duplicates.review_id = reviews.review_id
    inner join labels
        on near_duplicates.productid = labels.productid
    inner join labels as others
        on near_duplicates.other_productid = others.productid
    where
        reviews.is_newest
        and labels.prdtypecode <> others.prdtypecode
),

current_text_issues as (
    select
        text_issues.productid,
        text_issues.kind,
        text_issues.detail,
        null::bigint as other_productid
    from text_issues
    inner join products
        on
            text_issues.productid = products.productid
            and text_issues.load_batch_id = products.load_batch_id
)

select * from same_texts
union all
select * from near_texts
union all
select * from current_text_issues
