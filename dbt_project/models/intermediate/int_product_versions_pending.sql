{{ pending_versions('products_history') }}

select
    productid,
    row_number,
    designation,
    description,
    imageid,
    image_path,
    image_exists,
    load_batch_id,
    operation_type,
    loaded_at
from pending
