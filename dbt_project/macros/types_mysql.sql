{#-
  MySQL's texts as PostgreSQL's types. What cannot be read is NULL, never an error: what the ERP's users write must not
  break a build.
-#}

{#- A DATETIME as a timestamp: NULL for a date that is zero or partly zero. -#}
{% macro horodatage_mysql(texte) -%}
    case
        when
            {{ texte }} ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}( [0-9]{2}:[0-5][0-9]:[0-5][0-9]([.][0-9]+)?)?$'
            and pg_input_is_valid({{ texte }}, 'timestamp')
            then {{ texte }}::timestamp
    end
{%- endmacro %}

{#- A whole number as an integer. -#}
{% macro entier(texte) -%}
    case when pg_input_is_valid({{ texte }}, 'integer') then {{ texte }}::integer end
{%- endmacro %}
