{#-
  The figures of a centre's periods: its days (`jour`), which are its sessions, and its ISO weeks (`semaine`). One piece makes
  both.
-#}

{#-
  The day that a session's period begins with. Through a timestamp: of a date, PostgreSQL would truncate the moment in its own
  time zone.
-#}
{% macro debut_periode(periode, date_production) -%}
    {%- if periode == 'semaine' -%}
        date_trunc('week', {{ date_production }}::timestamp)::date
    {%- else -%}
        {{ date_production }}
    {%- endif -%}
{%- endmacro %}


{#-
  Of periods, in a select from sessions by `centre_usinage_id` and `date_debut`: when the one before it that has a piece begins.
-#}
{% macro date_precedente() -%}
    max(case when sum(total_pieces) > 0 then date_debut end) over (
        partition by centre_usinage_id order by date_debut rows between unbounded preceding and 1 preceding
    )
{%- endmacro %}


{#-
  The periods of the sessions that the marts `lus` hold: a select of `cle` and `empreinte`, as `perimetre_voulu` gives it. A
  period is compared with the one before it: what that one is made from belongs to its fingerprint.
-#}
{% macro periodes_construites(periode, lus) -%}
    with sessions as (

        select
            sessions.id,
            sessions.centre_usinage_id,
            {{ debut_periode(periode, 'sessions.date_production') }} as date_debut,
            sessions.total_pieces,
            construites.empreinte
        from {{ ref('session_production') }} as sessions
        inner join ({{ sessions_construites(lus) }}) as construites on sessions.id::text = construites.cle

    ),

    periodes as (

        select
            centre_usinage_id,
            date_debut,
            {{ date_precedente() }} as date_precedente,
            string_agg(id || ' ' || empreinte, ' ' order by id) as empreinte
        from sessions
        group by centre_usinage_id, date_debut

    )

    select
        {{ cle(['periodes.centre_usinage_id', 'periodes.date_debut']) }}::text as cle,
        md5(concat_ws(' ', periodes.empreinte, periodes.date_precedente, precedentes.empreinte)) as empreinte
    from periodes
    left join periodes as precedentes
        on periodes.centre_usinage_id = precedentes.centre_usinage_id and periodes.date_precedente = precedentes.date_debut
{%- endmacro %}


{#- A change in percent, rounded once; NULL where there is nothing to compare with. -#}
{% macro variation(valeur, precedente) -%}
    round(100 * ({{ valeur }} - {{ precedente }}) / nullif({{ precedente }}, 0), 2)
{%- endmacro %}


{#-
  The median of values that are counted: an aggregate over rows with a value, how many values are not greater (`cumul`), and how
  many there are (`total`). Between two values in the middle it is half-way.
-#}
{% macro mediane(valeur, cumul, total) -%}
    (
        min({{ valeur }}) filter (where 2 * {{ cumul }} >= {{ total }})
        + min({{ valeur }}) filter (where 2 * {{ cumul }} > {{ total }})
    ) / 2
{%- endmacro %}


{#-
  The steps that work out the figures of periods: CTEs, to stand first in a `with`, of which the last is `indicateurs`, one row
  per period of the worklist. Everything is worked out from exact values, session by session through the indexes, and rounded
  once.
-#}
{% macro etapes_des_indicateurs(periode) -%}
    sessions as (

        select
            id as session_id,
            centre_usinage_id,
            total_pieces,
            {{ debut_periode(periode, 'date_production') }} as date_debut
        from {{ ref('session_production') }}

    ),

    heures as (

        select * from {{ ref('production_horaire') }}

    ),

    attentes as (

        select * from {{ ref('periode_attente') }}

    ),

    arrets as (

        select * from {{ ref('periode_arret') }}

    ),

    profils as (

        select * from {{ ref('job_profil') }}

    ),

    toutes_pieces as (

        select * from {{ ref('piece_production') }}

    ),

    periodes as (

        select
            centre_usinage_id,
            date_debut,
            {{ cle(['centre_usinage_id', 'date_debut']) }} as id,
            min(session_id::text)::uuid as premiere_session_id,
            sum(total_pieces) as pieces,
            count(*) filter (where total_pieces > 0)::integer as jours_avec_pieces,
            {{ date_precedente() }} as date_precedente
        from sessions
        group by centre_usinage_id, date_debut

    ),

    a_calculer as (

        select * from periodes
        {% if is_incremental() -%}
            where id in (select perimetre.cle::uuid from {{ perimetre() }})
        {%- endif %}

    ),

    -- Whose figures a period needs: its own sessions', and those of the period it is compared with.
    sessions_lues as (

        select
            a_calculer.id,
            sessions.session_id,
            true as propre
        from a_calculer
        inner join sessions
            on a_calculer.centre_usinage_id = sessions.centre_usinage_id and a_calculer.date_debut = sessions.date_debut
        union all
        select
            a_calculer.id,
            sessions.session_id,
            false as propre
        from a_calculer
        inner join sessions
            on a_calculer.centre_usinage_id = sessions.centre_usinage_id and a_calculer.date_precedente = sessions.date_debut

    ),

    temps as (

        select
            sessions_lues.id,
            sum(par_session.secondes_production) filter (where sessions_lues.propre) as secondes_production,
            sum(par_session.secondes_attente) filter (where sessions_lues.propre) as secondes_attente,
            sum(par_session.secondes_arret) filter (where sessions_lues.propre) as secondes_arret,
            sum(par_session.pieces) filter (where not sessions_lues.propre) as pieces_precedentes,
            sum(par_session.secondes_production) filter (where not sessions_lues.propre) as secondes_production_precedentes
        from sessions_lues
        cross join lateral (
            select
                sum(pieces) as pieces,
                sum(secondes_production) as secondes_production,
                sum(secondes_attente) as secondes_attente,
                sum(secondes_arret) as secondes_arret
            from heures
            where heures.session_id = sessions_lues.session_id
        ) as par_session
        group by sessions_lues.id

    ),

    evenements as (

        select
            sessions_lues.id,
            sum(par_session_arrets.nombre)::integer as nombre_arrets,
            max(par_session_arrets.plus_long) as plus_long_arret,
            sum(par_session_attentes.nombre)::integer as nombre_attentes,
            max(par_session_attentes.plus_longue) as plus_longue_attente,
            sum(par_session_profils.millimetres) as millimetres
        from sessions_lues
        cross join lateral (
            select
                count(*) as nombre,
                max(duree_secondes) as plus_long
            from arrets
            where arrets.session_id = sessions_lues.session_id
        ) as par_session_arrets
        cross join lateral (
            select
                count(*) as nombre,
                max(duree_secondes) as plus_longue
            from attentes
            where attentes.session_id = sessions_lues.session_id
        ) as par_session_attentes
        cross join lateral (
            select coalesce(sum(longueur), 0) as millimetres
            from profils
            where profils.session_id = sessions_lues.session_id
        ) as par_session_profils
        where sessions_lues.propre
        group by sessions_lues.id

    ),

    -- A cycle is the time between two pieces of a session that follow one another by the clock. The same ones come again and
    -- again: counted, they are few.
    cycles as (

        select
            sessions_lues.id,
            par_session.duree_cycle,
            sum(par_session.nombre) as nombre
        from sessions_lues
        cross join lateral (
            select
                suivies.duree_cycle,
                count(*) as nombre
            from (
                select timestamp_production - lag(timestamp_production) over (order by timestamp_production) as duree_cycle
                from toutes_pieces
                where toutes_pieces.session_id = sessions_lues.session_id
            ) as suivies
            where suivies.duree_cycle is not null
            group by suivies.duree_cycle
        ) as par_session
        where sessions_lues.propre
        group by sessions_lues.id, par_session.duree_cycle

    ),

    cycles_ranges as (

        select
            id,
            extract(epoch from duree_cycle)::numeric as duree_cycle,
            sum(nombre) over (partition by id order by duree_cycle) as cumul,
            sum(nombre) over (partition by id) as total
        from cycles

    ),

    medianes as (

        select
            id,
            {{ mediane('duree_cycle', 'cumul', 'total') }} as temps_cycle_median
        from cycles_ranges
        group by id

    ),

    -- Without a piece there is no window, and no duration of it.
    reunis as (

        select
            a_calculer.*,
            temps.secondes_production,
            temps.secondes_attente,
            temps.secondes_arret,
            temps.secondes_production + temps.secondes_attente + temps.secondes_arret as secondes_fenetre,
            temps.pieces_precedentes,
            nullif(temps.secondes_production_precedentes, 0) as secondes_production_precedentes,
            evenements.nombre_arrets,
            evenements.plus_long_arret,
            evenements.nombre_attentes,
            evenements.plus_longue_attente,
            evenements.millimetres,
            medianes.temps_cycle_median
        from a_calculer
        inner join temps on a_calculer.id = temps.id
        inner join evenements on a_calculer.id = evenements.id
        left join medianes on a_calculer.id = medianes.id

    ),

    arrondis as (

        select
            *,
            {{ heures('secondes_fenetre') }} as duree_production_totale,
            {{ heures('secondes_attente') }} as temps_attente_net,
            {{ heures('secondes_arret') }} as temps_arret_net,
            {{ taux('secondes_attente', 'secondes_fenetre') }} as taux_attente_net,
            {{ taux('secondes_arret', 'secondes_fenetre') }} as taux_arret_net
        from reunis

    ),

    indicateurs as (

        select
            id,
            premiere_session_id,
            centre_usinage_id,
            date_debut,
            jours_avec_pieces,
            pieces::integer as pieces,
            round(3600 * pieces / nullif(secondes_production, 0), 2) as cadence,
            temps_cycle_median::numeric(14, 2) as temps_cycle_median,
            duree_production_totale::numeric(14, 4) as duree_production_totale,
            (duree_production_totale - temps_attente_net - temps_arret_net)::numeric(14, 4) as temps_production_net,
            temps_attente_net::numeric(14, 4) as temps_attente_net,
            temps_arret_net::numeric(14, 4) as temps_arret_net,
            (100 - taux_attente_net - taux_arret_net)::numeric(18, 2) as taux_occupation_net,
            taux_attente_net::numeric(18, 2) as taux_attente_net,
            taux_arret_net::numeric(18, 2) as taux_arret_net,
            nombre_arrets,
            trim_scale(plus_long_arret) as plus_long_arret,
            nombre_attentes,
            trim_scale(plus_longue_attente) as plus_longue_attente,
            round(millimetres / 1000, 2) as metres_profil,
            date_precedente,
            {{ variation('pieces', 'pieces_precedentes') }} as variation_pieces,
            -- Of two quotients: one division is rounded less often than three.
            {{ variation(
                '(pieces * secondes_production_precedentes)', '(pieces_precedentes * secondes_production)'
            ) }} as variation_cadence
        from arrondis

    )
{%- endmacro %}
