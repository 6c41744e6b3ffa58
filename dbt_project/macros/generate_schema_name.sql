{# The schemas are marts, staging and intermediate. A target with another schema than
   marts uses it as a prefix: dev, dev_staging, dev_intermediate. #}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {%- if custom_schema_name is none or custom_schema_name | trim == "marts" -%}
        {{ target.schema }}
    {%- elif target.schema == "marts" -%}
        {{ custom_schema_name | trim }}
    {%- else -%}
        {{ target.schema }}_{{ custom_schema_name | trim }}
    {%- endif -%}
{%- endmacro %}

{# The schema of the intermediate models and of the hooks' tables. #}
{% macro internal_schema() -%}
    {{ return(generate_schema_name("intermediate", none) | trim) }}
{%- endmacro %}
