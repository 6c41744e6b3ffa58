select
    id as review_id,
    load_batch_id,
    reviewed_at,
    products
from {{ source('reviews', 'reviews') }}
