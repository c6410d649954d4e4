-- The columns of a load or a build agree with one another. One row per load or build, with the rules it breaks.

{{ config(tags=['audit']) }}

with suivi as (

    select * from {{ ref('suivi_execution') }}

),

comptes as (

    select
        *,
        count(*) over (partition by id) as nb_memes
    from suivi

),

verifies as (

    select
        id,
        resultat,
        debut,
        fin,
        array_remove(array[
            case when id is null or nb_memes > 1 then 'identifiant unique' end,
            case when (type = 'chargement') is distinct from (source is not null) then 'un chargement a une source' end,
            case when resultat in ('en cours', 'ok', 'partiel', 'echec', 'interrompu') is not true then 'résultat connu' end,
            case when debut is null or fin < debut then 'la fin suit le début' end,
            case when resultat = 'en cours' and (fin is not null or erreur is not null) then 'en cours : ni fin ni erreur' end,
            case when resultat in ('ok', 'partiel', 'echec') and fin is null then 'fini : une fin' end,
            case when resultat = 'ok' and erreur is not null then 'ok : sans erreur' end,
            case when resultat in ('partiel', 'echec') and erreur is null then 'en échec : une erreur' end,
            case when taux_reussite not between 0 and 100 then 'taux de 0 à 100' end,
            case when memoire_max_mo <= 0 or nb_lignes < 0 or nb_modeles < 0 then 'comptes positifs' end
        ], null) as regles_enfreintes
    from comptes

)

select * from verifies
where cardinality(regles_enfreintes) > 0
