{#-
  A table of an earlier version takes the columns that this version declares, in place: what it holds stays, and so does what refers to it.
  Its rows are then made anew by the build that did this, because the code that makes them has changed too.
-#}

{#-
  Instead of dbt's own way with `on_schema_change`, which under a contract can add columns but not drop or convert them. Called once the rows to
  be written stand in `source_relation`, in the transaction that writes them.
-#}
{% macro postgres__process_schema_changes(on_schema_change, source_relation, target_relation) %}
    {%- set voulues = adapter.get_columns_in_relation(source_relation) -%}
    {%- do changer_forme(target_relation, voulues) -%}
    {{ return(voulues) }}
{% endmacro %}


{#- Before a seed: its table takes the columns that `column_types` names. -#}
{% macro changer_forme_seed() %}
    {%- set table = load_relation(this) if execute -%}
    {%- if table is not none and table -%}
        {%- set voulues = [] -%}
        {%- for nom, type in config.get('column_types').items() -%}
            {%- do voulues.append(api.Column.create(nom, type)) -%}
        {%- endfor -%}
        {%- do changer_forme(table, voulues) -%}
    {%- endif -%}
{% endmacro %}


{#- Gives a table the columns `voulues`, in whatever order: what is missing is added, what is of another type converted, what is left over dropped. -#}
{% macro changer_forme(table, voulues) %}
    {%- set presentes = {} -%}
    {%- for colonne in adapter.get_columns_in_relation(table) -%}
        {%- do presentes.update({colonne.name: colonne.data_type}) -%}
    {%- endfor -%}
    {%- set ajouts, reprises, touchees = [], [], [] -%}
    {%- for colonne in voulues -%}
        {%- if colonne.name not in presentes -%}
            {%- do ajouts.append('add column ' ~ colonne.quoted ~ ' ' ~ colonne.data_type) -%}
        {%- elif presentes[colonne.name] != colonne.data_type -%}
            {%- do touchees.append(colonne.name) -%}
            {%- do reprises.append('alter column ' ~ colonne.quoted ~ ' type ' ~ colonne.data_type ~ ' using ' ~ colonne.quoted ~ '::' ~ colonne.data_type) -%}
        {%- endif -%}
    {%- endfor -%}
    {%- for nom in presentes if nom not in voulues | map(attribute='name') | list -%}
        {%- do touchees.append(nom) -%}
        {%- do reprises.append('drop column ' ~ adapter.quote(nom)) -%}
    {%- endfor -%}
    {%- if reprises -%}
        {%- do liberer(table, touchees, reprises) -%}
    {%- endif -%}
    {%- if ajouts or reprises -%}
        {%- do run_query('alter table ' ~ table ~ ' ' ~ (ajouts + reprises) | join(', ')) -%}
        {{ log(nom_court(table) ~ ': ' ~ (ajouts + reprises) | join(', '), info=true) }}
    {%- endif -%}
{% endmacro %}


{#-
  Takes away what keeps some columns of a table as they are: this project's own views on them, and foreign keys, both of which the build brings
  back. A view of somebody else's is not this project's to drop, also in the schema `marts`, where the project has none: the build ends with a
  line that says what to do.
-#}
{% macro liberer(table, colonnes, changements) %}
    {%- set dependances -%}
        with recursive vues as (
            select v.oid, v.relnamespace::regnamespace::text as schema, v.relname, v.relkind
            from pg_class as v
            where v.oid in ({{ vues_de("'" ~ table ~ "'::regclass", colonnes) }})
            union
            select v.oid, v.relnamespace::regnamespace::text, v.relname, v.relkind
            from vues
            cross join lateral ({{ vues_de('vues.oid') }}) as dessus (oid)
            inner join pg_class as v on dessus.oid = v.oid
        )

        select
            schema,
            relname,
            schema in ('staging', 'intermediate') as est_a_nous,
            null as instruction
        from vues
        union all
        select
            null,
            null,
            true,
            format('alter table %s drop constraint %I', conrelid::regclass, conname)
        from pg_constraint
        where contype = 'f' and '{{ table }}'::regclass in (conrelid, confrelid)
    {%- endset -%}
    {%- set lignes = run_query(dependances).rows -%}
    {%- set autres = [] -%}
    {%- for ligne in lignes if not ligne[2] -%}
        {%- do autres.append(ligne[0] ~ '.' ~ ligne[1]) -%}
    {%- endfor -%}
    {%- if autres -%}
        {{ exceptions.raise_compiler_error(
            nom_court(table) ~ ' of an earlier version is read by ' ~ autres | join(', ') ~ ', which this version must not drop: note its definition,'
            ~ ' drop it, run `make build`, and create it anew (' ~ changements | join(', ') ~ ')'
        ) }}
    {%- endif -%}
    {%- for ligne in lignes -%}
        {%- if ligne[3] -%}
            {%- do run_query(ligne[3]) -%}
        {%- else -%}
            {#- By dbt's own hand: it would else go on taking the view for one that is there. -#}
            {%- do adapter.drop_relation(
                api.Relation.create(database=table.database, schema=ligne[0], identifier=ligne[1], type='view')
            ) -%}
        {%- endif -%}
    {%- endfor -%}
{% endmacro %}


{#- A table as people write it. -#}
{% macro nom_court(table) -%}
    {{ return(table.schema ~ '.' ~ table.identifier) }}
{%- endmacro %}


{#- The views that read a relation, or those `colonnes` of it, directly: a select of their oid. -#}
{% macro vues_de(oid, colonnes=none) -%}
    select distinct r.ev_class
    from pg_depend as d
    inner join pg_rewrite as r on d.objid = r.oid
    where d.classid = 'pg_rewrite'::regclass and d.refclassid = 'pg_class'::regclass and d.refobjid = {{ oid }} and r.ev_class != d.refobjid
    {%- if colonnes is not none %}
        and d.refobjsubid in (select attnum from pg_attribute where attrelid = {{ oid }} and attname in ('{{ colonnes | join("', '") }}'))
    {%- endif %}
{%- endmacro %}
