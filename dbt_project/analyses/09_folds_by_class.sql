-- Does every class have enough held-out products (fold 0) to be judged by?
select
    classes.category,
    count(*) as products,
    count(*) filter (where examples.fold = 0) as held_out,
    round(
        100.0 * count(*) filter (where examples.fold = 0) / count(*), 1
    ) as percentage
from {{ ref('training_examples') }} as examples
inner join {{ ref('class_distribution') }} as classes
    on examples.prdtypecode = classes.prdtypecode
group by classes.category
order by held_out
