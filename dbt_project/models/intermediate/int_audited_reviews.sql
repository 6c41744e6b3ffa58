with

reviews as (
    select * from {{ ref('stg_reviews__reviews') }}
),

audited as (
    select * from {{ ref('int_audited_batches') }}
)

select
    reviews.review_id,
    reviews.load_batch_id,
    audited.batch_name,
    reviews.reviewed_at,
    reviews.products,
    row_number() over (order by reviews.review_id desc) = 1 as is_newest
from reviews
inner join audited
    on reviews.load_batch_id = audited.load_batch_id
