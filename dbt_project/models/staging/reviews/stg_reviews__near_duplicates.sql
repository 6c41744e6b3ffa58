select
    review_id,
    productid,
    other_productid,
    similarity
from {{ source('reviews', 'near_duplicates') }}
