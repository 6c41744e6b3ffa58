select
    productid,
    load_batch_id,
    decision
from {{ source('catalogue', 'decisions') }}
