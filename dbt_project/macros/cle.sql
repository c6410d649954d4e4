{#- A key worked out from a row's natural key, the same after any rebuild. JSON keeps NULL apart from the empty text, and writes dates in one way only. -#}
{% macro cle(colonnes) -%}
    md5(jsonb_build_array({{ colonnes | join(', ') }})::text)::uuid
{%- endmacro %}

{#- The key of what stands at a rank in a session: the session's, ending in the rank. Keys in the order of millions of pieces keep the index small. -#}
{% macro cle_rang(session_id, rang) -%}
    (left({{ session_id }}::text, 28) || lpad(to_hex({{ rang }}), 8, '0'))::uuid
{%- endmacro %}
