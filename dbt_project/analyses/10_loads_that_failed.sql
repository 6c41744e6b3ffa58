-- Which loads failed or were rejected, why, and how long does a load take?
select
    id,
    batch_name,
    status,
    started_at,
    completed_at - started_at as duration,
    metadata ->> 'error' as error
from {{ ref('data_loads') }}
order by started_at desc
