-- How unequal have the classes been, week by week?
select
    load_batch_id,
    batch_name,
    sum(count) as products,
    count(*) as classes,
    max(count) as largest,
    min(count) as smallest,
    round(max(count)::numeric / min(count), 2) as imbalance_ratio
from {{ ref('class_distribution_by_batch') }}
group by load_batch_id, batch_name
order by load_batch_id
