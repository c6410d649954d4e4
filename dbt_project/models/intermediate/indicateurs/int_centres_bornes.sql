-- From when to when each centre has a calendar: from its first session with a possible date, to the end of the year after the last
-- load. One row per centre.

{{ config(materialized='ephemeral') }}

with centres as (

    select * from {{ ref('centre_usinage') }}

),

sessions as (

    select * from {{ ref('session_production') }}

),

dernier_chargement as (

    select
        commence_le,
        commence_le::date as jour
    from {{ ref('int_dernier_chargement') }}

)

select
    centres.id as centre_usinage_id,
    centres.nom as centre,
    centres.dossier,
    coalesce(
        (
            select min(sessions.date_production)
            from sessions
            where
                sessions.centre_usinage_id = centres.id
                and sessions.date_production between date '{{ var("alertes_premiere_date") }}' and dernier_chargement.jour + 1
        ),
        dernier_chargement.jour
    ) as premier_jour,
    (date_trunc('year', dernier_chargement.jour::timestamp) + interval '2 years')::date - 1 as dernier_jour,
    dernier_chargement.commence_le
from centres
cross join dernier_chargement
