select
    productid,
    load_batch_id,
    image_exists
from {{ source('catalogue', 'product_images') }}
