{# A seed is emptied before it is filled. TRUNCATE would wait for every open transaction
   that has read it, and make all later readers wait too; DELETE does neither. #}
{% macro postgres__truncate_relation(relation) -%}
    {% call statement("truncate_relation", auto_begin=True) -%}
        delete from {{ relation.render() }}
    {%- endcall %}
{% endmacro %}
