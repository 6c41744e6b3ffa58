-- dbt does not add a constraint to a relation that is already there.
with

expected (relation) as (
    values
    ('{{ ref("labels") }}'::regclass),
    ('{{ ref("training_examples") }}'::regclass)
),

declared as (
    select conrelid
    from pg_constraint
    where
        contype = 'f'
        and confrelid = '{{ ref("products") }}'::regclass
)

select expected.relation
from expected
left join declared
    on expected.relation = declared.conrelid
where declared.conrelid is null
