{#-
  Views are replaced only where they have changed: dbt's own way makes each anew in every build, with all that stands on it, which costs
  a quarter of an ordinary build's time, fills PostgreSQL's catalogue, and takes a view from its readers for a moment.

  What a view was made from, its SQL and its descriptions, is noted in `intermediate.etat_construction`, with the view's number: one that is
  gone, because something below it was replaced, or that somebody has made anew by hand, has another or none.
-#}
{% materialization view, adapter='postgres' -%}
    {%- if load_cached_relation(this) is not none and not should_full_refresh()
        and run_query("select 1 where exists (select from " ~ etat_construction() ~ " where " ~ etat_vue() ~ ")").rows %}
        {%- call noop_statement('main', 'UNCHANGED VIEW') -%}{{ sql }}{%- endcall -%}
        {{ return({'relations': [this.incorporate(type='view')]}) }}
    {%- endif -%}
    {{ return(dbt.materialization_view_default()) }}
{%- endmaterialization %}


{#- The condition under which a row of `etat_construction` says that this view is what its model says now. -#}
{% macro etat_vue() -%}
    modele = '{{ this.identifier }}' and cle = 'vue' and empreinte = {{ empreinte_vue() }}
{%- endmacro %}


{#- What this view is made from: its code (the same in a backup restored under another name), its descriptions, and its number. -#}
{% macro empreinte_vue() -%}
    {%- set descriptions = [model.description] -%}
    {%- for colonne in model.columns.values() -%}
        {%- do descriptions.append(colonne.name ~ ': ' ~ colonne.description) -%}
    {%- endfor -%}
    '{{ local_md5(model.compiled_code | replace(adapter.quote(this.database) ~ '.', '')) }} {{ local_md5(descriptions | join('\n')) }} ' || to_regclass('{{ this.include(database=false) }}')::oid
{%- endmacro %}


{#- After a view was made, in its transaction: notes what from. -#}
{% macro noter_vue() -%}
    {%- if execute and config.get('materialized') == 'view' -%}
    insert into {{ etat_construction() }} (modele, cle, empreinte) values ('{{ this.identifier }}', 'vue', {{ empreinte_vue() }})
    on conflict (modele, cle) do update set empreinte = excluded.empreinte
    {%- endif -%}
{%- endmacro %}
