{% snapshot sessions_versions %}
-- The versions of past sessions' figures. A session is past if its production day had been over for some hours when the last load
-- began; before that, its figures still grow. A session that is gone gets a last version without figures.

{%- set chiffres = [
    'heure_premiere_piece', 'heure_derniere_piece', 'heure_premier_machine_start', 'heure_dernier_machine_stop', 'total_pieces',
    'duree_production_totale', 'temps_attente', 'temps_arret_volontaire', 'temps_production_effectif', 'taux_occupation',
    'taux_attente', 'taux_arret_volontaire', 'temps_attente_net', 'temps_arret_net', 'temps_production_net', 'taux_occupation_net',
    'taux_attente_net', 'taux_arret_net',
] %}
{{ config(
    schema='historique',
    group='production',
    unique_key='session_id',
    strategy='check',
    check_cols=chiffres + ['existe', 'versions', 'debut_journee'],
    meta={'scope': {'worklist': 'int_sessions_a_construire'}},
    pre_hook='lock table seeds.centres in access share mode',
    indexes=[{'columns': ['session_id']}, {'columns': ['dbt_valid_to']}],
) }}

with production as (

    select * from {{ ref('session_production') }}

),

sessions as (

    select * from {{ ref('int_sessions') }}

),

disparues as (

    select * from {{ ref('int_sessions_a_construire') }}
    where fingerprint is null

),

dernier_chargement as (

    select max(commencee_le) at time zone '{{ var("fuseau_horaire") }}' as commence_le
    from {{ ref('stg_chargements__executions') }}
    where source = 'logs' and resultat in ('ok', 'partial')

),

toutes as (

    select
        sessions.session_id,
        sessions.dossier,
        sessions.date_production,
        true as existe,
        sessions.versions,
        {%- for chiffre in chiffres %}
        production.{{ chiffre }}{{ ',' if not loop.last }}
        {%- endfor %}
    from sessions
    inner join production on sessions.session_id = production.id
    union all
    select
        session_id,
        dossier,
        date_production,
        false as existe,
        null as versions,
        {%- for chiffre in chiffres %}
        null as {{ chiffre }}{{ ',' if not loop.last }}
        {%- endfor %}
    from disparues

)

select
    toutes.*,
    '{{ var("debut_journee") }}' as debut_journee
from toutes
cross join dernier_chargement
where
    toutes.date_production + interval '1 day' + interval '{{ var("debut_journee") }}'
    + {{ var('revision_apres_heures') | int }} * interval '1 hour' <= dernier_chargement.commence_le
{% endsnapshot %}
