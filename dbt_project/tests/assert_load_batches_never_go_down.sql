with

loads as (
    select * from {{ ref('data_loads') }}
    where status = 'completed'
),

compared as (
    select
        id,
        percentage,
        total_rows,
        lag(percentage) over (order by id) as percentage_before,
        lag(total_rows) over (order by id) as total_rows_before
    from loads
)

select * from compared
where
    percentage < percentage_before
    or total_rows < total_rows_before
