-- Which classes grew in the last batch, and did their share change?
select
    by_batch.batch_name,
    classes.category,
    by_batch.arrived,
    by_batch.growth,
    by_batch.percentage,
    by_batch.percentage_change
from {{ ref('class_distribution_by_batch') }} as by_batch
inner join {{ ref('class_distribution') }} as classes
    on by_batch.prdtypecode = classes.prdtypecode
inner join {{ ref('current_data_state') }} as state
    on by_batch.load_batch_id = state.load_batch_id
order by by_batch.growth desc
