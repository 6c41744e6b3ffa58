-- No import CTEs in staging: PostgreSQL joins a view that has a WITH as written, and
-- would read labels and images even for queries that take no column of theirs.
select
    productid,
    row_number,
    load_batch_id,
    designation,
    description,
    imageid,
    withdrawn
from {{ source('catalogue', 'x_train') }}
