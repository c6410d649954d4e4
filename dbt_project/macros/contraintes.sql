{#-
  Real keys, declared once, in the models' YAML, and in force after any kind of build.

  dbt creates a table with its constraints and fills it afterwards, which makes PostgreSQL check row by row, with one process; and
  when a table that others refer to is rebuilt, dropping the old one takes their foreign keys with it, without a word. So a table is
  created filled, and its NOT NULLs and its own keys are added in the same transaction; missing foreign keys, whichever build
  has lost them, follow at the end of the run.
-#}

{% macro postgres__create_table_as(temporary, relation, sql) -%}
    {%- set sous_contrat = config.get('contract').enforced and not temporary -%}
    {%- if sous_contrat %}
    {{ get_assert_columns_equivalent(sql) }}
    {%- set sql = get_select_subquery(sql) -%}
    {%- endif %}
    create {% if temporary %}temporary {% endif %}table {{ relation }} as ({{ sql }});
    {%- if sous_contrat %}
    {%- set obligatoires = [] -%}
    {%- for colonne in model.columns.values() if colonne.constraints | selectattr('type', 'equalto', 'not_null') | list -%}
        {%- do obligatoires.append('alter column ' ~ adapter.quote(colonne.name) ~ ' set not null') -%}
    {%- endfor %}
    alter table {{ relation }} {{ obligatoires | join(', ') }};
    {%- endif %}
{%- endmacro %}


{#-
  The keys that a model's YAML declares: dictionaries of `type`, `columns`, and for foreign keys `to` (a model's name) and
  `to_columns`. `noeud` is a model as `model` or `graph.nodes` gives it.
-#}
{% macro cles_declarees(noeud) %}
    {%- set cles = [] -%}
    {%- for contrainte in noeud.constraints -%}
        {%- do cles.append(contrainte) -%}
    {%- endfor -%}
    {%- for colonne in noeud.columns.values() -%}
        {%- for contrainte in colonne.constraints if contrainte.type != 'not_null' -%}
            {%- do cles.append({
                'type': contrainte.type, 'columns': [colonne.name], 'to': contrainte.to, 'to_columns': contrainte.to_columns
            }) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(cles) }}
{% endmacro %}


{#- A key as one text, by which declared and existing ones are compared: `f piece_production (session_id) session_production`. -#}
{% macro signature_cle(table, cle) -%}
    {{ return(
        {'primary_key': 'p ', 'unique': 'u ', 'foreign_key': 'f '}[cle.type] ~ table ~ ' (' ~ cle.columns | join(', ') ~ ')'
        ~ (' ' ~ table_visee(cle) if cle.type == 'foreign_key' else '')
    ) }}
{%- endmacro %}


{#- The table that a foreign key refers to; `to` is `ref('name')` before dbt has compiled it, and "db"."schema"."name" after. -#}
{% macro table_visee(cle) -%}
    {{ return(modules.re.findall('[A-Za-z_0-9]+', cle.to)[-1]) }}
{%- endmacro %}


{#- The signatures of the keys that PostgreSQL has in the schema `marts`, as a list. -#}
{% macro cles_existantes() -%}
    {{ return(run_query("
        select
            c.contype::text || ' ' || r.relname || ' (' || (
                select string_agg(a.attname, ', ' order by k.rang)
                from unnest(c.conkey) with ordinality as k (attnum, rang)
                inner join pg_attribute as a on a.attrelid = c.conrelid and a.attnum = k.attnum
            ) || ')' || coalesce(' ' || f.relname, '')
        from pg_constraint as c
        inner join pg_class as r on c.conrelid = r.oid
        left join pg_class as f on c.confrelid = f.oid
        where r.relnamespace = to_regnamespace('marts') and c.contype in ('p', 'u', 'f')
    ").columns[0].values() | list) }}
{%- endmacro %}


{#-
  After a model, in its transaction: the primary and unique keys of a new table. Unique keys are checked at the transaction's end, so
  that two rows may exchange their values.
-#}
{% macro poser_cles() -%}
    {%- if execute and not is_incremental() -%}
        {%- for cle in cles_declarees(model) if cle.type != 'foreign_key' %}
    alter table {{ this }} add {{ cle.type | replace('_', ' ') }} ({{ cle.columns | join(', ') }})
    {{- ' deferrable initially deferred' if cle.type == 'unique' }};
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}


{#-
  At the end of a run: every declared foreign key that PostgreSQL does not have. A child's rows whose parent is gone are
  dead, and would go with the parent in any other build: they go first.
-#}
{% macro retablir_contraintes() -%}
    {%- if execute and flags.WHICH in ('run', 'build') -%}
        {%- set existantes = cles_existantes() -%}
        {%- set modeles = {} -%}
        {%- for noeud in graph.nodes.values() if noeud.resource_type == 'model' and noeud.config.contract.enforced -%}
            {%- do modeles.update({noeud.name: noeud}) -%}
        {%- endfor -%}
        {%- for noeud in modeles.values() -%}
            {%- for cle in cles_declarees(noeud)
                if cle.type == 'foreign_key' and signature_cle(noeud.alias, cle) not in existantes -%}
                {%- set parent = modeles[table_visee(cle)] -%}
                {%- set cle_parente = {'type': 'primary_key', 'columns': cle.to_columns} -%}
                {%- set enfant_existe = adapter.get_relation(noeud.database, noeud.schema, noeud.alias) is not none -%}
                {%- if enfant_existe and signature_cle(parent.alias, cle_parente) in existantes -%}
                    {{ ddl_cle_etrangere(noeud, cle, parent) }};
                {%- endif -%}
            {%- endfor -%}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}


{% macro ddl_cle_etrangere(noeud, cle, parent) -%}
    {%- set enfant = '"' ~ noeud.schema ~ '"."' ~ noeud.alias ~ '"' -%}
    {%- set visee = '"' ~ parent.schema ~ '"."' ~ parent.alias ~ '"' -%}
    {%- set colonne, colonne_visee = cle.columns[0], cle.to_columns[0] -%}
    {%- set obligatoire = noeud.columns[colonne].constraints | selectattr('type', 'equalto', 'not_null') | list -%}
    {%- set orphelines -%}
        {{ colonne }} is not null and not exists (select 1 from {{ visee }} as parent where parent.{{ colonne_visee }} = enfant.{{ colonne }})
    {%- endset -%}
    {%- if obligatoire %}
    delete from {{ enfant }} as enfant where {{ orphelines }};
    {%- else %}
    update {{ enfant }} as enfant set {{ colonne }} = null where {{ orphelines }};
    {%- endif %}
    alter table {{ enfant }} add foreign key ({{ colonne }}) references {{ visee }} ({{ colonne_visee }})
    on delete {{ 'cascade' if obligatoire else 'set null (' ~ colonne ~ ')' }}
{%- endmacro %}
