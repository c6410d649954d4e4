-- The pieces, profiles, waits and stops of the last build are the same when computed again from their lines. One row per session of
-- its worklist and kind that differs.

{{ config(tags=['audit']) }}

{%- set comparaisons = [
    {'mart': 'piece_production', 'vue': 'int_pieces', 'valeurs': 'numero_piece, timestamp_production, details'},
    {'mart': 'job_profil', 'vue': 'int_profils', 'valeurs': 'timestamp_debut, reference, longueur::numeric(14, 2), couleur'},
    {'mart': 'periode_attente', 'vue': 'int_attentes', 'valeurs': 'timestamp_debut, timestamp_fin, duree_secondes'},
    {'mart': 'periode_arret', 'vue': 'int_arrets', 'valeurs': 'timestamp_debut, timestamp_fin, duree_secondes'},
] %}

with sessions as (

    select
        sessions.id,
        centres.dossier,
        sessions.date_production
    from {{ ref('session_production') }} as sessions
    inner join {{ ref('centre_usinage') }} as centres on sessions.centre_usinage_id = centres.id
    inner join {{ ref('int_sessions_a_construire') }} as a_construire on sessions.id = a_construire.session_id

),

conservees as (

    {% for comparaison in comparaisons %}
        {%- if not loop.first %}
            union all
        {%- endif %}
        select
            '{{ comparaison.mart }}' as nature,
            session_id,
            md5(row({{ comparaison.valeurs }})::text) as contenu
        from {{ ref(comparaison.mart) }}
        where session_id in (select sessions.id from sessions)
    {% endfor %}

),

relues as (

    {% for comparaison in comparaisons %}
        {%- if not loop.first %}
            union all
        {%- endif %}
        select
            '{{ comparaison.mart }}' as nature,
            session_id,
            md5(row({{ comparaison.valeurs }})::text) as contenu
        from {{ ref(comparaison.vue) }}
    {% endfor %}

),

comptes as (

    select
        nature,
        session_id,
        contenu,
        1 as conservee,
        0 as relue
    from conservees
    union all
    select
        nature,
        session_id,
        contenu,
        0 as conservee,
        1 as relue
    from relues

),

ecarts as (

    select
        nature,
        session_id,
        sum(conservee) as nb_conservees,
        sum(relue) as nb_relues
    from comptes
    group by nature, session_id, contenu
    having sum(conservee) != sum(relue)

)

select
    sessions.dossier,
    sessions.date_production,
    ecarts.nature,
    sum(greatest(ecarts.nb_conservees - ecarts.nb_relues, 0)) as nb_en_trop,
    sum(greatest(ecarts.nb_relues - ecarts.nb_conservees, 0)) as nb_manquantes
from ecarts
inner join sessions on ecarts.session_id = sessions.id
group by sessions.dossier, sessions.date_production, ecarts.nature
