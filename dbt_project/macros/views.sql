{#- A view is replaced in place, and only if it has changed: views on it stay, unless a column is gone or of another type. dbt's own macro creates a new view. -#}
{% materialization view, adapter='postgres' -%}
    {%- set existing, sql, view = load_cached_relation(this), with_site(sql), this.incorporate(type='view') -%}
    {%- if existing is not none and not existing.is_view -%}
        {%- set above = run_query("
            select distinct ev_class::regclass::text from pg_depend inner join pg_rewrite on pg_rewrite.oid = objid where refobjid = '" ~ this ~ "'::regclass
        ").columns[0].values() -%}
        {%- if above -%}{{ exceptions.raise_compiler_error(this ~ ' becomes a view: drop ' ~ above | join(', ') ~ ', build, and create it again') }}{%- endif -%}
        {#- Renamed first, which only its owner may. -#}
        {%- do adapter.rename_relation(existing, make_backup_relation(existing, 'table')) or adapter.drop_relation(make_backup_relation(existing, 'table')) -%}
    {%- endif -%}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {%- if config.get('contract').enforced -%}{%- do get_assert_columns_equivalent(sql) -%}{%- endif -%}
    {% call statement('main') -%}
        do $view$
        begin
            create temporary view replacement as (
                {{ sql }}
            );
            if pg_get_viewdef('pg_temp.replacement'::regclass) is distinct from pg_get_viewdef(to_regclass('{{ this }}')) then
                begin
                    create or replace view {{ this }} as (
                        {{ sql }}
                    );
                exception when invalid_table_definition then
                    drop view {{ this }} cascade;
                    create view {{ this }} as (
                        {{ sql }}
                    );
                end;
            end if;
            drop view pg_temp.replacement;
        end
        $view$
    {%- endcall %}
    {%- do persist_docs(view, model) -%}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {%- do adapter.commit() -%}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({'relations': [view]}) }}
{%- endmaterialization %}
