{#-
  MySQL's texts as PostgreSQL's types. What cannot be read is NULL, never an error: what the ERP's users write must not
  break a build.
-#}

{#- A DATETIME as a timestamp: NULL for a date that is zero or partly zero. PostgreSQL alone would take 24:00:00 too. -#}
{% macro horodatage_mysql(texte) -%}
    case
        when
            {{ texte }} ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}( ([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{1,6})?)?$'
            and pg_input_is_valid({{ texte }}, 'timestamp')
            then {{ texte }}::timestamp
    end
{%- endmacro %}

{#- A whole number as an integer, also of a column with decimals that are all zero. PostgreSQL alone would take 0x1F and 1_000 too. -#}
{% macro entier(texte) -%}
    case
        when {{ texte }} ~ '^ *[+-]?[0-9]+([.]0*)? *$' and pg_input_is_valid(split_part({{ texte }}, '.', 1), 'integer')
            then split_part({{ texte }}, '.', 1)::integer
    end
{%- endmacro %}
