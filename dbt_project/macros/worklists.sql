{#- Worklists (docs/model.md explains them) and their state: `intermediate.worklist_state` has, for each key, the fingerprint of what was last built, or `pending`
    while a build is running. The row with an empty key says whether a worklist has everything (`everything`, or no row) or what has changed (`listed`). -#}

{#- The models whose tables are kept from one build to the next, as nodes of the graph. -#}
{% macro kept_models() -%}
    {{ return(graph.nodes.values() | selectattr('resource_type', 'equalto', 'model')
        | selectattr('config.materialized', 'equalto', 'incremental') | list) }}
{%- endmacro %}

{#- The scope of a kept model (`meta.scope`); empty if the whole table is always compared. -#}
{% macro scope_of(config) -%}{{ return((config.get('meta') or {}).get('scope') or {}) }}{%- endmacro %}

{#- Whether everything is to be rebuilt. A macro, because a unit test can override a macro, but not a flag. -#}
{% macro full_refresh() -%}{{ return(flags.FULL_REFRESH) }}{%- endmacro %}

{#- Whether a key is on a worklist: `wanted` has the fingerprints of what exists, `built` those of what was built. Needs the CTE `state`. -#}
{% macro is_to_be_made(wanted, built) -%}
    (
        {{ wanted }}.fingerprint is distinct from {{ built }}.fingerprint
        or {{ full_refresh() }}
        or not exists (select 1 from state as list where list.key = '' and list.fingerprint = 'listed')
    )
{%- endmacro %}

{#- Before a run: creates the state. If a model's table or one of its columns does not exist, its worklist will have everything. -#}
{% macro create_state() %}
    {%- if execute and flags.WHICH in ('run', 'build') %}
    {{ create_schema_if_missing('intermediate') }}
    create table if not exists intermediate.worklist_state (worklist text, key text, fingerprint text not null, primary key (worklist, key));
    {%- set columns = {} -%}
    {%- for row in run_query("
        select table_schema || '.' || table_name, string_agg(column_name, ' ') from information_schema.columns where table_schema in ('intermediate', 'marts') group by 1
    ").rows -%}
        {%- do columns.update({row[0]: row[1].split(' ')}) -%}
    {%- endfor -%}
    {%- for node in kept_models()
        if scope_of(node.config) and (
            columns.get(node.schema ~ '.' ~ node.alias) is none
            or node.config.contract.enforced and node.columns.keys() | reject('in', columns[node.schema ~ '.' ~ node.alias] + ['site']) | list
        ) %}
    delete from intermediate.worklist_state where worklist = '{{ scope_of(node.config).worklist }}' and key = ''; {%- endfor %}
    {%- endif -%}
{% endmacro %}

{#- After a worklist, in its transaction: marks its keys as pending. -#}
{% macro mark_pending() %}
    {%- if execute %}
    insert into intermediate.worklist_state (worklist, key, fingerprint)
    select '{{ this.identifier }}', key, 'pending {{ invocation_id }}' || coalesce(substring(fingerprint from ' purged$'), '') from {{ this }}
    union all
    select '{{ this.identifier }}', '', 'everything' where {{ full_refresh() }} or not exists
        (select from intermediate.worklist_state where worklist = '{{ this.identifier }}' and key = '' and fingerprint = 'listed')
    on conflict (worklist, key) do update set fingerprint = excluded.fingerprint;
    analyze {{ this }}
    {%- endif -%}
{% endmacro %}

{#- Before a model, in its transaction: waits for another build of the same model, and locks the worklist, so that it does not change while it is read. -#}
{% macro open_scope() %}
    {%- if execute %}
    select pg_advisory_xact_lock(6581364, hashtext('{{ this.identifier }}'));
    set local work_mem = '64MB';
    {%- if scope_of(config) %}
    lock table intermediate.{{ scope_of(config).worklist }} in share mode;
    {%- endif %}
    {%- endif -%}
{% endmacro %}

{#- At the end of a run: replaces `pending` by the fingerprints of each worklist if all models made from it were built in this run. -#}
{% macro record_state() %}
    {%- if execute and flags.WHICH in ('run', 'build') -%}
    {%- set built = results | selectattr('status', 'equalto', 'success') | map(attribute='node.unique_id') | list -%}
    {%- for worklist in kept_models() if worklist.config.meta.worklist and worklist.unique_id in built -%}
        {%- set missing = [] -%}
        {%- for node in graph.nodes.values() if scope_of(node.config).worklist == worklist.name
            and (node.unique_id not in built or scope_of(node.config).list and 'model.usine.' ~ scope_of(node.config).list not in built) -%}
            {%- do missing.append(node.name) -%}
        {%- endfor -%}
        {%- if not missing %}
    update intermediate.worklist_state as state set fingerprint = worklist.fingerprint
    from {{ worklist.schema }}.{{ worklist.alias }} as worklist
    where state.worklist = '{{ worklist.name }}' and state.key = worklist.key
        and state.fingerprint like 'pending {{ invocation_id }}%' and worklist.fingerprint is not null;
    delete from intermediate.worklist_state where worklist = '{{ worklist.name }}' and fingerprint like 'pending {{ invocation_id }}%';
    update intermediate.worklist_state set fingerprint = 'listed'
    where worklist = '{{ worklist.name }}' and key = ''
        and not exists (select from intermediate.worklist_state where worklist = '{{ worklist.name }}' and fingerprint like 'pending %');
        {%- endif -%}
    {%- endfor -%}
    {%- endif -%}
{% endmacro %}
