select
    row_number,
    load_batch_id,
    prdtypecode
from {{ source('catalogue', 'y_train') }}
