{% macro history_of(attributes) %}
with

versions as (
    select * from {{ ref('int_product_versions') }}
    where {{ is_new_batch() }}
),

stacked as (
    select
        productid,
        {{ attributes | join(", ") }},
        load_batch_id,
        case when withdrawn then 'DELETE' end as operation_type,
        loaded_at,
        null::text as version_id
    from versions
    {%- if is_incremental() %}
    union all
    select
        productid,
        {{ attributes | join(", ") }},
        load_batch_id,
        operation_type,
        loaded_at,
        version_id
    from {{ this }}
    where
        valid_to = {{ end_of_time() }}
        and load_batch_id <= {{ batch_range()[0] }}
        and productid in (select versions.productid from versions)
    {%- endif %}
),

numbered as (
    select
        *,
        lag(load_batch_id) over versions_of_product as previous_batch_id,
        lead(loaded_at) over versions_of_product as superseded_at
    from stacked
    window versions_of_product as (partition by productid order by load_batch_id)
)

select
    productid,
    {{ attributes | join(", ") }},
    load_batch_id,
    coalesce(
        operation_type,
        case when previous_batch_id is null then 'INSERT' else 'UPDATE' end
    ) as operation_type,
    loaded_at,
    coalesce(
        version_id, md5(productid || '|' || extract(epoch from loaded_at))
    ) as version_id,
    loaded_at as recorded_at,
    loaded_at as valid_from,
    coalesce(superseded_at, {{ end_of_time() }}) as valid_to
from numbered
{% endmacro %}

{% macro end_of_time() -%}
    '9999-12-31 00:00:00+00'::timestamptz
{%- endmacro %}

{% macro adopt_snapshot() %}
    {%- if is_incremental() %}
do $adopt$
declare
    old_index text;
begin
    if not exists (
        select from pg_constraint
        where conrelid = '{{ this }}'::regclass and contype = 'p'
    ) then
        for old_index in
            select indexrelid::regclass from pg_index
            where indrelid = '{{ this }}'::regclass and indisunique
        loop
            execute 'drop index ' || old_index;
        end loop;
        delete from {{ this }} as twice
        using {{ this }} as held
        where
            twice.productid = held.productid
            and twice.load_batch_id = held.load_batch_id
            and twice.ctid > held.ctid;
        alter table {{ this }} add primary key (productid, load_batch_id);
    end if;
end
$adopt$
    {%- endif %}
{% endmacro %}
