{#- The median of counted values: an aggregate over rows with a value, the number of values up to it (`cumul`), and the number of
    all values (`total`). With two values in the middle it is half-way between them. -#}
{% macro mediane(valeur, cumul, total) -%}
    (min({{ valeur }}) filter (where 2 * {{ cumul }} >= {{ total }}) + min({{ valeur }}) filter (where 2 * {{ cumul }} > {{ total }})) / 2
{%- endmacro %}
