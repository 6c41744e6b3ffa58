{{ config(materialized='stable_view') }}

with

reviews as (
    select * from {{ ref('int_audited_reviews') }}
),

issues as (
    select * from {{ ref('stg_reviews__label_issues') }}
),

-- With labelled_products, the planner would join all of its products first.
products as (
    select * from {{ ref('products') }}
),

labels as (
    select * from {{ ref('labels') }}
),

kept as (
    select * from {{ ref('int_kept_labels') }}
),

categories as (
    select * from {{ ref('product_categories') }}
),

-- A class that was changed after the product was listed stays fixed, even if a later review
-- doubts the new one.
listed as (
    select
        issues.*,
        reviews.batch_name,
        reviews.is_newest,
        labels.prdtypecode,
        row_number() over (
            partition by issues.productid
            order by
                labels.prdtypecode = issues.given_prdtypecode,
                issues.review_id desc
        ) as age,
        first_value(reviews.batch_name) over (
            partition by issues.productid order by issues.review_id
        ) as first_seen_in
    from issues
    inner join reviews
        on issues.review_id = reviews.review_id
    inner join labels
        on issues.productid = labels.productid
),

decided as (
    select
        listed.*,
        products.designation,
        products.description,
        products.image_path,
        products.image_exists,
        case
            when listed.prdtypecode <> listed.given_prdtypecode then 'fixed'
            when kept.productid is not null then 'kept'
            when listed.is_newest then 'open'
        end as status
    from listed
    inner join products
        on listed.productid = products.productid
    left join kept
        on
            listed.productid = kept.productid
            and listed.prdtypecode = kept.prdtypecode
    where listed.age = 1
)

select
    decided.productid,
    decided.status,
    decided.rank,
    decided.given_prdtypecode,
    given.category as given_category,
    decided.given_probability,
    decided.suggested_prdtypecode,
    suggested.category as suggested_category,
    decided.suggested_probability,
    decided.prdtypecode,
    decided.first_seen_in,
    decided.batch_name as last_seen_in,
    decided.designation,
    decided.description,
    decided.image_path,
    decided.image_exists,
    decided.words
from decided
inner join categories as given
    on decided.given_prdtypecode = given.prdtypecode
inner join categories as suggested
    on decided.suggested_prdtypecode = suggested.prdtypecode
where decided.status is not null
