-- PostgreSQL has every constraint that the contracts declare: dbt does not add one to a
-- relation that exists.
-- depends_on: {{ ref('class_distribution') }}
-- depends_on: {{ ref('class_distribution_by_batch') }}
-- depends_on: {{ ref('current_data_state') }}
-- depends_on: {{ ref('data_loads') }}
-- depends_on: {{ ref('data_quality_by_batch') }}
-- depends_on: {{ ref('labels') }}
-- depends_on: {{ ref('labels_history') }}
-- depends_on: {{ ref('product_categories') }}
-- depends_on: {{ ref('product_folds') }}
-- depends_on: {{ ref('products') }}
-- depends_on: {{ ref('products_history') }}
-- depends_on: {{ ref('training_examples') }}
with

declared (relation, column_name, kind) as (
    values
    {%- for known in declared_constraints()
        or [{"relation": "pg_class", "column": "oid", "type": "not_null"}] %}
    ('{{ known.relation }}'::regclass, '{{ known.column }}', '{{ known.type }}')
    {{- "," if not loop.last }}
    {%- endfor %}
),

existing as (
    select
        constraints.conrelid as relation,
        columns.attname as column_name,
        case constraints.contype
            when 'p' then 'primary_key'
            when 'f' then 'foreign_key'
            when 'u' then 'unique'
            when 'c' then 'check'
        end as kind
    from pg_constraint as constraints
    inner join pg_attribute as columns
        on
            constraints.conrelid = columns.attrelid
            and columns.attnum = any(constraints.conkey)
    union
    select
        attrelid as relation,
        attname as column_name,
        'not_null' as kind
    from pg_attribute
    where attnotnull
)

select
    declared.relation,
    declared.column_name,
    declared.kind
from declared
left join existing
    on
        declared.relation = existing.relation
        and declared.column_name = existing.column_name
        and declared.kind = existing.kind
where existing.relation is null
