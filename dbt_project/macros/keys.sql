{#- Real keys, declared in the models' YAML. A new table gets them after it is filled, because row by row they would cost several times as much. At the end of each
    run, what is missing is put back. If rows are in the way of a key, they are named, and the build ends in an error: nothing is deleted. -#}

{#- The constraints in a model's YAML, also those of its columns: dictionaries with `type`, `columns`, `to` and `to_columns`. -#}
{% macro declared_constraints(node) %}
    {%- set constraints = node.constraints | list -%}
    {%- for column in node.columns.values() -%}
        {%- for constraint in column.constraints -%}
            {%- do constraints.append({'type': constraint.type, 'columns': [column.name], 'to': constraint.to, 'to_columns': constraint.to_columns}) -%}
        {%- endfor -%}
    {%- endfor -%}
    {{ return(constraints) }}
{% endmacro %}

{#- The constraints and indexes in PostgreSQL, as texts like `marts.job_profil FOREIGN KEY (session_id)`. `- marts.x` says that a table lacks a replica identity. -#}
{% macro existing_constraints() -%}
    {{ return(run_query("
        with tables as (
            select oid, relnamespace::regnamespace || '.' || relname as name, relreplident from pg_class
            where relnamespace::regnamespace::text in ('seeds', 'intermediate', 'marts', 'historique') and relkind = 'r')
        select name || ' ' || split_part(pg_get_constraintdef(pg_constraint.oid), ')', 1) || ')'
        from pg_constraint inner join tables on conrelid = tables.oid
        union all
        select name || ' NOT NULL (' || attname || ')' from pg_attribute inner join tables on attrelid = tables.oid where attnotnull
        union all
        select name || ' INDEX ' || substring(pg_get_indexdef(indexrelid) from '[(].*') from pg_index inner join tables on indrelid = tables.oid
        union all
        select '- ' || name from tables
        where relreplident = 'd' and not exists (select from pg_constraint where conrelid = tables.oid and contype = 'p')
    ").columns[0].values() | list) }}
{%- endmacro %}

{#- The statement that adds a constraint to a table; `parent` is the table that a foreign key refers to. -#}
{% macro constraint_ddl(table, constraint, required, parent) -%}
    {%- set columns = constraint.columns | join(', ') -%}
    {%- if constraint.type == 'not_null' -%}
        alter table {{ table }} alter column {{ columns }} set not null
    {%- elif constraint.type == 'foreign_key' -%}
        alter table {{ table }} add foreign key ({{ columns }}) references {{ parent }} ({{ constraint.to_columns | join(', ') }})
        on delete {{ 'cascade' if required else 'set null (' ~ columns ~ ')' }}
    {%- else -%}
        {#- Unique keys are checked at the end of the transaction, so that two rows can exchange their values. -#}
        alter table {{ table }} add {{ constraint.type | replace('_', ' ') }} ({{ columns }})
        {{- ' deferrable initially deferred' if constraint.type == 'unique' }}
    {%- endif -%}
{%- endmacro %}

{#- Adds everything that is declared and missing, keys before the foreign keys that refer to them, and returns a list of what is in the way.
    A table without a primary key gets the replica identity `full`: without one, a table in a publication can be neither updated nor deleted from. -#}
{% macro put_back_keys() -%}
    {%- set existing = existing_constraints() -%}
    {%- set first, last = [], [] -%}
    {%- for node in kept_models() if adapter.get_relation(node.database, node.schema, node.alias) is not none -%}
        {%- set table, declared = node.schema ~ '.' ~ node.alias, declared_constraints(node) -%}
        {%- set required = declared | selectattr('type', 'equalto', 'not_null') | map(attribute='columns') | list -%}
        {%- for constraint in declared -%}
            {%- set what = constraint.type | replace('_', ' ') | upper ~ ' (' ~ constraint.columns | join(', ') ~ ')' -%}
            {#- `to` is `ref('name')` before dbt has compiled it, and "db"."schema"."name" afterwards. -#}
            {%- set parent = modules.re.findall('[A-Za-z_0-9]+', constraint.to or '') | last -%}
            {%- if table ~ ' ' ~ what not in existing
                and (not parent or adapter.get_relation(node.database, node.schema, parent) is not none) -%}
                {%- set ddl = constraint_ddl(table, constraint, constraint.columns in required, node.schema ~ '.' ~ parent) -%}
                {%- do (last if parent else first).append({'ddl': ddl, 'table': table, 'what': what}) -%}
            {%- endif -%}
        {%- endfor -%}
        {%- for index in node.config.indexes if table ~ ' INDEX (' ~ index.columns | join(', ') ~ ')' not in existing -%}
            {%- do first.append({'ddl': get_create_index_sql(api.Relation.create(node.database, node.schema, node.alias), index), 'table': table, 'what': 'INDEX'}) -%}
        {%- endfor -%}
    {%- endfor -%}
    {%- for entry in existing if entry.startswith('- ') -%}
        {%- do last.append({'ddl': 'alter table ' ~ entry[2:] ~ ' replica identity full', 'table': entry[2:], 'what': 'REPLICA IDENTITY'}) -%}
    {%- endfor -%}
    {{ return(run_each(first + last) if first or last else []) }}
{%- endmacro %}

{#- Runs each statement (`ddl`) of `missing`, also if another fails, and returns a text for each that failed, which names the rows in its way. -#}
{% macro run_each(missing) -%}
    {%- set statements -%}
        create temporary table problems (problem text);
        set local maintenance_work_mem = '256MB';
        do $run$
        declare said text; row_detail text;
        begin
        {%- for one in missing %}
            begin
                execute $ddl${{ one.ddl }}$ddl$;
            exception when others then
                get stacked diagnostics said = message_text, row_detail = pg_exception_detail;
                {%- if one.what.startswith('NOT NULL') %}
                if sqlstate != '42703' then -- no such column: its model was not built
                    select count(*) || ' rows without it, such as ' || min(t::text) from {{ one.table }} as t where {{ one.what[9:] }} is null into row_detail;
                end if;
                {%- endif %}
                insert into problems values ($what${{ one.table }} has no {{ one.what }}: $what$ || coalesce(nullif(row_detail, ''), said));
            end;
        {%- endfor %}
        end
        $run$
    {%- endset -%}
    {%- do run_query(statements) -%}
    {%- set problems = run_query('select problem from problems').columns[0].values() | list -%}
    {%- do run_query('drop table problems; commit') -%}
    {{ return(problems) }}
{%- endmacro %}
