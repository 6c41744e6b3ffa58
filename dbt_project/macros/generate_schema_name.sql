{% macro generate_schema_name(custom_schema_name, node) -%}
    {%- if custom_schema_name is none or custom_schema_name | trim == "marts" -%}
        {{ target.schema }}
    {%- elif target.schema == "marts" -%}
        {{ custom_schema_name | trim }}
    {%- else -%}
        {{ target.schema }}_{{ custom_schema_name | trim }}
    {%- endif -%}
{%- endmacro %}

{% macro internal_schema() -%}
    {{ return(generate_schema_name("intermediate", none) | trim) }}
{%- endmacro %}
