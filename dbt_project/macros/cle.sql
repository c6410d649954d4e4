{#- A key made from a row's natural key, the same after any rebuild. In JSON, NULL differs from the empty text, and a date has one form only. It begins with the
    site's part, if `SITE` is set: a hub knows by it where a session is. -#}
{% macro cle(colonnes) -%}
    {%- set hachage, site = 'md5(jsonb_build_array(' ~ colonnes | join(', ') ~ ')::text)', env_var('SITE', '') -%}
    {{ "('" ~ local_md5(site)[:8] ~ "' || right(" ~ hachage ~ ', 24))' if site else hachage }}::uuid
{%- endmacro %}

{#- The key of a numbered row of a session: the session's key, its end replaced by the number. Keys in the order of the rows keep the index small. -#}
{% macro cle_rang(session_id, rang) -%} (left({{ session_id }}::text, 28) || lpad(to_hex({{ rang }}), 8, '0'))::uuid {%- endmacro %}

{#- The rows of a mart, with the site as their last column if the mart has it: no model has to name it. -#}
{% macro with_site(sql) -%} {{ return("select mart.*, '" ~ env_var('SITE', '') ~ "'::text as site from (\n" ~ sql ~ '\n) as mart' if 'site' in model.columns else sql) }} {%- endmacro %}
