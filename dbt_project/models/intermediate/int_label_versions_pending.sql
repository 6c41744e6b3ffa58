{{ pending_versions('labels_history') }}

select
    productid,
    prdtypecode,
    load_batch_id,
    operation_type,
    loaded_at
from pending
