{# Make the times of completed batches increase even if the clock went back: versions are
   ordered by them. Like ORDER_BATCH_TIMES in loaders/batches.py, for a batch of an earlier
   version of the loaders that a build reads before the next load does. #}
{% macro order_batch_times() %}
update raw.data_loads as b set completed_at = ordered.completed_at
from (
    select
        id,
        n * interval '1 microsecond'
        + max(completed_at - n * interval '1 microsecond') over (order by id)
        as completed_at
    from (
        select
            id,
            completed_at,
            row_number() over (order by id) as n
        from raw.data_loads where status = 'completed'
    ) as numbered
) as ordered
where b.id = ordered.id and b.completed_at <> ordered.completed_at;
{% endmacro %}
