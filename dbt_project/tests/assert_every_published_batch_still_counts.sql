-- A batch that was published is complete in raw too, with the rows it had: what it brought
-- cannot be taken back by changing its status. Looked up in the catalogue, because a ref
-- would make a cycle.
{{ config(group='pipeline') }}

{%- set published = adapter.get_relation(target.database, 'marts', 'data_loads')
    if execute else none %}

with

loads as (
    select * from {{ ref('stg_catalogue__data_loads') }}
    where status = 'completed'
),

published as (
    {%- if published is none %}
    select * from loads
    {%- else %}
    select
        id as load_batch_id,
        batch_name,
        total_rows
    from {{ published }}
    where status = 'completed'
    {%- endif %}
)

select
    published.load_batch_id,
    published.batch_name
from published
left join loads
    on
        published.load_batch_id = loads.load_batch_id
        and published.batch_name = loads.batch_name
        and published.total_rows = loads.total_rows
where loads.load_batch_id is null
