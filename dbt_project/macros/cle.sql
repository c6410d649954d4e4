{#- A key made from a row's natural key, the same after any rebuild. In JSON, NULL differs from the empty text, and a date has one form only. -#}
{% macro cle(colonnes) -%} md5(jsonb_build_array({{ colonnes | join(', ') }})::text)::uuid {%- endmacro %}

{#- The key of a numbered row of a session: the session's key, its end replaced by the number. Keys in the order of the rows keep the index small. -#}
{% macro cle_rang(session_id, rang) -%} (left({{ session_id }}::text, 28) || lpad(to_hex({{ rang }}), 8, '0'))::uuid {%- endmacro %}
