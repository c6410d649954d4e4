{#-
  The median of values that are counted: an aggregate over rows with a value, how many values are not greater (`cumul`), and how
  many there are (`total`). Between two values in the middle it is half-way.
-#}
{% macro mediane(valeur, cumul, total) -%}
    (
        min({{ valeur }}) filter (where 2 * {{ cumul }} >= {{ total }})
        + min({{ valeur }}) filter (where 2 * {{ cumul }} > {{ total }})
    ) / 2
{%- endmacro %}
