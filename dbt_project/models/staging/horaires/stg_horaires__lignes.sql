-- The lines of the four files about working time: what their values say, and what is wrong with a line on its own. One row per line
-- that is not empty.

{% set valeurs = ['centre', 'jours', 'poste', 'debut', 'fin', 'du', 'au', 'valable_du', 'valable_au', 'motif', 'pieces_par_heure']
%}
{% set fichiers = ['postes', 'pauses', 'jours_fermes', 'cadences'] %}
{% set heure = "'^([01]?[0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$'" %}
{% set jour = "'^[0-9]{4}-[0-9]{2}-[0-9]{2}$'" %}

with centres as (

    select * from {{ ref('centres') }}

),

postes as (

    select * from {{ ref('postes') }}

),

pauses as (

    select * from {{ ref('pauses') }}

),

jours_fermes as (

    select * from {{ ref('jours_fermes') }}

),

cadences as (

    select * from {{ ref('cadences') }}

),

-- Line 1 is the header. A seed is written in the order of its file, and so small a table is read as it was written; the rows of a
-- unit test have no `ctid` to sort by.
numerotees as (

    {% for fichier in fichiers %}
        select
            '{{ fichier }}' as fichier,
            (1 + row_number() over ())::integer as ligne,
            to_jsonb({{ fichier }}) as valeurs
        from {{ fichier }}
        {{ 'union all' if not loop.last }}
    {% endfor %}

),

remplies as (

    select
        fichier,
        ligne,
    {% for valeur in valeurs %}
        nullif(btrim(valeurs ->> '{{ valeur }}', {{ blancs() }}), '') as {{ valeur }}{{ ',' if not loop.last }}
    {% endfor %}
    from numerotees

),

-- A closed day without an end is that day alone. For the messages, values are as they are written.
datees as (

    select
        fichier,
        ligne,
        centre,
        jours,
        poste,
        debut,
        fin,
        coalesce(du, valable_du) as valable_du,
        coalesce(au, du, valable_au) as valable_au,
        motif,
        pieces_par_heure,
        concat({{ valeurs | join(', ') }}) ~ '[\n\r]' as guillemet_ouvert
    from remplies
    where num_nonnulls({{ valeurs | join(', ') }}) > 0

),

noms as (

    select
        normalize(btrim(nom, {{ blancs() }}), nfc) as cle,
        min(nom) as nom
    from centres
    group by 1

),

-- A value that cannot be read is NULL here, like one that is missing; nothing is cast before it is known to be castable.
lues as (

    select
        lignes.*,
        noms.nom,
        case
            when lignes.jours is null then 1
            when lignes.jours ~ '^[1-7](-[1-7])?$' then left(lignes.jours, 1)::integer
        end as premier_jour,
        case
            when lignes.jours is null then 7
            when lignes.jours ~ '^[1-7](-[1-7])?$' then right(lignes.jours, 1)::integer
        end as dernier_jour,
        case when lignes.debut ~ {{ heure }} then lignes.debut::interval end as debute_a,
        case when lignes.fin ~ {{ heure }} or lignes.fin ~ '^24:00(:00)?$' then lignes.fin::interval end as finit_a,
        case
            when lignes.valable_du is null and lignes.fichier != 'jours_fermes' then '-infinity'
            when lignes.valable_du ~ {{ jour }} and pg_input_is_valid(lignes.valable_du, 'date') then lignes.valable_du::date
        end as premiere_date,
        case
            when lignes.valable_au is null then 'infinity'
            when lignes.valable_au ~ {{ jour }} and pg_input_is_valid(lignes.valable_au, 'date') then lignes.valable_au::date
        end as derniere_date,
        case
            when lignes.pieces_par_heure ~ '^[0-9]{1,6}([.,][0-9]{1,4})?$'
                then nullif(replace(lignes.pieces_par_heure, ',', '.')::numeric, 0)
        end as cadence
    from datees as lignes
    left join noms on normalize(lignes.centre, nfc) = noms.cle

),

-- Seen from midnight of its day, an end before the beginning is on the next day.
situees as (

    select
        *,
        finit_a + case when finit_a < debute_a then interval '24 hours' else interval '0' end as finit_apres
    from lues

),

lignes as (

    select
        fichier,
        ligne,
        coalesce(nom, centre) as centre,
        premier_jour,
        dernier_jour,
        poste,
        debute_a as debut,
        finit_apres as fin,
        premiere_date as valable_du,
        derniere_date as valable_au,
        motif,
        cadence as pieces_par_heure,
        -- When it holds: its dates, and the seconds of a week, twice, because a Sunday's night ends on a Monday.
        case when premiere_date <= derniere_date then daterange(premiere_date, derniere_date, '[]') end as validite,
        (
            select range_agg(numrange(86400 * jour + extract(epoch from debute_a), 86400 * jour + extract(epoch from finit_apres)))
            from generate_series(premier_jour, dernier_jour + 7) as jour
            where jour <= dernier_jour or jour >= premier_jour + 7
        ) as semaine,
        case
            when guillemet_ouvert
                then 'un guillemet (") n''est pas fermé sur sa ligne : le fermer, ou l''ôter'
            when centre is not null and nom is null
                then format('centre « %s » inconnu : écrire un nom de centres.csv, ou rien pour tous les centres', centre)
            when premier_jour is null or dernier_jour < premier_jour
                then format('jours « %s » illisibles : écrire un jour de 1 (lundi) à 7 (dimanche), ou une suite comme 1-5', jours)
            when fichier in ('postes', 'pauses') and debute_a is null
                then format('début « %s » illisible : écrire une heure comme 05:00', debut)
            when fichier in ('postes', 'pauses') and finit_a is null
                then format('fin « %s » illisible : écrire une heure comme 13:00, au plus tard 24:00', fin)
            when debute_a = finit_a
                then format('commence et finit à %s : un jour entier va de 00:00 à 24:00', debut)
            when finit_apres > finit_a and finit_apres - debute_a > interval '12 hours'
                then format('finit à %s avant de commencer à %s : ce qui passe minuit dure 12 heures au plus', fin, debut)
            when premiere_date is null
                then format('date « %s » illisible : écrire une date comme 2025-09-01', valable_du)
            when derniere_date is null
                then format('date « %s » illisible : écrire une date comme 2025-09-01', valable_au)
            when derniere_date < premiere_date
                then format('finit le %s avant de commencer le %s : changer une des deux dates', valable_au, valable_du)
            when fichier = 'postes' and poste is null
                then 'poste sans nom : écrire son nom, comme Matin'
            when fichier = 'jours_fermes' and motif is null
                then 'motif vide : écrire pourquoi le centre est fermé, comme Férié'
            when fichier = 'cadences' and cadence is null
                then format('pieces_par_heure « %s » illisible : écrire un nombre de 0.0001 à 999999, comme 42.5', pieces_par_heure)
        end as erreur
    from situees

)

select * from lignes
