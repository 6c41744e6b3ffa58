select
    id as load_batch_id,
    batch_name,
    percentage,
    total_rows,
    started_at,
    completed_at,
    status,
    metadata
from {{ source('catalogue', 'data_loads') }}
