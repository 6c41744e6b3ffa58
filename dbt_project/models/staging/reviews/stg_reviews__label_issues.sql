select
    review_id,
    productid,
    rank,
    given_prdtypecode,
    given_probability,
    suggested_prdtypecode,
    suggested_probability,
    words
from {{ source('reviews', 'label_issues') }}
