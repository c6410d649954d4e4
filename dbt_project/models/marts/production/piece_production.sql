-- The pieces produced. One row per piece.

{%- set motif = var('numero_commande_motif') | replace("'", "''") %}
{{ config(
    unique_key='id',
    meta={'scope': {'worklist': 'int_sessions_a_construire', 'on': {'session_id': 'session_id'}}},
    indexes=[{'columns': ['job_profil_id']}, {'columns': ['timestamp_production'], 'type': 'brin'}]
    + ([{'columns': ['numero_commande']}] if motif else []),
) }}

with pieces as (

    select * from {{ ref('int_pieces') }}

),

-- With `limit all`, PostgreSQL looks for the number once, not three times. Without a pattern, it plans NULL for all that follows.
pieces_lues as (

    select
        *,
        {{ "substring(details from '" ~ motif ~ "')" if motif else 'null::text' }} as numero
    from pieces
    {{ 'limit all' if motif }}

),

plages as (

    select * from {{ ref('int_plages') }}

),

pieces_avec_cle as (

    select
        {{ cle_rang('pieces.session_id', 'pieces.numero_piece') }} as id,
        pieces.session_id,
        pieces.numero_piece,
        pieces.timestamp_production,
        pieces.details,
        case
            when pieces.numero_profil is not null then {{ cle_rang('pieces.session_id', 'pieces.numero_profil') }}
        end as job_profil_id,
        plages.poste,
        case
            when pieces.numero ~ '^[+-]?[0-9]+$' and pg_input_is_valid(pieces.numero, 'integer') then pieces.numero::integer
        end as numero_commande
    from pieces_lues as pieces
    left join plages
        on pieces.session_id = plages.session_id
        and pieces.timestamp_production >= plages.debut
        and pieces.timestamp_production < plages.fin

)

select * from pieces_avec_cle
