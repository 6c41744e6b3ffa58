{# Every constraint that a contract or a seed declares, as rows of (relation,
   column, kind). A constraint of several columns is a row for each of them. #}
{% macro declared_constraints() %}
    {%- set rows = [] %}
    {%- for node in (graph.nodes.values() if execute else []) %}
        {%- if node.resource_type in ("model", "seed") %}
            {%- for column in node.columns.values() %}
                {%- for constraint in column.constraints %}
                    {%- do rows.append((node.relation_name, column.name, constraint.type)) %}
                {%- endfor %}
            {%- endfor %}
            {%- for constraint in node.constraints or [] %}
                {%- for column in constraint.columns %}
                    {%- do rows.append((node.relation_name, column, constraint.type)) %}
                {%- endfor %}
            {%- endfor %}
        {%- endif %}
    {%- endfor %}
    {%- for relation, column, kind in rows or [("pg_class", "oid", "not_null")] %}
    ('{{ relation }}'::regclass, '{{ column }}', '{{ kind }}')
        {{- "," if not loop.last }}
    {%- endfor %}
{% endmacro %}
