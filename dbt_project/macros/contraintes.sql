{#-
  Real keys, declared once, in the models' YAML, and in force after any kind of build.

  dbt creates a table with its constraints and fills it afterwards, which makes PostgreSQL check row by row, with one process; and
  when a table that others refer to is dropped, their foreign keys go with it, without a word. So a table is created filled, and its NOT NULLs
  and its own keys are added in the same transaction. What is missing after that, foreign keys of new tables or whatever an
  earlier version of the project or somebody's hand has left out, follows at the end of the run.
-#}

{% macro postgres__create_table_as(temporary, relation, sql) -%}
    {%- set sous_contrat = config.get('contract').enforced and not temporary -%}
    {%- if sous_contrat %}
    {{ get_assert_columns_equivalent(sql) }}
    {%- set sql = get_select_subquery(sql) -%}
    {%- endif %}
    {#- Nothing behind it: dbt is told what its last statement has done, and so how many rows the table has. -#}
    create {% if temporary %}temporary {% endif %}table {{ relation }} as ({{ sql }});
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


{#- An index as one text, likewise: `i piece_production (job_profil_id) btree`. -#}
{% macro signature_index(table, index) -%}
    {{ return('i ' ~ table ~ ' (' ~ index.columns | join(', ') ~ ') ' ~ (index.type or 'btree')) }}
{%- endmacro %}


{#- The signatures of the keys, NOT NULLs (`n piece_production (id)`) and indexes that PostgreSQL has on the models' tables, as a list. -#}
{% macro cles_existantes() -%}
    {{ return(run_query("
        with tables as (
            select oid, relname
            from pg_class
            where relnamespace in (to_regnamespace('marts'), to_regnamespace('intermediate')) and relkind = 'r'
        )

        select
            c.contype::text || ' ' || r.relname || ' (' || (
                select string_agg(a.attname, ', ' order by k.rang)
                from unnest(c.conkey) with ordinality as k (attnum, rang)
                inner join pg_attribute as a on a.attrelid = c.conrelid and a.attnum = k.attnum
            ) || ')' || coalesce(' ' || f.relname, '')
        from pg_constraint as c
        inner join tables as r on c.conrelid = r.oid
        left join pg_class as f on c.confrelid = f.oid
        where c.contype in ('p', 'u', 'f')
        union all
        select 'n ' || r.relname || ' (' || a.attname || ')'
        from pg_attribute as a
        inner join tables as r on a.attrelid = r.oid
        where a.attnotnull and a.attnum > 0
        union all
        select 'i ' || r.relname || ' (' || (
            select string_agg(a.attname, ', ' order by k.rang)
            from unnest(i.indkey) with ordinality as k (attnum, rang)
            inner join pg_attribute as a on a.attrelid = i.indrelid and a.attnum = k.attnum
        ) || ') ' || m.amname
        from pg_index as i
        inner join tables as r on i.indrelid = r.oid
        inner join pg_class as c on i.indexrelid = c.oid
        inner join pg_am as m on c.relam = m.oid
    ").columns[0].values() | list) }}
{%- endmacro %}


{#- After a model, in its transaction: the NOT NULLs, primary and unique keys of a new table. -#}
{% macro poser_cles() -%}
    {%- if execute and not is_incremental() and config.get('materialized') != 'view' -%}
        {%- set obligatoires = [] -%}
        {%- for colonne in model.columns.values() if colonne.constraints | selectattr('type', 'equalto', 'not_null') | list -%}
            {%- do obligatoires.append('alter column ' ~ adapter.quote(colonne.name) ~ ' set not null') -%}
        {%- endfor %}
    alter table {{ this }} {{ obligatoires | join(', ') }};
        {%- for cle in cles_declarees(model) if cle.type != 'foreign_key' %}
    {{ ddl_cle(this, cle) }};
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}


{#-
  At the beginning of a run: the primary keys of tables that have none, before a row that stands twice, or has no key, goes any further.
-#}
{% macro retablir_cles_primaires() -%}
    {%- if execute and flags.WHICH in ('run', 'build') -%}
        {%- set sans_cle = run_query("
            select relname from pg_class as c
            where
                relnamespace = to_regnamespace('marts') and relkind = 'r'
                and not exists (select 1 from pg_constraint where conrelid = c.oid and contype = 'p')
        ").columns[0].values() | list -%}
        {%- for noeud in graph.nodes.values()
            if noeud.resource_type == 'model' and noeud.config.contract.enforced and noeud.alias in sans_cle -%}
            {%- set table = adapter.get_relation(noeud.database, noeud.schema, noeud.alias) -%}
            {%- set presentes = adapter.get_columns_in_relation(table) | map(attribute='name') | list -%}
            {%- for cle in cles_declarees(noeud)
                if cle.type == 'primary_key' and not cle.columns | reject('in', presentes) | list %}
    delete from {{ table }} where num_nulls({{ cle.columns | join(', ') }}) > 0;
    {{ ddl_sans_doublons(table, cle.columns) }};
    {{ ddl_cle(table, cle) }};
            {%- endfor -%}
        {%- endfor -%}
    {%- endif -%}
{%- endmacro %}


{#-
  At the end of a run: everything declared that PostgreSQL does not have. A child's rows whose parent is gone are dead, and would go with the
  parent in any other build: they go first.
-#}
{% macro retablir_contraintes() -%}
    {%- if execute and flags.WHICH in ('run', 'build') -%}
        {%- set existantes = cles_existantes() -%}
        {%- set modeles, propres, etrangeres = {}, [], [] -%}
        {%- for noeud in graph.nodes.values() if noeud.resource_type == 'model' and noeud.config.materialized == 'incremental' -%}
            {%- set table = adapter.get_relation(noeud.database, noeud.schema, noeud.alias) -%}
            {%- if table is not none and table.type == 'table' -%}
                {%- do modeles.update({noeud.name: noeud}) -%}
                {%- for index in noeud.config.indexes if signature_index(noeud.alias, index) not in existantes -%}
                    {%- do propres.append(get_create_index_sql(table, index)) -%}
                {%- endfor -%}
            {%- endif -%}
        {%- endfor -%}
        {%- for noeud in modeles.values() if noeud.config.contract.enforced -%}
            {%- do propres.extend(ddl_cles_propres(noeud, existantes)) -%}
            {%- for cle in cles_declarees(noeud) if cle.type == 'foreign_key' and signature_cle(noeud.alias, cle) not in existantes -%}
                {%- if table_visee(cle) in modeles -%}
                    {%- do etrangeres.append(ddl_cle_etrangere(noeud, cle, modeles[table_visee(cle)])) -%}
                {%- endif -%}
            {%- endfor -%}
        {%- endfor -%}
        {{ (propres + etrangeres) | join(';\n') }}
    {%- endif -%}
{%- endmacro %}


{#- What gives a table its own keys and NOT NULLs, where `existantes` does not have them: a list of statements. -#}
{% macro ddl_cles_propres(noeud, existantes) -%}
    {%- set table, instructions = '"' ~ noeud.schema ~ '"."' ~ noeud.alias ~ '"', [] -%}
    {%- for cle in cles_declarees(noeud) if cle.type != 'foreign_key' and signature_cle(noeud.alias, cle) not in existantes -%}
        {%- do instructions.append(ddl_cle(table, cle)) -%}
    {%- endfor -%}
    {%- for colonne in noeud.columns.values()
        if colonne.constraints | selectattr('type', 'equalto', 'not_null') | list
        and 'n ' ~ noeud.alias ~ ' (' ~ colonne.name ~ ')' not in existantes -%}
        {%- set nom = adapter.quote(colonne.name) -%}
        {%- if run_query(
            'select 1 where exists (select from ' ~ table ~ ' where ' ~ nom ~ ' is null)'
            ~ ' and exists (select from raw.log_files where purged_at is not null)'
        ).rows -%}
            {%- do exceptions.warn(
                table ~ '.' ~ nom ~ ' stays without its NOT NULL: it has come after lines were purged, and of what was made of them it knows nothing'
            ) -%}
        {%- else -%}
            {%- do instructions.append('alter table ' ~ table ~ ' alter column ' ~ nom ~ ' set not null') -%}
        {%- endif -%}
    {%- endfor -%}
    {{ return(instructions) }}
{%- endmacro %}


{#- Whether a table is there, with a primary key. -#}
{% macro a_sa_cle(table) -%}
    {{ return(run_query("
        select 1 from pg_constraint where conrelid = to_regclass('" ~ table ~ "') and contype = 'p'
    ").rows | length > 0) }}
{%- endmacro %}


{#- A primary or unique key. Unique keys are checked at the transaction's end, so that two rows may exchange their values. -#}
{% macro ddl_cle(table, cle) -%}
    alter table {{ table }} add {{ cle.type | replace('_', ' ') }} ({{ cle.columns | join(', ') }})
    {{- ' deferrable initially deferred' if cle.type == 'unique' }}
{%- endmacro %}


{#- Of rows that are one under a key to come, leaves the one written last. -#}
{% macro ddl_sans_doublons(table, colonnes) -%}
    delete from {{ table }} where ctid in (
        select ctid
        from (select ctid, row_number() over (partition by {{ colonnes | join(', ') }} order by ctid desc) as rang from {{ table }}) as rangs
        where rang > 1
    )
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
