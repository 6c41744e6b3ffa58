{% macro declared_constraints() %}
    {%- set constraints = [] %}
    {%- for node in (graph.nodes.values() if execute else [])
        if node.resource_type in ("model", "seed") %}
        {%- for column in node.columns.values() %}
            {%- for constraint in column.constraints %}
                {%- do constraints.append(dict(
                    constraint, node=node, relation=node.relation_name, column=column.name
                )) %}
            {%- endfor %}
        {%- endfor %}
        {%- for constraint in node.constraints or [] %}
            {%- for column in constraint.columns %}
                {%- do constraints.append(dict(
                    constraint, node=node, relation=node.relation_name, column=column
                )) %}
            {%- endfor %}
        {%- endfor %}
    {%- endfor %}
    {{ return(constraints) }}
{% endmacro %}
