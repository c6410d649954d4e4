{#- The strategy of kept models: within the scope, it deletes rows that are gone, updates rows that differ, and inserts new ones. `meta.scope` names a worklist and,
    under `on`, the columns that tie a row to a row of the worklist, or of `list`, a model made from it. Without `on`, the scope is the whole table if the worklist
    has a row; without `meta.scope`, always. If the worklist has everything, it is the whole table too, but not with `kept: true`, because lines may be purged. -#}
{% macro get_incremental_synchronise_sql(arguments) %}
    {%- set target, new = arguments.target_relation, arguments.temp_relation -%}
    {%- set scope = scope_of(config) -%}
    {%- set columns = arguments.dest_columns | map(attribute='quoted') | list -%}
    {%- set keys = [arguments.unique_key] if arguments.unique_key is string else (arguments.unique_key or []) -%}
    {%- set same_key, belongs, conditions = [], ['true'], ['true'] -%}
    {%- for key in keys -%}
        {%- do same_key.append('target.' ~ key ~ ' = new.' ~ key) -%}
    {%- endfor -%}
    {%- if scope.worklist and not scope_is_everything(scope) -%}
        {%- for column, listed in (scope.on or {}).items() -%}
            {%- do belongs.append('target.' ~ column ~ ' = list.' ~ listed) -%}
        {%- endfor -%}
        {%- set list = 'intermediate.' ~ (scope.list or scope.worklist) -%}
        {%- do conditions.append('exists (select 1 from ' ~ list ~ ' as list where ' ~ (belongs + [scope.condition or 'true']) | join(' and ') ~ ')') -%}
    {%- endif -%}
    {%- if keys -%}
        {%- do conditions.append('not exists (select 1 from ' ~ new ~ ' as new where ' ~ same_key | join(' and ') ~ ')') -%}
    {%- endif %}

    delete from {{ target }} as target
    where {{ conditions | join(' and ') }};

    {% if keys -%}
    {%- set values = columns | reject('in', keys | map('tojson') | list) | list -%}
    merge into {{ target }} as target
    using {{ new }} as new on {{ same_key | join(' and ') }}
    {% if values -%}
    when matched and
        (target.{{ values | join(', target.') }}) is distinct from (new.{{ values | join(', new.') }})
        then update set {% for value in values %}{{ value }} = new.{{ value }}{{ ', ' if not loop.last }}{% endfor %}
    {% endif -%}
    when not matched then
        insert ({{ columns | join(', ') }})
        values (new.{{ columns | join(', new.') }})
    {%- else -%}
    insert into {{ target }} ({{ columns | join(', ') }})
    select {{ columns | join(', ') }} from {{ new }}
    {%- endif %}
{% endmacro %}

{#- Whether the scope is the whole table: everything was put on the worklist, and not all of it has been built since. -#}
{% macro scope_is_everything(scope) -%}
    {{ return(not scope.kept and run_query(
        "select 1 from intermediate.worklist_state where worklist = '" ~ scope.worklist ~ "' and key = '' and fingerprint = 'everything'"
    ).rows | length > 0) }}
{%- endmacro %}
