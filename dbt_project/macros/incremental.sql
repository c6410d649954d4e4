{#- A kept table: the first build creates it filled, later builds change it in place. dbt's own materialization asks for the columns five times and writes all
    comments in every run, which is a third of the cost of an everyday build. Here one query says whether any of them has changed. -#}
{% materialization incremental, adapter='postgres' -%}
    {%- set existing, table, sql = load_cached_relation(this), this.incorporate(type='table'), with_site(sql) -%}
    {{ run_hooks(pre_hooks, inside_transaction=False) }}
    {{ run_hooks(pre_hooks, inside_transaction=True) }}
    {%- if existing is none or existing.is_view -%}
        {%- do drop_relation_if_exists(existing) -%}
        {%- if config.get('contract').enforced -%}{%- do get_assert_columns_equivalent(sql) -%}{%- endif -%}
        {% call statement('main') -%}
            set local parallel_setup_cost = 0;
            set local parallel_tuple_cost = 0;
            set local maintenance_work_mem = '256MB';
            create table {{ this }} as (
                {{ get_select_subquery(sql) if config.get('contract').enforced else sql }}
            )
        {%- endcall %}
        {%- do create_indexes(table) -%}
        {#- Its keys, without foreign keys, and the statistics with which PostgreSQL plans the models downstream. -#}
        {%- set ddl = [] -%}
        {%- for constraint in declared_constraints(model) if not constraint.to -%}{%- do ddl.append(constraint_ddl(this, constraint)) -%}{%- endfor -%}
        {%- do run_query((ddl + ['analyze ' ~ this]) | join('; ')) -%}
        {%- do persist_docs(table, model) -%}
    {%- else -%}
        {%- set new = make_temp_relation(table) -%}
        {%- do run_query('create temporary table ' ~ new ~ ' as (' ~ sql ~ '\n)') -%}
        {%- set strategy = adapter.get_incremental_strategy_macro(context, config.get('incremental_strategy') or 'synchronise') -%}
        {%- set columns = columns_of(new, table, sql) -%}
        {% call statement('main') -%}
            {{ strategy({'target_relation': table, 'temp_relation': new, 'dest_columns': columns, 'unique_key': config.get('unique_key')}) }}
        {%- endcall %}
    {%- endif -%}
    {{ run_hooks(post_hooks, inside_transaction=True) }}
    {%- do adapter.commit() -%}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({'relations': [table]}) }}
{%- endmaterialization %}

{#- The columns of this run's rows. Adds those that the table lacks, and updates its comments if they differ from the YAML. -#}
{% macro columns_of(new, table, sql) -%}
    {%- set columns, types, comments, described = [], {}, {}, {'': model.description | trim} -%}
    {%- for column in model.columns.values() -%}{%- do described.update({column.name: column.description | trim}) -%}{%- endfor -%}
    {%- for name, type, comment, is_new in run_query("
        select attname, format_type(atttypid, atttypmod), col_description(attrelid, attnum), attrelid = '" ~ new ~ "'::regclass
        from pg_attribute where attrelid in ('" ~ new ~ "'::regclass, '" ~ table ~ "'::regclass) and attnum > 0 and not attisdropped
        union all
        select '', null, obj_description('" ~ table ~ "'::regclass, 'pg_class'), false
        order by 4
    ").rows -%}
        {%- if is_new -%}
            {%- do columns.append(api.Column(name, type)) -%}
        {%- else -%}
            {%- do types.update({name or '': type}) or comments.update({name or '': (comment or '') | trim}) -%}
        {%- endif -%}
    {%- endfor -%}
    {#- The schedule selects tables only where the code is that of the last build, which has kept the contract. -#}
    {%- set in_contract = config.get('contract').enforced -%}
    {%- if in_contract and invocation_args_dict.get('selector') not in ('logs', 'erp', 'logs_erp') -%}{%- do get_assert_columns_equivalent(sql) -%}{%- endif -%}
    {%- for column in columns if types.get(column.name) != column.dtype -%}
        {%- if column.name not in types -%}
            {%- do run_query('alter table ' ~ table ~ ' add column ' ~ column.quoted ~ ' ' ~ column.dtype ~ (" default '" ~ env_var('SITE', '') ~ "'" if column.name == 'site')) -%}
        {%- elif in_contract -%}
            {{ exceptions.raise_compiler_error(table ~ '.' ~ column.name ~ ' is ' ~ types[column.name] ~ ': alter it to ' ~ column.dtype) }}
        {%- endif -%}
    {%- endfor -%}
    {%- if comments != described -%}{%- do persist_docs(table, model) -%}{%- endif -%}
    {{ return(columns) }}
{%- endmacro %}
