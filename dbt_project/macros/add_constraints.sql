{# A snapshot or a seed declares constraints on its columns as a contract does, and gets
   those that it does not have yet. Nothing is altered that is there, so no lock is taken
   from the second build on. #}
{% macro add_constraints() %}
do $constraints$
begin
    {%- for column in model.columns.values() %}
        {%- for constraint in column.constraints %}
            {%- set name = this.identifier ~ "_" ~ column.name ~ "_" ~ constraint.type %}
    if not exists (
            {%- if constraint.type == "not_null" %}
        select from pg_attribute
        where
            attrelid = '{{ this }}'::regclass
            and attname = '{{ column.name }}'
            and attnotnull
            {%- else %}
        select from pg_constraint
        where conrelid = '{{ this }}'::regclass and conname = '{{ name }}'
            {%- endif %}
    ) then
        alter table {{ this }}
            {%- if constraint.type == "not_null" %}
        alter column {{ column.name }} set not null;
            {%- elif constraint.type == "primary_key" %}
        add constraint {{ name }} primary key ({{ column.name }});
            {%- else %}
        add constraint {{ name }} {{ constraint.type }} ({{ constraint.expression }});
            {%- endif %}
    end if;
        {%- endfor %}
    {%- endfor %}
end
$constraints$
{% endmacro %}
