{#-
  Descriptions as PostgreSQL's comments. dbt would write all of them anew in every run, a row of the catalog each, every quarter of an
  hour; here those are written that are not there, or differ.
-#}

{#- The comments that a table and its columns have, as a dictionary; the table's own stands under the empty name. -#}
{% macro commentaires(relation) -%}
    {%- set ecrits = {} -%}
    {%- set requete -%}
        select coalesce(a.attname, ''), d.description
        from pg_description as d
        left join pg_attribute as a on a.attrelid = d.objoid and a.attnum = d.objsubid
        where d.classoid = 'pg_class'::regclass and d.objoid = '{{ relation }}'::regclass
    {%- endset -%}
    {%- for ligne in run_query(requete).rows -%}
        {%- do ecrits.update({ligne[0]: ligne[1]}) -%}
    {%- endfor -%}
    {{ return(ecrits) }}
{%- endmacro %}


{% macro postgres__persist_docs(relation, model, for_relation, for_columns) -%}
    {%- set voulus = {} -%}
    {%- if for_relation and config.persist_relation_docs() -%}
        {%- do voulus.update({'': model.description | trim}) -%}
    {%- endif -%}
    {%- if for_columns and config.persist_column_docs() -%}
        {%- for colonne in model.columns.values() -%}
            {%- do voulus.update({colonne.name: colonne.description | trim}) -%}
        {%- endfor -%}
    {%- endif -%}
    {%- set ecrits = commentaires(relation) if voulus else {} -%}
    {%- set instructions = [] -%}
    {%- for nom, texte in voulus.items() if ecrits.get(nom) != texte -%}
        {%- set objet = 'column ' ~ relation ~ '.' ~ adapter.quote(nom) if nom else relation.type ~ ' ' ~ relation -%}
        {%- do instructions.append('comment on ' ~ objet ~ ' is ' ~ postgres_escape_comment(texte) | trim) -%}
    {%- endfor -%}
    {%- if instructions -%}
        {%- do run_query(instructions | join(';\n')) -%}
    {%- endif -%}
{%- endmacro %}
