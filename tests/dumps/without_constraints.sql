--
-- PostgreSQL database dump
--

\restrict zheFZEan6G4NGarXU8qLMq61zUde9bbqp4gF0VQ0ZqlMZ6jtSp2i3CtTCG3ql2W

-- Dumped from database version 18.6
-- Dumped by pg_dump version 18.6

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET transaction_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- Name: historique; Type: SCHEMA; Schema: -; Owner: -
--

CREATE SCHEMA historique;


--
-- Name: intermediate; Type: SCHEMA; Schema: -; Owner: -
--

CREATE SCHEMA intermediate;


--
-- Name: marts; Type: SCHEMA; Schema: -; Owner: -
--

CREATE SCHEMA marts;


--
-- Name: raw; Type: SCHEMA; Schema: -; Owner: -
--

CREATE SCHEMA raw;


--
-- Name: seeds; Type: SCHEMA; Schema: -; Owner: -
--

CREATE SCHEMA seeds;


--
-- Name: staging; Type: SCHEMA; Schema: -; Owner: -
--

CREATE SCHEMA staging;


--
-- Name: verifications; Type: SCHEMA; Schema: -; Owner: -
--

CREATE SCHEMA verifications;


SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: commandes_volets_versions; Type: TABLE; Schema: historique; Owner: -
--

CREATE TABLE historique.commandes_volets_versions (
    id_commande character varying(32),
    numero_commande integer,
    extension text COLLATE pg_catalog."C",
    statut text COLLATE pg_catalog."C",
    affaire text COLLATE pg_catalog."C",
    date_modification timestamp without time zone,
    code_accessoire text COLLATE pg_catalog."C",
    description_accessoire text COLLATE pg_catalog."C",
    numero_operation text COLLATE pg_catalog."C",
    description_operation text COLLATE pg_catalog."C",
    date_synchronisation timestamp with time zone,
    dbt_scd_id text,
    dbt_updated_at timestamp with time zone,
    dbt_valid_from timestamp with time zone,
    dbt_valid_to timestamp with time zone
);


--
-- Name: dernier_chargement; Type: TABLE; Schema: historique; Owner: -
--

CREATE TABLE historique.dernier_chargement (
    une_seule_ligne boolean DEFAULT true,
    commence_le timestamp with time zone,
    CONSTRAINT dernier_chargement_une_seule_ligne_check CHECK (une_seule_ligne)
);


--
-- Name: revisions; Type: TABLE; Schema: historique; Owner: -
--

CREATE TABLE historique.revisions (
    id bigint NOT NULL,
    session_id uuid,
    dossier text,
    date_production date,
    colonne text,
    ancienne_valeur text,
    nouvelle_valeur text,
    cause text,
    fichiers text,
    execution_id bigint,
    charge_le timestamp with time zone,
    revisee_le timestamp with time zone
);


--
-- Name: revisions_id_seq; Type: SEQUENCE; Schema: historique; Owner: -
--

ALTER TABLE historique.revisions ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME historique.revisions_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: sessions_connues; Type: TABLE; Schema: historique; Owner: -
--

CREATE TABLE historique.sessions_connues (
    session_id uuid,
    dossier text,
    date_production date,
    chiffres jsonb,
    fichiers jsonb,
    debut_journee text,
    notee_le timestamp with time zone
);


--
-- Name: etat_construction; Type: TABLE; Schema: intermediate; Owner: -
--

CREATE TABLE intermediate.etat_construction (
    modele text,
    cle text,
    empreinte text
);


--
-- Name: session_production; Type: TABLE; Schema: marts; Owner: -
--

CREATE TABLE marts.session_production (
    id uuid,
    centre_usinage_id uuid,
    date_production date,
    heure_premiere_piece timestamp without time zone,
    heure_derniere_piece timestamp without time zone,
    heure_premier_machine_start timestamp without time zone,
    heure_dernier_machine_stop timestamp without time zone,
    total_pieces integer,
    duree_production_totale numeric(14,4),
    temps_attente numeric(14,4),
    temps_arret_volontaire numeric(14,4),
    temps_production_effectif numeric(14,4),
    taux_occupation numeric(18,2),
    taux_attente numeric(18,2),
    taux_arret_volontaire numeric(18,2),
    temps_attente_net numeric(14,4),
    temps_arret_net numeric(14,4),
    temps_production_net numeric(14,4),
    taux_occupation_net numeric(18,2),
    taux_attente_net numeric(18,2),
    taux_arret_net numeric(18,2),
    fichier_log_source text COLLATE pg_catalog."C"
);


--
-- Name: load_runs; Type: TABLE; Schema: raw; Owner: -
--

CREATE TABLE raw.load_runs (
    run_id bigint NOT NULL,
    source text,
    started_at timestamp with time zone DEFAULT clock_timestamp(),
    ended_at timestamp with time zone,
    outcome text DEFAULT 'running'::text,
    found integer,
    loaded integer,
    unchanged integer,
    failed integer,
    rows bigint,
    error text
);


--
-- Name: stg_chargements__executions; Type: VIEW; Schema: staging; Owner: -
--

CREATE VIEW staging.stg_chargements__executions AS
 WITH source AS (
         SELECT load_runs.run_id,
            load_runs.source,
            load_runs.started_at,
            load_runs.ended_at,
            load_runs.outcome,
            load_runs.found,
            load_runs.loaded,
            load_runs.unchanged,
            load_runs.failed,
            load_runs.rows,
            load_runs.error
           FROM raw.load_runs
        ), renomme AS (
         SELECT source.run_id AS execution_id,
            source.source,
            source.started_at AS commencee_le,
            source.ended_at AS finie_le,
            source.outcome AS resultat,
            source.found AS nb_trouves,
            source.loaded AS nb_charges,
            source.unchanged AS nb_inchanges,
            source.failed AS nb_echecs,
            source.rows AS nb_lignes,
            source.error AS erreur
           FROM source
        )
 SELECT execution_id,
    source,
    commencee_le,
    finie_le,
    resultat,
    nb_trouves,
    nb_charges,
    nb_inchanges,
    nb_echecs,
    nb_lignes,
    erreur
   FROM renomme;


--
-- Name: int_horloge; Type: VIEW; Schema: intermediate; Owner: -
--

CREATE VIEW intermediate.int_horloge AS
 WITH executions AS (
         SELECT stg_chargements__executions.execution_id,
            stg_chargements__executions.source,
            stg_chargements__executions.commencee_le,
            stg_chargements__executions.finie_le,
            stg_chargements__executions.resultat,
            stg_chargements__executions.nb_trouves,
            stg_chargements__executions.nb_charges,
            stg_chargements__executions.nb_inchanges,
            stg_chargements__executions.nb_echecs,
            stg_chargements__executions.nb_lignes,
            stg_chargements__executions.erreur
           FROM staging.stg_chargements__executions
        ), sessions AS (
         SELECT session_production.id,
            session_production.centre_usinage_id,
            session_production.date_production,
            session_production.heure_premiere_piece,
            session_production.heure_derniere_piece,
            session_production.heure_premier_machine_start,
            session_production.heure_dernier_machine_stop,
            session_production.total_pieces,
            session_production.duree_production_totale,
            session_production.temps_attente,
            session_production.temps_arret_volontaire,
            session_production.temps_production_effectif,
            session_production.taux_occupation,
            session_production.taux_attente,
            session_production.taux_arret_volontaire,
            session_production.temps_attente_net,
            session_production.temps_arret_net,
            session_production.temps_production_net,
            session_production.taux_occupation_net,
            session_production.taux_attente_net,
            session_production.taux_arret_net,
            session_production.fichier_log_source
           FROM marts.session_production
        ), maintenant AS (
         SELECT max(COALESCE(executions.finie_le, executions.commencee_le)) AS maintenant
           FROM executions
        ), bornes AS (
         SELECT maintenant.maintenant,
            (maintenant.maintenant AT TIME ZONE 'Europe/Paris'::text) AS maintenant_local,
            '2000-01-01'::date AS premiere_date,
            (((maintenant.maintenant AT TIME ZONE 'Europe/Paris'::text))::date + 1) AS derniere_date
           FROM maintenant
        ), horloge AS (
         SELECT bornes.maintenant,
            bornes.maintenant_local,
            bornes.premiere_date,
            bornes.derniere_date,
            max(sessions.date_production) AS aujourd_hui,
            (max(sessions.date_production) - 14) AS depuis
           FROM (bornes
             LEFT JOIN sessions ON (((sessions.date_production >= bornes.premiere_date) AND (sessions.date_production <= bornes.derniere_date))))
          GROUP BY bornes.maintenant, bornes.maintenant_local, bornes.premiere_date, bornes.derniere_date
        )
 SELECT maintenant,
    maintenant_local,
    premiere_date,
    derniere_date,
    aujourd_hui,
    depuis
   FROM horloge;


--
-- Name: int_alertes_chargements; Type: VIEW; Schema: intermediate; Owner: -
--

CREATE VIEW intermediate.int_alertes_chargements AS
 WITH horloge AS (
         SELECT int_horloge.maintenant,
            int_horloge.maintenant_local,
            int_horloge.premiere_date,
            int_horloge.derniere_date,
            int_horloge.aujourd_hui,
            int_horloge.depuis
           FROM intermediate.int_horloge
        ), executions AS (
         SELECT stg_chargements__executions.execution_id,
            stg_chargements__executions.source,
            stg_chargements__executions.commencee_le,
            stg_chargements__executions.finie_le,
            stg_chargements__executions.resultat,
            stg_chargements__executions.nb_trouves,
            stg_chargements__executions.nb_charges,
            stg_chargements__executions.nb_inchanges,
            stg_chargements__executions.nb_echecs,
            stg_chargements__executions.nb_lignes,
            stg_chargements__executions.erreur
           FROM staging.stg_chargements__executions
        ), sources AS (
         SELECT executions.source,
            min(executions.commencee_le) AS premiere,
            max(executions.execution_id) FILTER (WHERE (executions.resultat <> 'running'::text)) AS derniere_finie,
            max(executions.execution_id) FILTER (WHERE (executions.resultat = 'ok'::text)) AS derniere_entiere,
            max(executions.finie_le) FILTER (WHERE (executions.resultat = ANY (ARRAY['ok'::text, 'partial'::text]))) AS lue_le
           FROM executions
          GROUP BY executions.source
        ), agees AS (
         SELECT sources.source,
            sources.lue_le,
            COALESCE(sources.lue_le, sources.premiere) AS depuis,
            (EXTRACT(epoch FROM (horloge.maintenant - COALESCE(sources.lue_le, sources.premiere))) / (3600)::numeric) AS heures
           FROM (horloge
             CROSS JOIN sources)
        ), troubles AS (
         SELECT sources.source,
            derniere.erreur,
            derniere.nb_echecs,
            derniere.resultat,
            min(suivantes.execution_id) AS premiere_en_echec,
            min(suivantes.commencee_le) AS depuis,
            count(*) AS nb_executions
           FROM ((sources
             JOIN executions derniere ON (((sources.derniere_finie = derniere.execution_id) AND (derniere.resultat <> 'ok'::text))))
             JOIN executions suivantes ON (((sources.source = suivantes.source) AND (suivantes.execution_id > COALESCE(sources.derniere_entiere, (0)::bigint)) AND (suivantes.resultat <> 'running'::text))))
          GROUP BY sources.source, derniere.erreur, derniere.nb_echecs, derniere.resultat
        ), alertes AS (
         SELECT 'source_perimee'::text AS type,
            'critique'::text AS gravite,
            ((agees.source || '/'::text) || EXTRACT(epoch FROM agees.depuis)) AS cle,
            ((((((('La source '::text || agees.source) || ' n''a pas été lue depuis '::text) || replace((round(agees.heures, 0))::text, '.'::text, ','::text)) || ' heures (seuil : '::text) || replace((round((24)::numeric, 0))::text, '.'::text, ','::text)) || ' h)'::text) ||
                CASE
                    WHEN (agees.lue_le IS NULL) THEN ' : aucun chargement n''a jamais abouti.'::text
                    ELSE '.'::text
                END) AS message,
            round(agees.heures, 2) AS valeur,
            (24)::numeric AS seuil,
            (agees.depuis AT TIME ZONE 'Europe/Paris'::text) AS survenue_le
           FROM agees
          WHERE (agees.heures > (24)::numeric)
        UNION ALL
         SELECT 'chargement_en_echec'::text AS type,
            'avertissement'::text AS gravite,
            ((troubles.source || '/'::text) || troubles.premiere_en_echec) AS cle,
            ((((((('Le chargement de la source '::text || troubles.source) || ' n''a pas abouti en entier ('::text) || troubles.resultat) || '), '::text) || troubles.nb_executions) || ' fois de suite. Dernière erreur : '::text) || COALESCE("left"(split_part(troubles.erreur, '
'::text, 1), 200), 'exécution interrompue'::text)) AS message,
            (troubles.nb_executions)::numeric AS valeur,
            0 AS seuil,
            (troubles.depuis AT TIME ZONE 'Europe/Paris'::text) AS survenue_le
           FROM troubles
        )
 SELECT type,
    gravite,
    cle,
    message,
    valeur,
    seuil,
    survenue_le
   FROM alertes;


--
-- Name: int_erp_orphelines; Type: TABLE; Schema: intermediate; Owner: -
--

CREATE TABLE intermediate.int_erp_orphelines (
    nom_table text,
    nb_orphelines integer,
    nb_lignes integer
);


--
-- Name: commandes_volets; Type: TABLE; Schema: marts; Owner: -
--

CREATE TABLE marts.commandes_volets (
    id_commande character varying(32),
    numero_commande integer,
    extension text COLLATE pg_catalog."C",
    statut text COLLATE pg_catalog."C",
    affaire text COLLATE pg_catalog."C",
    date_modification timestamp without time zone,
    code_accessoire text COLLATE pg_catalog."C",
    description_accessoire text COLLATE pg_catalog."C",
    numero_operation text COLLATE pg_catalog."C",
    description_operation text COLLATE pg_catalog."C",
    date_synchronisation timestamp with time zone
);


--
-- Name: commandes_volets_operations; Type: TABLE; Schema: marts; Owner: -
--

CREATE TABLE marts.commandes_volets_operations (
    id uuid,
    id_commande character varying(32),
    numero_operation text COLLATE pg_catalog."C",
    description_operation text COLLATE pg_catalog."C"
);


--
-- Name: int_alertes_commandes; Type: VIEW; Schema: intermediate; Owner: -
--

CREATE VIEW intermediate.int_alertes_commandes AS
 WITH horloge AS (
         SELECT int_horloge.maintenant,
            int_horloge.maintenant_local,
            int_horloge.premiere_date,
            int_horloge.derniere_date,
            int_horloge.aujourd_hui,
            int_horloge.depuis
           FROM intermediate.int_horloge
        ), commandes AS (
         SELECT commandes_volets.id_commande,
            commandes_volets.numero_commande,
            commandes_volets.extension,
            commandes_volets.statut,
            commandes_volets.affaire,
            commandes_volets.date_modification,
            commandes_volets.code_accessoire,
            commandes_volets.description_accessoire,
            commandes_volets.numero_operation,
            commandes_volets.description_operation,
            commandes_volets.date_synchronisation
           FROM marts.commandes_volets
        ), operations AS (
         SELECT commandes_volets_operations.id,
            commandes_volets_operations.id_commande,
            commandes_volets_operations.numero_operation,
            commandes_volets_operations.description_operation
           FROM marts.commandes_volets_operations
        ), orphelines AS (
         SELECT int_erp_orphelines.nom_table,
            int_erp_orphelines.nb_orphelines,
            int_erp_orphelines.nb_lignes
           FROM intermediate.int_erp_orphelines
        ), planifiees AS (
         SELECT commandes.id_commande,
            commandes.numero_commande,
            commandes.extension,
            commandes.affaire,
            COALESCE(commandes.date_modification, (commandes.date_synchronisation AT TIME ZONE 'Europe/Paris'::text)) AS planifiee_le
           FROM (commandes
             LEFT JOIN operations ON (((commandes.id_commande)::text = (operations.id_commande)::text)))
          WHERE (operations.id IS NULL)
        ), derniere AS (
         SELECT horloge.premiere_date,
            horloge.derniere_date,
            max(commandes.date_modification) AS planifiee_le
           FROM (horloge
             JOIN commandes ON ((((commandes.date_modification)::date >= horloge.premiere_date) AND ((commandes.date_modification)::date <= horloge.derniere_date))))
          GROUP BY horloge.premiere_date, horloge.derniere_date
        ), sans_operation AS (
         SELECT planifiees.id_commande,
            planifiees.numero_commande,
            planifiees.extension,
            planifiees.affaire,
            planifiees.planifiee_le
           FROM (planifiees
             JOIN derniere ON (((planifiees.planifiee_le >= (derniere.planifiee_le - ((14)::double precision * '1 day'::interval))) AND ((planifiees.planifiee_le)::date <= derniere.derniere_date))))
        ), alertes AS (
         SELECT 'commande_sans_operation'::text AS type,
            'avertissement'::text AS gravite,
            'commande'::text AS sujet_type,
            sans_operation.id_commande AS cle,
            sans_operation.id_commande,
            ((((('La commande '::text || COALESCE(((sans_operation.numero_commande)::text || COALESCE((' '::text || sans_operation.extension), ''::text)), (sans_operation.id_commande)::text)) || COALESCE(((' ('::text || "left"(sans_operation.affaire, 100)) || ')'::text), ''::text)) || ', planifiée le '::text) || to_char(sans_operation.planifiee_le, 'DD/MM/YYYY'::text)) || ', n''a aucune opération.'::text) AS message,
            0 AS valeur,
            1 AS seuil,
            sans_operation.planifiee_le AS survenue_le
           FROM sans_operation
        UNION ALL
         SELECT 'lignes_orphelines'::text AS type,
            'information'::text AS gravite,
            'table'::text AS sujet_type,
            orphelines.nom_table AS cle,
            NULL::character varying AS id_commande,
            (((((('Lignes de '::text || orphelines.nom_table) || ' qui ne sont d''aucune commande de a_kopf : '::text) || orphelines.nb_orphelines) || ' sur '::text) || orphelines.nb_lignes) || '.'::text) AS message,
            (orphelines.nb_orphelines)::numeric AS valeur,
            0 AS seuil,
            NULL::timestamp without time zone AS survenue_le
           FROM orphelines
          WHERE (orphelines.nb_orphelines > 0)
        )
 SELECT type,
    gravite,
    sujet_type,
    cle,
    id_commande,
    message,
    valeur,
    seuil,
    survenue_le
   FROM alertes;


--
-- Name: int_fichiers_evenements; Type: TABLE; Schema: intermediate; Owner: -
--

CREATE TABLE intermediate.int_fichiers_evenements (
    fichier_id uuid,
    dossier text COLLATE pg_catalog."C",
    fichier text COLLATE pg_catalog."C",
    date_production date,
    evenement text COLLATE pg_catalog."C",
    premiere_fois timestamp without time zone,
    nb integer
);


--
-- Name: int_fichiers_jours; Type: TABLE; Schema: intermediate; Owner: -
--

CREATE TABLE intermediate.int_fichiers_jours (
    fichier_id uuid,
    dossier text COLLATE pg_catalog."C",
    fichier text COLLATE pg_catalog."C",
    empreinte text,
    date_production date,
    nb_lignes integer,
    nb_evenements integer,
    nb_rejets integer,
    session_id uuid
);


--
-- Name: centre_usinage; Type: TABLE; Schema: marts; Owner: -
--

CREATE TABLE marts.centre_usinage (
    id uuid,
    nom text,
    type_cu text,
    dossier text,
    description text,
    actif boolean
);


--
-- Name: suivi_chargement; Type: TABLE; Schema: marts; Owner: -
--

CREATE TABLE marts.suivi_chargement (
    dossier text COLLATE pg_catalog."C",
    fichier text COLLATE pg_catalog."C",
    taille_octets bigint,
    modifie_le timestamp with time zone,
    charge_le timestamp with time zone,
    nb_lignes integer,
    nb_evenements integer,
    nb_rejets integer,
    statut text
);


--
-- Name: int_alertes_fichiers; Type: VIEW; Schema: intermediate; Owner: -
--

CREATE VIEW intermediate.int_alertes_fichiers AS
 WITH horloge AS (
         SELECT int_horloge.maintenant,
            int_horloge.maintenant_local,
            int_horloge.premiere_date,
            int_horloge.derniere_date,
            int_horloge.aujourd_hui,
            int_horloge.depuis
           FROM intermediate.int_horloge
        ), centres AS (
         SELECT centre_usinage.id,
            centre_usinage.nom,
            centre_usinage.type_cu,
            centre_usinage.dossier,
            centre_usinage.description,
            centre_usinage.actif
           FROM marts.centre_usinage
        ), suivi AS (
         SELECT suivi_chargement.dossier,
            suivi_chargement.fichier,
            suivi_chargement.taille_octets,
            suivi_chargement.modifie_le,
            suivi_chargement.charge_le,
            suivi_chargement.nb_lignes,
            suivi_chargement.nb_evenements,
            suivi_chargement.nb_rejets,
            suivi_chargement.statut
           FROM marts.suivi_chargement
        ), fichiers_jours AS (
         SELECT int_fichiers_jours.fichier_id,
            int_fichiers_jours.dossier,
            int_fichiers_jours.fichier,
            int_fichiers_jours.empreinte,
            int_fichiers_jours.date_production,
            int_fichiers_jours.nb_lignes,
            int_fichiers_jours.nb_evenements,
            int_fichiers_jours.nb_rejets,
            int_fichiers_jours.session_id
           FROM intermediate.int_fichiers_jours
        ), fichiers_evenements AS (
         SELECT int_fichiers_evenements.fichier_id,
            int_fichiers_evenements.dossier,
            int_fichiers_evenements.fichier,
            int_fichiers_evenements.date_production,
            int_fichiers_evenements.evenement,
            int_fichiers_evenements.premiere_fois,
            int_fichiers_evenements.nb
           FROM intermediate.int_fichiers_evenements
        ), sessions AS (
         SELECT session_production.id,
            session_production.centre_usinage_id,
            session_production.date_production,
            session_production.heure_premiere_piece,
            session_production.heure_derniere_piece,
            session_production.heure_premier_machine_start,
            session_production.heure_dernier_machine_stop,
            session_production.total_pieces,
            session_production.duree_production_totale,
            session_production.temps_attente,
            session_production.temps_arret_volontaire,
            session_production.temps_production_effectif,
            session_production.taux_occupation,
            session_production.taux_attente,
            session_production.taux_arret_volontaire,
            session_production.temps_attente_net,
            session_production.temps_arret_net,
            session_production.temps_production_net,
            session_production.taux_occupation_net,
            session_production.taux_attente_net,
            session_production.taux_arret_net,
            session_production.fichier_log_source
           FROM marts.session_production
        ), rejetes AS (
         SELECT centres.nom AS centre,
            suivi.dossier,
            suivi.fichier,
            suivi.nb_rejets,
            suivi.nb_lignes,
            suivi.charge_le,
            GREATEST((0.1 * (suivi.nb_lignes)::numeric), (10)::numeric) AS seuil,
            jours.date_production
           FROM (((horloge
             CROSS JOIN suivi)
             JOIN centres ON (((suivi.dossier = centres.dossier) AND centres.actif)))
             JOIN LATERAL ( SELECT max(fichiers_jours.date_production) AS date_production
                   FROM fichiers_jours
                  WHERE ((fichiers_jours.fichier_id = (md5(((suivi.dossier || '/'::text) || suivi.fichier)))::uuid) AND ((fichiers_jours.date_production >= horloge.premiere_date) AND (fichiers_jours.date_production <= horloge.derniere_date)))) jours ON (true))
          WHERE (((suivi.nb_rejets)::numeric > GREATEST((0.1 * (suivi.nb_lignes)::numeric), (10)::numeric)) AND COALESCE((jours.date_production >= horloge.depuis), (suivi.charge_le > (horloge.maintenant - ((14)::double precision * '1 day'::interval)))))
        ), inconnus AS (
         SELECT suivi.dossier,
            count(*) AS nb_fichiers,
            sum(suivi.nb_evenements) AS nb_evenements,
            min(suivi.charge_le) AS charge_le
           FROM suivi
          WHERE (suivi.statut = 'dossier inconnu'::text)
          GROUP BY suivi.dossier
        ), premieres_fois AS (
         SELECT DISTINCT ON (fichiers_evenements.evenement) centres.nom AS centre,
            centres.actif,
            fichiers_evenements.fichier_id,
            fichiers_evenements.dossier,
            fichiers_evenements.fichier,
            fichiers_evenements.date_production,
            fichiers_evenements.evenement,
            fichiers_evenements.premiere_fois,
            fichiers_evenements.nb
           FROM ((horloge
             JOIN fichiers_evenements ON (((fichiers_evenements.date_production >= horloge.premiere_date) AND (fichiers_evenements.date_production <= horloge.derniere_date))))
             JOIN centres ON ((fichiers_evenements.dossier = centres.dossier)))
          ORDER BY fichiers_evenements.evenement, fichiers_evenements.date_production, fichiers_evenements.premiere_fois, (fichiers_evenements.dossier COLLATE "C"), (fichiers_evenements.fichier COLLATE "C")
        ), inedits AS (
         SELECT premieres_fois.centre,
            premieres_fois.actif,
            premieres_fois.fichier_id,
            premieres_fois.dossier,
            premieres_fois.fichier,
            premieres_fois.date_production,
            premieres_fois.evenement,
            premieres_fois.premiere_fois,
            premieres_fois.nb,
            passe.nb_jours
           FROM ((horloge
             JOIN premieres_fois ON ((premieres_fois.actif AND (horloge.depuis <= premieres_fois.date_production))))
             JOIN LATERAL ( SELECT count(DISTINCT sessions.date_production) AS nb_jours
                   FROM sessions
                  WHERE ((sessions.date_production >= horloge.premiere_date) AND (sessions.date_production < premieres_fois.date_production))) passe ON (true))
          WHERE (passe.nb_jours >= 8)
        ), alertes AS (
         SELECT 'rejets_nombreux'::text AS type,
            'avertissement'::text AS gravite,
            'fichier'::text AS sujet_type,
            ((rejetes.dossier || '/'::text) || rejetes.fichier) AS cle,
            rejetes.centre,
            rejetes.dossier,
            rejetes.date_production,
            rejetes.fichier,
            (((((((((rejetes.dossier || '/'::text) || rejetes.fichier) || ' : '::text) || rejetes.nb_rejets) || ' lignes rejetées sur '::text) || rejetes.nb_lignes) || ' (seuil : '::text) || replace((round(rejetes.seuil, 0))::text, '.'::text, ','::text)) || '). Les motifs sont dans lignes_rejetees.'::text) AS message,
            (rejetes.nb_rejets)::numeric AS valeur,
            rejetes.seuil,
            COALESCE((rejetes.date_production)::timestamp without time zone, (rejetes.charge_le AT TIME ZONE 'Europe/Paris'::text)) AS survenue_le
           FROM rejetes
        UNION ALL
         SELECT 'dossier_inconnu'::text AS type,
            'avertissement'::text AS gravite,
            'dossier'::text AS sujet_type,
            inconnus.dossier AS cle,
            NULL::text AS centre,
            inconnus.dossier,
            NULL::date AS date_production,
            NULL::text AS fichier,
            (((((('Le dossier '::text || inconnus.dossier) || ' n''est déclaré par aucun centre (fichiers : '::text) || inconnus.nb_fichiers) || ', événements : '::text) || inconnus.nb_evenements) || ', dans aucune session). À ajouter au seed centres.'::text) AS message,
            (inconnus.nb_fichiers)::numeric AS valeur,
            0 AS seuil,
            (inconnus.charge_le AT TIME ZONE 'Europe/Paris'::text) AS survenue_le
           FROM inconnus
        UNION ALL
         SELECT 'evenement_inedit'::text AS type,
            'information'::text AS gravite,
            'fichier'::text AS sujet_type,
            inedits.evenement AS cle,
            inedits.centre,
            inedits.dossier,
            inedits.date_production,
            inedits.fichier,
            (((((((((((inedits.centre || ', '::text) || to_char((inedits.date_production)::timestamp with time zone, 'DD/MM/YYYY'::text)) || ' : l''événement « '::text) || "left"(inedits.evenement, 100)) || ' », '::text) || inedits.nb) || ' fois dans '::text) || inedits.fichier) || ', n''avait jamais été vu en '::text) || inedits.nb_jours) || ' journées.'::text) AS message,
            (inedits.nb)::numeric AS valeur,
            0 AS seuil,
            inedits.premiere_fois AS survenue_le
           FROM inedits
        )
 SELECT type,
    gravite,
    sujet_type,
    cle,
    centre,
    dossier,
    date_production,
    fichier,
    message,
    valeur,
    seuil,
    survenue_le
   FROM alertes;


--
-- Name: int_sessions_surveillees; Type: VIEW; Schema: intermediate; Owner: -
--

CREATE VIEW intermediate.int_sessions_surveillees AS
 WITH horloge AS (
         SELECT int_horloge.maintenant,
            int_horloge.maintenant_local,
            int_horloge.premiere_date,
            int_horloge.derniere_date,
            int_horloge.aujourd_hui,
            int_horloge.depuis
           FROM intermediate.int_horloge
        ), centres AS (
         SELECT centre_usinage.id,
            centre_usinage.nom,
            centre_usinage.type_cu,
            centre_usinage.dossier,
            centre_usinage.description,
            centre_usinage.actif
           FROM marts.centre_usinage
          WHERE centre_usinage.actif
        ), toutes_sessions AS (
         SELECT session_production.id,
            session_production.centre_usinage_id,
            session_production.date_production,
            session_production.heure_premiere_piece,
            session_production.heure_derniere_piece,
            session_production.heure_premier_machine_start,
            session_production.heure_dernier_machine_stop,
            session_production.total_pieces,
            session_production.duree_production_totale,
            session_production.temps_attente,
            session_production.temps_arret_volontaire,
            session_production.temps_production_effectif,
            session_production.taux_occupation,
            session_production.taux_attente,
            session_production.taux_arret_volontaire,
            session_production.temps_attente_net,
            session_production.temps_arret_net,
            session_production.temps_production_net,
            session_production.taux_occupation_net,
            session_production.taux_attente_net,
            session_production.taux_arret_net,
            session_production.fichier_log_source
           FROM marts.session_production
        ), sessions AS (
         SELECT centres.nom AS centre,
            centres.dossier,
            sessions_1.id,
            sessions_1.centre_usinage_id,
            sessions_1.date_production,
            sessions_1.heure_premiere_piece,
            sessions_1.heure_derniere_piece,
            sessions_1.heure_premier_machine_start,
            sessions_1.heure_dernier_machine_stop,
            sessions_1.total_pieces,
            sessions_1.taux_occupation,
            sessions_1.taux_attente,
            sessions_1.taux_arret_volontaire,
            sessions_1.taux_occupation_net
           FROM ((horloge
             CROSS JOIN centres)
             JOIN LATERAL ( SELECT toutes_sessions.id,
                    toutes_sessions.centre_usinage_id,
                    toutes_sessions.date_production,
                    toutes_sessions.heure_premiere_piece,
                    toutes_sessions.heure_derniere_piece,
                    toutes_sessions.heure_premier_machine_start,
                    toutes_sessions.heure_dernier_machine_stop,
                    toutes_sessions.total_pieces,
                    toutes_sessions.duree_production_totale,
                    toutes_sessions.temps_attente,
                    toutes_sessions.temps_arret_volontaire,
                    toutes_sessions.temps_production_effectif,
                    toutes_sessions.taux_occupation,
                    toutes_sessions.taux_attente,
                    toutes_sessions.taux_arret_volontaire,
                    toutes_sessions.temps_attente_net,
                    toutes_sessions.temps_arret_net,
                    toutes_sessions.temps_production_net,
                    toutes_sessions.taux_occupation_net,
                    toutes_sessions.taux_attente_net,
                    toutes_sessions.taux_arret_net,
                    toutes_sessions.fichier_log_source
                   FROM toutes_sessions
                  WHERE ((toutes_sessions.centre_usinage_id = centres.id) AND ((toutes_sessions.date_production >= horloge.depuis) AND (toutes_sessions.date_production <= horloge.aujourd_hui)))
                 LIMIT ALL) sessions_1 ON (true))
        )
 SELECT centre,
    dossier,
    id,
    centre_usinage_id,
    date_production,
    heure_premiere_piece,
    heure_derniere_piece,
    heure_premier_machine_start,
    heure_dernier_machine_stop,
    total_pieces,
    taux_occupation,
    taux_attente,
    taux_arret_volontaire,
    taux_occupation_net
   FROM sessions;


--
-- Name: periode_arret; Type: TABLE; Schema: marts; Owner: -
--

CREATE TABLE marts.periode_arret (
    id uuid,
    session_id uuid,
    timestamp_debut timestamp without time zone,
    timestamp_fin timestamp without time zone,
    duree_secondes numeric
);


--
-- Name: periode_attente; Type: TABLE; Schema: marts; Owner: -
--

CREATE TABLE marts.periode_attente (
    id uuid,
    session_id uuid,
    timestamp_debut timestamp without time zone,
    timestamp_fin timestamp without time zone,
    duree_secondes numeric
);


--
-- Name: int_alertes_periodes; Type: VIEW; Schema: intermediate; Owner: -
--

CREATE VIEW intermediate.int_alertes_periodes AS
 WITH sessions AS (
         SELECT int_sessions_surveillees.centre,
            int_sessions_surveillees.dossier,
            int_sessions_surveillees.id,
            int_sessions_surveillees.centre_usinage_id,
            int_sessions_surveillees.date_production,
            int_sessions_surveillees.heure_premiere_piece,
            int_sessions_surveillees.heure_derniere_piece,
            int_sessions_surveillees.heure_premier_machine_start,
            int_sessions_surveillees.heure_dernier_machine_stop,
            int_sessions_surveillees.total_pieces,
            int_sessions_surveillees.taux_occupation,
            int_sessions_surveillees.taux_attente,
            int_sessions_surveillees.taux_arret_volontaire,
            int_sessions_surveillees.taux_occupation_net
           FROM intermediate.int_sessions_surveillees
        ), tous_arrets AS (
         SELECT periode_arret.id,
            periode_arret.session_id,
            periode_arret.timestamp_debut,
            periode_arret.timestamp_fin,
            periode_arret.duree_secondes
           FROM marts.periode_arret
        ), toutes_attentes AS (
         SELECT periode_attente.id,
            periode_attente.session_id,
            periode_attente.timestamp_debut,
            periode_attente.timestamp_fin,
            periode_attente.duree_secondes
           FROM marts.periode_attente
        ), longues AS (
         SELECT sessions.centre,
            sessions.dossier,
            sessions.date_production,
            'arret_long'::text AS type,
            'arrêt volontaire'::text AS nom,
            periodes.timestamp_debut,
            periodes.duree_secondes,
            (120)::numeric AS seuil
           FROM (sessions
             JOIN LATERAL ( SELECT tous_arrets.id,
                    tous_arrets.session_id,
                    tous_arrets.timestamp_debut,
                    tous_arrets.timestamp_fin,
                    tous_arrets.duree_secondes
                   FROM tous_arrets
                  WHERE (tous_arrets.session_id = sessions.id)
                 LIMIT ALL) periodes ON (true))
          WHERE (periodes.duree_secondes > ((60 * 120))::numeric)
        UNION ALL
         SELECT sessions.centre,
            sessions.dossier,
            sessions.date_production,
            'attente_longue'::text AS type,
            'attente'::text AS nom,
            periodes.timestamp_debut,
            periodes.duree_secondes,
            (30)::numeric AS seuil
           FROM (sessions
             JOIN LATERAL ( SELECT toutes_attentes.id,
                    toutes_attentes.session_id,
                    toutes_attentes.timestamp_debut,
                    toutes_attentes.timestamp_fin,
                    toutes_attentes.duree_secondes
                   FROM toutes_attentes
                  WHERE (toutes_attentes.session_id = sessions.id)
                 LIMIT ALL) periodes ON (true))
          WHERE (periodes.duree_secondes > ((60 * 30))::numeric)
        ), distinctes AS (
         SELECT DISTINCT ON (longues.dossier, longues.date_production, longues.type, longues.timestamp_debut) longues.centre,
            longues.dossier,
            longues.date_production,
            longues.type,
            longues.nom,
            longues.timestamp_debut,
            longues.duree_secondes,
            longues.seuil
           FROM longues
          ORDER BY longues.dossier, longues.date_production, longues.type, longues.timestamp_debut, longues.duree_secondes DESC
        ), alertes AS (
         SELECT distinctes.type,
            'avertissement'::text AS gravite,
            ((((distinctes.dossier || '/'::text) || to_char(distinctes.timestamp_debut, 'YYYY-MM-DD HH24:MI:SS'::text)) || '/'::text) || distinctes.date_production) AS cle,
            distinctes.centre,
            distinctes.dossier,
            distinctes.date_production,
            (((((((((((distinctes.centre || ', '::text) || to_char(distinctes.timestamp_debut, 'DD/MM/YYYY'::text)) || ' : '::text) || distinctes.nom) || ' de '::text) || replace((round((distinctes.duree_secondes / (60)::numeric), 0))::text, '.'::text, ','::text)) || ' minutes à partir de '::text) || to_char(distinctes.timestamp_debut, 'HH24:MI'::text)) || ' (seuil : '::text) || replace((round(distinctes.seuil, 0))::text, '.'::text, ','::text)) || ' min).'::text) AS message,
            round((distinctes.duree_secondes / (60)::numeric), 2) AS valeur,
            distinctes.seuil,
            distinctes.timestamp_debut AS survenue_le
           FROM distinctes
        )
 SELECT type,
    gravite,
    cle,
    centre,
    dossier,
    date_production,
    message,
    valeur,
    seuil,
    survenue_le
   FROM alertes;


--
-- Name: int_alertes_sessions; Type: VIEW; Schema: intermediate; Owner: -
--

CREATE VIEW intermediate.int_alertes_sessions AS
 WITH horloge AS (
         SELECT int_horloge.maintenant,
            int_horloge.maintenant_local,
            int_horloge.premiere_date,
            int_horloge.derniere_date,
            int_horloge.aujourd_hui,
            int_horloge.depuis
           FROM intermediate.int_horloge
        ), centres AS (
         SELECT centre_usinage.id,
            centre_usinage.nom,
            centre_usinage.type_cu,
            centre_usinage.dossier,
            centre_usinage.description,
            centre_usinage.actif
           FROM marts.centre_usinage
          WHERE centre_usinage.actif
        ), toutes_sessions AS (
         SELECT session_production.id,
            session_production.centre_usinage_id,
            session_production.date_production,
            session_production.heure_premiere_piece,
            session_production.heure_derniere_piece,
            session_production.heure_premier_machine_start,
            session_production.heure_dernier_machine_stop,
            session_production.total_pieces,
            session_production.duree_production_totale,
            session_production.temps_attente,
            session_production.temps_arret_volontaire,
            session_production.temps_production_effectif,
            session_production.taux_occupation,
            session_production.taux_attente,
            session_production.taux_arret_volontaire,
            session_production.temps_attente_net,
            session_production.temps_arret_net,
            session_production.temps_production_net,
            session_production.taux_occupation_net,
            session_production.taux_attente_net,
            session_production.taux_arret_net,
            session_production.fichier_log_source
           FROM marts.session_production
        ), sessions AS (
         SELECT int_sessions_surveillees.centre,
            int_sessions_surveillees.dossier,
            int_sessions_surveillees.id,
            int_sessions_surveillees.centre_usinage_id,
            int_sessions_surveillees.date_production,
            int_sessions_surveillees.heure_premiere_piece,
            int_sessions_surveillees.heure_derniere_piece,
            int_sessions_surveillees.heure_premier_machine_start,
            int_sessions_surveillees.heure_dernier_machine_stop,
            int_sessions_surveillees.total_pieces,
            int_sessions_surveillees.taux_occupation,
            int_sessions_surveillees.taux_attente,
            int_sessions_surveillees.taux_arret_volontaire,
            int_sessions_surveillees.taux_occupation_net
           FROM intermediate.int_sessions_surveillees
        ), taux AS (
         SELECT sessions.centre,
            sessions.dossier,
            sessions.date_production,
            taux.colonne,
            taux.valeur,
                CASE
                    WHEN (taux.valeur < (0)::numeric) THEN 0
                    ELSE 100
                END AS seuil
           FROM (sessions
             JOIN LATERAL ( VALUES ('taux_occupation'::text,sessions.taux_occupation), ('taux_attente'::text,sessions.taux_attente), ('taux_arret_volontaire'::text,sessions.taux_arret_volontaire)) taux(colonne, valeur) ON (true))
          WHERE ((taux.valeur < (0)::numeric) OR (taux.valeur > (100)::numeric))
        ), references_sessions AS (
         SELECT sessions.id,
            precedentes.total_pieces,
            precedentes.taux_occupation_net
           FROM ((horloge
             JOIN sessions ON ((horloge.aujourd_hui > sessions.date_production)))
             JOIN LATERAL ( SELECT toutes_sessions.id,
                    toutes_sessions.centre_usinage_id,
                    toutes_sessions.date_production,
                    toutes_sessions.heure_premiere_piece,
                    toutes_sessions.heure_derniere_piece,
                    toutes_sessions.heure_premier_machine_start,
                    toutes_sessions.heure_dernier_machine_stop,
                    toutes_sessions.total_pieces,
                    toutes_sessions.duree_production_totale,
                    toutes_sessions.temps_attente,
                    toutes_sessions.temps_arret_volontaire,
                    toutes_sessions.temps_production_effectif,
                    toutes_sessions.taux_occupation,
                    toutes_sessions.taux_attente,
                    toutes_sessions.taux_arret_volontaire,
                    toutes_sessions.temps_attente_net,
                    toutes_sessions.temps_arret_net,
                    toutes_sessions.temps_production_net,
                    toutes_sessions.taux_occupation_net,
                    toutes_sessions.taux_attente_net,
                    toutes_sessions.taux_arret_net,
                    toutes_sessions.fichier_log_source
                   FROM toutes_sessions
                  WHERE ((toutes_sessions.centre_usinage_id = sessions.centre_usinage_id) AND (toutes_sessions.date_production < sessions.date_production) AND (toutes_sessions.date_production >= horloge.premiere_date) AND (toutes_sessions.total_pieces > 0) AND (((EXTRACT(isodow FROM toutes_sessions.date_production))::text = ANY ('{1,2,3,4,5}'::text[])) = ((EXTRACT(isodow FROM sessions.date_production))::text = ANY ('{1,2,3,4,5}'::text[]))))
                  ORDER BY toutes_sessions.date_production DESC
                 LIMIT 20) precedentes ON (true))
        ), references_mesures AS (
         SELECT references_sessions.id,
            'pieces'::text AS mesure,
            (references_sessions.total_pieces)::numeric AS valeur
           FROM references_sessions
        UNION ALL
         SELECT references_sessions.id,
            'occupation'::text AS mesure,
            references_sessions.taux_occupation_net AS valeur
           FROM references_sessions
          WHERE (references_sessions.taux_occupation_net IS NOT NULL)
        ), medianes AS (
         SELECT references_mesures.id,
            references_mesures.mesure,
            count(*) AS nb_sessions,
            (percentile_cont((0.5)::double precision) WITHIN GROUP (ORDER BY ((references_mesures.valeur)::double precision)))::numeric AS mediane
           FROM references_mesures
          GROUP BY references_mesures.id, references_mesures.mesure
         HAVING (count(*) >= 8)
        ), dispersions AS (
         SELECT medianes.id,
            medianes.mesure,
            medianes.nb_sessions,
            medianes.mediane,
            ((4)::numeric * GREATEST((1.4826 * (percentile_cont((0.5)::double precision) WITHIN GROUP (ORDER BY ((abs((references_mesures.valeur - medianes.mediane)))::double precision)))::numeric), (0.05 * medianes.mediane))) AS ecart_permis
           FROM (medianes
             JOIN references_mesures ON (((medianes.id = references_mesures.id) AND (medianes.mesure = references_mesures.mesure))))
          GROUP BY medianes.id, medianes.mesure, medianes.nb_sessions, medianes.mediane
        ), inhabituelles AS (
         SELECT sessions.centre,
            sessions.dossier,
            sessions.date_production,
            dispersions.mesure,
            dispersions.nb_sessions,
            dispersions.mediane,
            mesures.valeur,
            round((dispersions.mediane + ((
                CASE
                    WHEN (mesures.valeur < dispersions.mediane) THEN '-1'::integer
                    ELSE 1
                END)::numeric * dispersions.ecart_permis)), 2) AS seuil
           FROM ((dispersions
             JOIN sessions ON ((dispersions.id = sessions.id)))
             JOIN LATERAL ( SELECT
                        CASE dispersions.mesure
                            WHEN 'pieces'::text THEN (sessions.total_pieces)::numeric
                            ELSE sessions.taux_occupation_net
                        END AS valeur) mesures ON (true))
          WHERE (abs((mesures.valeur - dispersions.mediane)) > dispersions.ecart_permis)
        ), impossibles AS (
         SELECT centres.nom AS centre,
            centres.dossier,
            sessions.date_production
           FROM ((horloge
             CROSS JOIN centres)
             JOIN toutes_sessions sessions ON ((centres.id = sessions.centre_usinage_id)))
          WHERE ((sessions.date_production < horloge.premiere_date) OR (sessions.date_production > horloge.derniere_date))
        ), alertes AS (
         SELECT 'taux_hors_bornes'::text AS type,
            'information'::text AS gravite,
            ((((taux.dossier || '/'::text) || taux.date_production) || '/'::text) || taux.colonne) AS cle,
            taux.centre,
            taux.dossier,
            taux.date_production,
            (((((((taux.centre || ', '::text) || to_char((taux.date_production)::timestamp with time zone, 'DD/MM/YYYY'::text)) || ' : '::text) || taux.colonne) || ' (définition historique) vaut '::text) || replace((round(taux.valeur, 2))::text, '.'::text, ','::text)) || ' %, hors de 0 à 100 : des attentes ou des arrêts se recouvrent ou débordent.'::text) AS message,
            taux.valeur,
            (taux.seuil)::numeric AS seuil,
            (taux.date_production)::timestamp without time zone AS survenue_le
           FROM taux
        UNION ALL
         SELECT
                CASE inhabituelles.mesure
                    WHEN 'pieces'::text THEN 'pieces_inhabituelles'::text
                    ELSE 'occupation_inhabituelle'::text
                END AS type,
            'avertissement'::text AS gravite,
            ((inhabituelles.dossier || '/'::text) || inhabituelles.date_production) AS cle,
            inhabituelles.centre,
            inhabituelles.dossier,
            inhabituelles.date_production,
            (((((((((inhabituelles.centre || ', '::text) || to_char((inhabituelles.date_production)::timestamp with time zone, 'DD/MM/YYYY'::text)) || ' : '::text) ||
                CASE inhabituelles.mesure
                    WHEN 'pieces'::text THEN ((replace((round(inhabituelles.valeur, 0))::text, '.'::text, ','::text) || ' pièces, d''habitude '::text) || replace((round(inhabituelles.mediane, 0))::text, '.'::text, ','::text))
                    ELSE (((('occupation nette de '::text || replace((round(inhabituelles.valeur, 1))::text, '.'::text, ','::text)) || ' %, d''habitude '::text) || replace((round(inhabituelles.mediane, 1))::text, '.'::text, ','::text)) || ' %'::text)
                END) || ' (médiane des '::text) || inhabituelles.nb_sessions) || ' sessions précédentes ; limite : '::text) || replace((round(inhabituelles.seuil, 1))::text, '.'::text, ','::text)) || ').'::text) AS message,
            inhabituelles.valeur,
            inhabituelles.seuil,
            (inhabituelles.date_production)::timestamp without time zone AS survenue_le
           FROM inhabituelles
        UNION ALL
         SELECT 'date_impossible'::text AS type,
            'avertissement'::text AS gravite,
            ((impossibles.dossier || '/'::text) || impossibles.date_production) AS cle,
            impossibles.centre,
            impossibles.dossier,
            impossibles.date_production,
            (((impossibles.centre || ' a une session du '::text) || to_char((impossibles.date_production)::timestamp with time zone, 'DD/MM/YYYY'::text)) || ' : l''horloge de la machine est fausse, ou un fichier abîmé. Elle ne compte dans aucune comparaison.'::text) AS message,
            EXTRACT(year FROM impossibles.date_production) AS valeur,
            EXTRACT(year FROM
                CASE
                    WHEN (impossibles.date_production < horloge.premiere_date) THEN horloge.premiere_date
                    ELSE horloge.derniere_date
                END) AS seuil,
            (impossibles.date_production)::timestamp without time zone AS survenue_le
           FROM (impossibles
             CROSS JOIN horloge)
        )
 SELECT type,
    gravite,
    cle,
    centre,
    dossier,
    date_production,
    message,
    valeur,
    seuil,
    survenue_le
   FROM alertes;


--
-- Name: int_alertes_silences; Type: VIEW; Schema: intermediate; Owner: -
--

CREATE VIEW intermediate.int_alertes_silences AS
 WITH horloge AS (
         SELECT int_horloge.maintenant,
            int_horloge.maintenant_local,
            int_horloge.premiere_date,
            int_horloge.derniere_date,
            int_horloge.aujourd_hui,
            int_horloge.depuis
           FROM intermediate.int_horloge
        ), centres AS (
         SELECT centre_usinage.id,
            centre_usinage.nom,
            centre_usinage.type_cu,
            centre_usinage.dossier,
            centre_usinage.description,
            centre_usinage.actif
           FROM marts.centre_usinage
          WHERE centre_usinage.actif
        ), toutes_sessions AS (
         SELECT session_production.id,
            session_production.centre_usinage_id,
            session_production.date_production,
            session_production.heure_premiere_piece,
            session_production.heure_derniere_piece,
            session_production.heure_premier_machine_start,
            session_production.heure_dernier_machine_stop,
            session_production.total_pieces,
            session_production.duree_production_totale,
            session_production.temps_attente,
            session_production.temps_arret_volontaire,
            session_production.temps_production_effectif,
            session_production.taux_occupation,
            session_production.taux_attente,
            session_production.taux_arret_volontaire,
            session_production.temps_attente_net,
            session_production.temps_arret_net,
            session_production.temps_production_net,
            session_production.taux_occupation_net,
            session_production.taux_attente_net,
            session_production.taux_arret_net,
            session_production.fichier_log_source
           FROM marts.session_production
        ), sessions AS (
         SELECT int_sessions_surveillees.centre,
            int_sessions_surveillees.dossier,
            int_sessions_surveillees.id,
            int_sessions_surveillees.centre_usinage_id,
            int_sessions_surveillees.date_production,
            int_sessions_surveillees.heure_premiere_piece,
            int_sessions_surveillees.heure_derniere_piece,
            int_sessions_surveillees.heure_premier_machine_start,
            int_sessions_surveillees.heure_dernier_machine_stop,
            int_sessions_surveillees.total_pieces,
            int_sessions_surveillees.taux_occupation,
            int_sessions_surveillees.taux_attente,
            int_sessions_surveillees.taux_arret_volontaire,
            int_sessions_surveillees.taux_occupation_net
           FROM intermediate.int_sessions_surveillees
        ), toutes_attentes AS (
         SELECT periode_attente.id,
            periode_attente.session_id,
            periode_attente.timestamp_debut,
            periode_attente.timestamp_fin,
            periode_attente.duree_secondes
           FROM marts.periode_attente
        ), signes AS (
         SELECT sessions.centre_usinage_id,
            sessions.date_production,
            LEAST(sessions.heure_premiere_piece, sessions.heure_premier_machine_start, attentes.debut) AS premier,
            GREATEST(sessions.heure_derniere_piece, sessions.heure_dernier_machine_stop, attentes.fin) AS dernier
           FROM (sessions
             JOIN LATERAL ( SELECT min(toutes_attentes.timestamp_debut) AS debut,
                    max(toutes_attentes.timestamp_fin) AS fin
                   FROM toutes_attentes
                  WHERE (toutes_attentes.session_id = sessions.id)) attentes ON (true))
          WHERE ((EXTRACT(isodow FROM sessions.date_production))::text = ANY ('{1,2,3,4,5}'::text[]))
        ), debuts AS (
         SELECT toutes_sessions.centre_usinage_id,
            min(toutes_sessions.date_production) AS date_production
           FROM (toutes_sessions
             JOIN horloge ON ((toutes_sessions.date_production >= horloge.premiere_date)))
          GROUP BY toutes_sessions.centre_usinage_id
        ), jours AS (
         SELECT centres.nom AS centre,
            centres.dossier,
            autres.date_production,
            GREATEST(min(autres.premier), max(siens.dernier)) AS depuis,
            max(autres.dernier) AS jusqu_a
           FROM (((centres
             JOIN debuts ON ((centres.id = debuts.centre_usinage_id)))
             JOIN signes autres ON (((centres.id <> autres.centre_usinage_id) AND (debuts.date_production < autres.date_production))))
             LEFT JOIN signes siens ON (((centres.id = siens.centre_usinage_id) AND (autres.date_production = siens.date_production))))
          GROUP BY centres.nom, centres.dossier, autres.date_production
        ), silences AS (
         SELECT jours.centre,
            jours.dossier,
            jours.date_production,
            jours.depuis,
            (EXTRACT(epoch FROM (jours.jusqu_a - jours.depuis)) / (3600)::numeric) AS heures
           FROM jours
        ), alertes AS (
         SELECT 'silence'::text AS type,
            'critique'::text AS gravite,
            ((silences.dossier || '/'::text) || silences.date_production) AS cle,
            silences.centre,
            silences.dossier,
            silences.date_production,
            (((((((((silences.centre || ', '::text) || to_char((silences.date_production)::timestamp with time zone, 'DD/MM/YYYY'::text)) || ' : aucun événement à partir de '::text) || to_char(silences.depuis, 'HH24:MI'::text)) || ', pendant '::text) || replace((round(silences.heures, 1))::text, '.'::text, ','::text)) || ' heures où d''autres centres travaillaient (seuil : '::text) || replace((round((6)::numeric, 0))::text, '.'::text, ','::text)) || ' h). La machine est arrêtée, ou ses fichiers n''arrivent plus.'::text) AS message,
            round(silences.heures, 2) AS valeur,
            (6)::numeric AS seuil,
            silences.depuis AS survenue_le
           FROM silences
          WHERE (silences.heures > (6)::numeric)
        )
 SELECT type,
    gravite,
    cle,
    centre,
    dossier,
    date_production,
    message,
    valeur,
    seuil,
    survenue_le
   FROM alertes;


--
-- Name: int_lignes; Type: TABLE; Schema: intermediate; Owner: -
--

CREATE TABLE intermediate.int_lignes (
    fichier_id uuid,
    numero_ligne integer,
    horodatage timestamp without time zone,
    date_production date,
    evenement text COLLATE pg_catalog."C",
    details text COLLATE pg_catalog."C",
    duree_secondes numeric,
    reference text COLLATE pg_catalog."C",
    longueur numeric,
    couleur text COLLATE pg_catalog."C",
    motif text,
    ligne text COLLATE pg_catalog."C"
);


--
-- Name: centres; Type: TABLE; Schema: seeds; Owner: -
--

CREATE TABLE seeds.centres (
    dossier text,
    nom text,
    type_cu text,
    description text,
    actif boolean
);


--
-- Name: int_evenements; Type: VIEW; Schema: intermediate; Owner: -
--

CREATE VIEW intermediate.int_evenements AS
 WITH centres AS (
         SELECT centres.dossier,
            centres.nom,
            centres.type_cu,
            centres.description,
            centres.actif
           FROM seeds.centres
        ), fichiers_jours AS (
         SELECT int_fichiers_jours.fichier_id,
            int_fichiers_jours.dossier,
            int_fichiers_jours.fichier,
            int_fichiers_jours.empreinte,
            int_fichiers_jours.date_production,
            int_fichiers_jours.nb_lignes,
            int_fichiers_jours.nb_evenements,
            int_fichiers_jours.nb_rejets,
            int_fichiers_jours.session_id
           FROM intermediate.int_fichiers_jours
        ), lignes AS (
         SELECT int_lignes.fichier_id,
            int_lignes.numero_ligne,
            int_lignes.horodatage,
            int_lignes.date_production,
            int_lignes.evenement,
            int_lignes.details,
            int_lignes.duree_secondes,
            int_lignes.reference,
            int_lignes.longueur,
            int_lignes.couleur,
            int_lignes.motif,
            int_lignes.ligne
           FROM intermediate.int_lignes
        ), evenements AS (
         SELECT fichiers_jours.session_id,
            fichiers_jours.fichier,
            lignes.numero_ligne,
            lignes.horodatage,
            lignes.evenement,
            lignes.details,
            lignes.duree_secondes,
            lignes.reference,
            lignes.longueur,
            lignes.couleur,
            lignes.motif
           FROM ((fichiers_jours
             JOIN centres ON ((fichiers_jours.dossier = centres.dossier)))
             JOIN lignes ON (((fichiers_jours.fichier_id = lignes.fichier_id) AND (fichiers_jours.date_production = lignes.date_production))))
        )
 SELECT session_id,
    fichier,
    numero_ligne,
    horodatage,
    evenement,
    details,
    duree_secondes,
    reference,
    longueur,
    couleur,
    motif
   FROM evenements;


--
-- Name: int_arrets; Type: VIEW; Schema: intermediate; Owner: -
--

CREATE VIEW intermediate.int_arrets AS
 WITH evenements AS (
         SELECT int_evenements.session_id,
            int_evenements.fichier,
            int_evenements.numero_ligne,
            int_evenements.horodatage,
            int_evenements.evenement,
            int_evenements.details,
            int_evenements.duree_secondes,
            int_evenements.reference,
            int_evenements.longueur,
            int_evenements.couleur,
            int_evenements.motif
           FROM intermediate.int_evenements
          WHERE (int_evenements.evenement = ANY (ARRAY['MachineStop'::text, 'MachineStart'::text]))
        ), suivis AS (
         SELECT evenements.session_id,
            evenements.fichier,
            evenements.numero_ligne,
            evenements.horodatage,
            evenements.evenement,
            lead(evenements.evenement) OVER ordre AS evenement_suivant,
            lead(evenements.horodatage) OVER ordre AS horodatage_suivant
           FROM evenements
          WINDOW ordre AS (PARTITION BY evenements.session_id ORDER BY (evenements.fichier COLLATE "C"), evenements.numero_ligne)
        ), arrets AS (
         SELECT suivis.session_id,
            suivis.horodatage AS timestamp_debut,
            suivis.horodatage_suivant AS timestamp_fin,
            EXTRACT(epoch FROM (suivis.horodatage_suivant - suivis.horodatage)) AS duree_secondes,
            (row_number() OVER (PARTITION BY suivis.session_id ORDER BY (suivis.fichier COLLATE "C"), suivis.numero_ligne))::integer AS numero_arret
           FROM suivis
          WHERE ((suivis.evenement = 'MachineStop'::text) AND (suivis.evenement_suivant = 'MachineStart'::text) AND (suivis.horodatage_suivant >= suivis.horodatage))
        )
 SELECT session_id,
    timestamp_debut,
    timestamp_fin,
    duree_secondes,
    numero_arret
   FROM arrets;


--
-- Name: int_attentes; Type: VIEW; Schema: intermediate; Owner: -
--

CREATE VIEW intermediate.int_attentes AS
 WITH evenements AS (
         SELECT int_evenements.session_id,
            int_evenements.fichier,
            int_evenements.numero_ligne,
            int_evenements.horodatage,
            int_evenements.evenement,
            int_evenements.details,
            int_evenements.duree_secondes,
            int_evenements.reference,
            int_evenements.longueur,
            int_evenements.couleur,
            int_evenements.motif
           FROM intermediate.int_evenements
          WHERE ((int_evenements.evenement = 'MachineWait'::text) AND (int_evenements.motif IS NULL))
        ), attentes AS (
         SELECT evenements.session_id,
            evenements.horodatage AS timestamp_debut,
            (evenements.horodatage + ((round(evenements.duree_secondes, 6))::double precision * '00:00:01'::interval)) AS timestamp_fin,
            evenements.duree_secondes,
            (row_number() OVER (PARTITION BY evenements.session_id ORDER BY (evenements.fichier COLLATE "C"), evenements.numero_ligne))::integer AS numero_attente
           FROM evenements
        )
 SELECT session_id,
    timestamp_debut,
    timestamp_fin,
    duree_secondes,
    numero_attente
   FROM attentes;


--
-- Name: int_commandes_accessoires; Type: TABLE; Schema: intermediate; Owner: -
--

CREATE TABLE intermediate.int_commandes_accessoires (
    id_commande text,
    code_accessoire text COLLATE pg_catalog."C",
    description_accessoire text COLLATE pg_catalog."C",
    charge_le timestamp with time zone
);


--
-- Name: int_commandes_planifications; Type: TABLE; Schema: intermediate; Owner: -
--

CREATE TABLE intermediate.int_commandes_planifications (
    id_commande text,
    date_modification timestamp without time zone,
    note text COLLATE pg_catalog."C",
    charge_le timestamp with time zone
);


--
-- Name: a_kopf; Type: TABLE; Schema: raw; Owner: -
--

CREATE TABLE raw.a_kopf (
    id text,
    aunummer text,
    aualpha text,
    aufstatus text,
    kommission text,
    _loaded_at timestamp with time zone DEFAULT now(),
    farbe text
);


--
-- Name: a_vorgang; Type: TABLE; Schema: raw; Owner: -
--

CREATE TABLE raw.a_vorgang (
    id_a_kopf text,
    nummer text,
    bezeichnung text,
    _loaded_at timestamp with time zone DEFAULT now()
);


--
-- Name: stg_erp__a_kopf; Type: VIEW; Schema: staging; Owner: -
--

CREATE VIEW staging.stg_erp__a_kopf AS
 WITH source AS (
         SELECT a_kopf.id,
            a_kopf.aunummer,
            a_kopf.aualpha,
            a_kopf.aufstatus,
            a_kopf.kommission,
            a_kopf._loaded_at,
            a_kopf.farbe
           FROM raw.a_kopf
        ), repare AS (
         SELECT source.id AS id_commande,
                CASE
                    WHEN (source.aualpha ~ '[ÂÃÄÅ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|Ã |Ã[\u0083ƒ](Â |Ë[\u0086†])|Ã¢â[\u0082‚]¬Ë[\u009cœ]|â[\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]{2}|ð[\u0090-\u00bf‘’“”•–—˜™š›œžŸ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]{2}|ï»¿'::text) THEN ( SELECT
                            CASE
                                WHEN (passe.une_fois ~ '[ÂÃÄÅ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|Ã |Ã[\u0083ƒ](Â |Ë[\u0086†])|Ã¢â[\u0082‚]¬Ë[\u009cœ]|â[\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]{2}|ð[\u0090-\u00bf‘’“”•–—˜™š›œžŸ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]{2}|ï»¿'::text) THEN ( SELECT string_agg(
CASE
 WHEN (morceaux.morceau[2] IS NULL) THEN morceaux.morceau[1]
 WHEN (morceaux.morceau[2] = 'ï»¿'::text) THEN ''::text
 WHEN ("right"(morceaux.morceau[2], 1) = ' '::text) THEN 'à'::text
 WHEN (morceaux.morceau[2] ~~ 'Ã_Ë_'::text) THEN 'È'::text
 WHEN ((morceaux.morceau[2] ~~ 'Ã¢%'::text) AND (length(morceaux.morceau[2]) > 2)) THEN '‘'::text
 ELSE convert_from(convert_to(translate(morceaux.morceau[2], '€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ'::text, ''::text), 'LATIN1'::name), 'UTF8'::name)
END, ''::text ORDER BY morceaux.rang) AS string_agg
                                   FROM regexp_matches(passe.une_fois, (('(('::text || '[ÂÃÄÅ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|Ã |Ã[\u0083ƒ](Â |Ë[\u0086†])|Ã¢â[\u0082‚]¬Ë[\u009cœ]|â[\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]{2}|ð[\u0090-\u00bf‘’“”•–—˜™š›œžŸ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]{2}|ï»¿'::text) || ')|[^ÂÃÄÅâðï]+|.)'::text), 'g'::text) WITH ORDINALITY morceaux(morceau, rang))
                                ELSE passe.une_fois
                            END AS une_fois
                       FROM ( SELECT ( SELECT string_agg(
 CASE
  WHEN (morceaux.morceau[2] IS NULL) THEN morceaux.morceau[1]
  WHEN (morceaux.morceau[2] = 'ï»¿'::text) THEN ''::text
  WHEN ("right"(morceaux.morceau[2], 1) = ' '::text) THEN 'à'::text
  WHEN (morceaux.morceau[2] ~~ 'Ã_Ë_'::text) THEN 'È'::text
  WHEN ((morceaux.morceau[2] ~~ 'Ã¢%'::text) AND (length(morceaux.morceau[2]) > 2)) THEN '‘'::text
  ELSE convert_from(convert_to(translate(morceaux.morceau[2], '€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ'::text, ''::text), 'LATIN1'::name), 'UTF8'::name)
 END, ''::text ORDER BY morceaux.rang) AS string_agg
                                       FROM regexp_matches(source.aualpha, (('(('::text || '[ÂÃÄÅ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|Ã |Ã[\u0083ƒ](Â |Ë[\u0086†])|Ã¢â[\u0082‚]¬Ë[\u009cœ]|â[\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]{2}|ð[\u0090-\u00bf‘’“”•–—˜™š›œžŸ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]{2}|ï»¿'::text) || ')|[^ÂÃÄÅâðï]+|.)'::text), 'g'::text) WITH ORDINALITY morceaux(morceau, rang)) AS une_fois
                             LIMIT ALL) passe)
                    ELSE source.aualpha
                END AS extension,
                CASE
                    WHEN (source.aufstatus ~ '[ÂÃÄÅ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|Ã |Ã[\u0083ƒ](Â |Ë[\u0086†])|Ã¢â[\u0082‚]¬Ë[\u009cœ]|â[\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]{2}|ð[\u0090-\u00bf‘’“”•–—˜™š›œžŸ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]{2}|ï»¿'::text) THEN ( SELECT
                            CASE
                                WHEN (passe.une_fois ~ '[ÂÃÄÅ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|Ã |Ã[\u0083ƒ](Â |Ë[\u0086†])|Ã¢â[\u0082‚]¬Ë[\u009cœ]|â[\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]{2}|ð[\u0090-\u00bf‘’“”•–—˜™š›œžŸ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]{2}|ï»¿'::text) THEN ( SELECT string_agg(
CASE
 WHEN (morceaux.morceau[2] IS NULL) THEN morceaux.morceau[1]
 WHEN (morceaux.morceau[2] = 'ï»¿'::text) THEN ''::text
 WHEN ("right"(morceaux.morceau[2], 1) = ' '::text) THEN 'à'::text
 WHEN (morceaux.morceau[2] ~~ 'Ã_Ë_'::text) THEN 'È'::text
 WHEN ((morceaux.morceau[2] ~~ 'Ã¢%'::text) AND (length(morceaux.morceau[2]) > 2)) THEN '‘'::text
 ELSE convert_from(convert_to(translate(morceaux.morceau[2], '€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ'::text, ''::text), 'LATIN1'::name), 'UTF8'::name)
END, ''::text ORDER BY morceaux.rang) AS string_agg
                                   FROM regexp_matches(passe.une_fois, (('(('::text || '[ÂÃÄÅ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|Ã |Ã[\u0083ƒ](Â |Ë[\u0086†])|Ã¢â[\u0082‚]¬Ë[\u009cœ]|â[\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]{2}|ð[\u0090-\u00bf‘’“”•–—˜™š›œžŸ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]{2}|ï»¿'::text) || ')|[^ÂÃÄÅâðï]+|.)'::text), 'g'::text) WITH ORDINALITY morceaux(morceau, rang))
                                ELSE passe.une_fois
                            END AS une_fois
                       FROM ( SELECT ( SELECT string_agg(
 CASE
  WHEN (morceaux.morceau[2] IS NULL) THEN morceaux.morceau[1]
  WHEN (morceaux.morceau[2] = 'ï»¿'::text) THEN ''::text
  WHEN ("right"(morceaux.morceau[2], 1) = ' '::text) THEN 'à'::text
  WHEN (morceaux.morceau[2] ~~ 'Ã_Ë_'::text) THEN 'È'::text
  WHEN ((morceaux.morceau[2] ~~ 'Ã¢%'::text) AND (length(morceaux.morceau[2]) > 2)) THEN '‘'::text
  ELSE convert_from(convert_to(translate(morceaux.morceau[2], '€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ'::text, ''::text), 'LATIN1'::name), 'UTF8'::name)
 END, ''::text ORDER BY morceaux.rang) AS string_agg
                                       FROM regexp_matches(source.aufstatus, (('(('::text || '[ÂÃÄÅ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|Ã |Ã[\u0083ƒ](Â |Ë[\u0086†])|Ã¢â[\u0082‚]¬Ë[\u009cœ]|â[\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]{2}|ð[\u0090-\u00bf‘’“”•–—˜™š›œžŸ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]{2}|ï»¿'::text) || ')|[^ÂÃÄÅâðï]+|.)'::text), 'g'::text) WITH ORDINALITY morceaux(morceau, rang)) AS une_fois
                             LIMIT ALL) passe)
                    ELSE source.aufstatus
                END AS statut,
                CASE
                    WHEN (source.kommission ~ '[ÂÃÄÅ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|Ã |Ã[\u0083ƒ](Â |Ë[\u0086†])|Ã¢â[\u0082‚]¬Ë[\u009cœ]|â[\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]{2}|ð[\u0090-\u00bf‘’“”•–—˜™š›œžŸ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]{2}|ï»¿'::text) THEN ( SELECT
                            CASE
                                WHEN (passe.une_fois ~ '[ÂÃÄÅ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|Ã |Ã[\u0083ƒ](Â |Ë[\u0086†])|Ã¢â[\u0082‚]¬Ë[\u009cœ]|â[\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]{2}|ð[\u0090-\u00bf‘’“”•–—˜™š›œžŸ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]{2}|ï»¿'::text) THEN ( SELECT string_agg(
CASE
 WHEN (morceaux.morceau[2] IS NULL) THEN morceaux.morceau[1]
 WHEN (morceaux.morceau[2] = 'ï»¿'::text) THEN ''::text
 WHEN ("right"(morceaux.morceau[2], 1) = ' '::text) THEN 'à'::text
 WHEN (morceaux.morceau[2] ~~ 'Ã_Ë_'::text) THEN 'È'::text
 WHEN ((morceaux.morceau[2] ~~ 'Ã¢%'::text) AND (length(morceaux.morceau[2]) > 2)) THEN '‘'::text
 ELSE convert_from(convert_to(translate(morceaux.morceau[2], '€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ'::text, ''::text), 'LATIN1'::name), 'UTF8'::name)
END, ''::text ORDER BY morceaux.rang) AS string_agg
                                   FROM regexp_matches(passe.une_fois, (('(('::text || '[ÂÃÄÅ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|Ã |Ã[\u0083ƒ](Â |Ë[\u0086†])|Ã¢â[\u0082‚]¬Ë[\u009cœ]|â[\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]{2}|ð[\u0090-\u00bf‘’“”•–—˜™š›œžŸ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]{2}|ï»¿'::text) || ')|[^ÂÃÄÅâðï]+|.)'::text), 'g'::text) WITH ORDINALITY morceaux(morceau, rang))
                                ELSE passe.une_fois
                            END AS une_fois
                       FROM ( SELECT ( SELECT string_agg(
 CASE
  WHEN (morceaux.morceau[2] IS NULL) THEN morceaux.morceau[1]
  WHEN (morceaux.morceau[2] = 'ï»¿'::text) THEN ''::text
  WHEN ("right"(morceaux.morceau[2], 1) = ' '::text) THEN 'à'::text
  WHEN (morceaux.morceau[2] ~~ 'Ã_Ë_'::text) THEN 'È'::text
  WHEN ((morceaux.morceau[2] ~~ 'Ã¢%'::text) AND (length(morceaux.morceau[2]) > 2)) THEN '‘'::text
  ELSE convert_from(convert_to(translate(morceaux.morceau[2], '€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ'::text, ''::text), 'LATIN1'::name), 'UTF8'::name)
 END, ''::text ORDER BY morceaux.rang) AS string_agg
                                       FROM regexp_matches(source.kommission, (('(('::text || '[ÂÃÄÅ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|Ã |Ã[\u0083ƒ](Â |Ë[\u0086†])|Ã¢â[\u0082‚]¬Ë[\u009cœ]|â[\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]{2}|ð[\u0090-\u00bf‘’“”•–—˜™š›œžŸ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]{2}|ï»¿'::text) || ')|[^ÂÃÄÅâðï]+|.)'::text), 'g'::text) WITH ORDINALITY morceaux(morceau, rang)) AS une_fois
                             LIMIT ALL) passe)
                    ELSE source.kommission
                END AS affaire,
            source._loaded_at AS charge_le,
                CASE
                    WHEN ((source.aunummer ~ '^ *[+-]?[0-9]+([.]0*)? *$'::text) AND pg_input_is_valid(split_part(source.aunummer, '.'::text, 1), 'integer'::text)) THEN (split_part(source.aunummer, '.'::text, 1))::integer
                    ELSE NULL::integer
                END AS numero_commande
           FROM source
        )
 SELECT id_commande,
    extension,
    statut,
    affaire,
    charge_le,
    numero_commande
   FROM repare;


--
-- Name: stg_erp__a_vorgang; Type: VIEW; Schema: staging; Owner: -
--

CREATE VIEW staging.stg_erp__a_vorgang AS
 WITH source AS (
         SELECT a_vorgang.id_a_kopf,
            a_vorgang.nummer,
            a_vorgang.bezeichnung,
            a_vorgang._loaded_at
           FROM raw.a_vorgang
        ), repare AS (
         SELECT source.id_a_kopf AS id_commande,
                CASE
                    WHEN (source.nummer ~ '[ÂÃÄÅ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|Ã |Ã[\u0083ƒ](Â |Ë[\u0086†])|Ã¢â[\u0082‚]¬Ë[\u009cœ]|â[\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]{2}|ð[\u0090-\u00bf‘’“”•–—˜™š›œžŸ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]{2}|ï»¿'::text) THEN ( SELECT
                            CASE
                                WHEN (passe.une_fois ~ '[ÂÃÄÅ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|Ã |Ã[\u0083ƒ](Â |Ë[\u0086†])|Ã¢â[\u0082‚]¬Ë[\u009cœ]|â[\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]{2}|ð[\u0090-\u00bf‘’“”•–—˜™š›œžŸ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]{2}|ï»¿'::text) THEN ( SELECT string_agg(
CASE
 WHEN (morceaux.morceau[2] IS NULL) THEN morceaux.morceau[1]
 WHEN (morceaux.morceau[2] = 'ï»¿'::text) THEN ''::text
 WHEN ("right"(morceaux.morceau[2], 1) = ' '::text) THEN 'à'::text
 WHEN (morceaux.morceau[2] ~~ 'Ã_Ë_'::text) THEN 'È'::text
 WHEN ((morceaux.morceau[2] ~~ 'Ã¢%'::text) AND (length(morceaux.morceau[2]) > 2)) THEN '‘'::text
 ELSE convert_from(convert_to(translate(morceaux.morceau[2], '€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ'::text, ''::text), 'LATIN1'::name), 'UTF8'::name)
END, ''::text ORDER BY morceaux.rang) AS string_agg
                                   FROM regexp_matches(passe.une_fois, (('(('::text || '[ÂÃÄÅ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|Ã |Ã[\u0083ƒ](Â |Ë[\u0086†])|Ã¢â[\u0082‚]¬Ë[\u009cœ]|â[\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]{2}|ð[\u0090-\u00bf‘’“”•–—˜™š›œžŸ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]{2}|ï»¿'::text) || ')|[^ÂÃÄÅâðï]+|.)'::text), 'g'::text) WITH ORDINALITY morceaux(morceau, rang))
                                ELSE passe.une_fois
                            END AS une_fois
                       FROM ( SELECT ( SELECT string_agg(
 CASE
  WHEN (morceaux.morceau[2] IS NULL) THEN morceaux.morceau[1]
  WHEN (morceaux.morceau[2] = 'ï»¿'::text) THEN ''::text
  WHEN ("right"(morceaux.morceau[2], 1) = ' '::text) THEN 'à'::text
  WHEN (morceaux.morceau[2] ~~ 'Ã_Ë_'::text) THEN 'È'::text
  WHEN ((morceaux.morceau[2] ~~ 'Ã¢%'::text) AND (length(morceaux.morceau[2]) > 2)) THEN '‘'::text
  ELSE convert_from(convert_to(translate(morceaux.morceau[2], '€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ'::text, ''::text), 'LATIN1'::name), 'UTF8'::name)
 END, ''::text ORDER BY morceaux.rang) AS string_agg
                                       FROM regexp_matches(source.nummer, (('(('::text || '[ÂÃÄÅ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|Ã |Ã[\u0083ƒ](Â |Ë[\u0086†])|Ã¢â[\u0082‚]¬Ë[\u009cœ]|â[\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]{2}|ð[\u0090-\u00bf‘’“”•–—˜™š›œžŸ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]{2}|ï»¿'::text) || ')|[^ÂÃÄÅâðï]+|.)'::text), 'g'::text) WITH ORDINALITY morceaux(morceau, rang)) AS une_fois
                             LIMIT ALL) passe)
                    ELSE source.nummer
                END AS numero_operation,
                CASE
                    WHEN (source.bezeichnung ~ '[ÂÃÄÅ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|Ã |Ã[\u0083ƒ](Â |Ë[\u0086†])|Ã¢â[\u0082‚]¬Ë[\u009cœ]|â[\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]{2}|ð[\u0090-\u00bf‘’“”•–—˜™š›œžŸ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]{2}|ï»¿'::text) THEN ( SELECT
                            CASE
                                WHEN (passe.une_fois ~ '[ÂÃÄÅ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|Ã |Ã[\u0083ƒ](Â |Ë[\u0086†])|Ã¢â[\u0082‚]¬Ë[\u009cœ]|â[\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]{2}|ð[\u0090-\u00bf‘’“”•–—˜™š›œžŸ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]{2}|ï»¿'::text) THEN ( SELECT string_agg(
CASE
 WHEN (morceaux.morceau[2] IS NULL) THEN morceaux.morceau[1]
 WHEN (morceaux.morceau[2] = 'ï»¿'::text) THEN ''::text
 WHEN ("right"(morceaux.morceau[2], 1) = ' '::text) THEN 'à'::text
 WHEN (morceaux.morceau[2] ~~ 'Ã_Ë_'::text) THEN 'È'::text
 WHEN ((morceaux.morceau[2] ~~ 'Ã¢%'::text) AND (length(morceaux.morceau[2]) > 2)) THEN '‘'::text
 ELSE convert_from(convert_to(translate(morceaux.morceau[2], '€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ'::text, ''::text), 'LATIN1'::name), 'UTF8'::name)
END, ''::text ORDER BY morceaux.rang) AS string_agg
                                   FROM regexp_matches(passe.une_fois, (('(('::text || '[ÂÃÄÅ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|Ã |Ã[\u0083ƒ](Â |Ë[\u0086†])|Ã¢â[\u0082‚]¬Ë[\u009cœ]|â[\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]{2}|ð[\u0090-\u00bf‘’“”•–—˜™š›œžŸ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]{2}|ï»¿'::text) || ')|[^ÂÃÄÅâðï]+|.)'::text), 'g'::text) WITH ORDINALITY morceaux(morceau, rang))
                                ELSE passe.une_fois
                            END AS une_fois
                       FROM ( SELECT ( SELECT string_agg(
 CASE
  WHEN (morceaux.morceau[2] IS NULL) THEN morceaux.morceau[1]
  WHEN (morceaux.morceau[2] = 'ï»¿'::text) THEN ''::text
  WHEN ("right"(morceaux.morceau[2], 1) = ' '::text) THEN 'à'::text
  WHEN (morceaux.morceau[2] ~~ 'Ã_Ë_'::text) THEN 'È'::text
  WHEN ((morceaux.morceau[2] ~~ 'Ã¢%'::text) AND (length(morceaux.morceau[2]) > 2)) THEN '‘'::text
  ELSE convert_from(convert_to(translate(morceaux.morceau[2], '€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ'::text, ''::text), 'LATIN1'::name), 'UTF8'::name)
 END, ''::text ORDER BY morceaux.rang) AS string_agg
                                       FROM regexp_matches(source.bezeichnung, (('(('::text || '[ÂÃÄÅ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|Ã |Ã[\u0083ƒ](Â |Ë[\u0086†])|Ã¢â[\u0082‚]¬Ë[\u009cœ]|â[\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]{2}|ð[\u0090-\u00bf‘’“”•–—˜™š›œžŸ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]{2}|ï»¿'::text) || ')|[^ÂÃÄÅâðï]+|.)'::text), 'g'::text) WITH ORDINALITY morceaux(morceau, rang)) AS une_fois
                             LIMIT ALL) passe)
                    ELSE source.bezeichnung
                END AS description_operation,
            source._loaded_at AS charge_le
           FROM source
        )
 SELECT id_commande,
    numero_operation,
    description_operation,
    charge_le
   FROM repare;


--
-- Name: int_commandes_volets; Type: VIEW; Schema: intermediate; Owner: -
--

CREATE VIEW intermediate.int_commandes_volets AS
 WITH commandes AS (
         SELECT stg_erp__a_kopf.id_commande,
            stg_erp__a_kopf.extension,
            stg_erp__a_kopf.statut,
            stg_erp__a_kopf.affaire,
            stg_erp__a_kopf.charge_le,
            stg_erp__a_kopf.numero_commande
           FROM staging.stg_erp__a_kopf
        ), planifications AS (
         SELECT int_commandes_planifications.id_commande,
            int_commandes_planifications.date_modification,
            int_commandes_planifications.note,
            int_commandes_planifications.charge_le
           FROM intermediate.int_commandes_planifications
        ), accessoires AS (
         SELECT int_commandes_accessoires.id_commande,
            int_commandes_accessoires.code_accessoire,
            int_commandes_accessoires.description_accessoire,
            int_commandes_accessoires.charge_le
           FROM intermediate.int_commandes_accessoires
        ), operations AS (
         SELECT stg_erp__a_vorgang.id_commande,
            stg_erp__a_vorgang.numero_operation,
            stg_erp__a_vorgang.description_operation,
            stg_erp__a_vorgang.charge_le
           FROM staging.stg_erp__a_vorgang
        ), dernieres_planifications AS (
         SELECT DISTINCT ON (planifications.id_commande) planifications.id_commande,
            planifications.date_modification,
            planifications.charge_le
           FROM planifications
          ORDER BY planifications.id_commande, planifications.date_modification DESC NULLS LAST, planifications.charge_le DESC
        ), premiers_accessoires AS (
         SELECT DISTINCT ON (accessoires.id_commande) accessoires.id_commande,
            accessoires.code_accessoire,
            accessoires.description_accessoire,
            accessoires.charge_le
           FROM accessoires
          ORDER BY accessoires.id_commande, (accessoires.code_accessoire COLLATE "C"), (accessoires.description_accessoire COLLATE "C"), accessoires.charge_le DESC
        ), premieres_operations AS (
         SELECT DISTINCT ON (operations.id_commande) operations.id_commande,
            operations.numero_operation,
            operations.description_operation,
            operations.charge_le
           FROM operations
          ORDER BY operations.id_commande, (operations.numero_operation COLLATE "C"), (operations.description_operation COLLATE "C"), operations.charge_le DESC
        ), commandes_volets AS (
         SELECT commandes.id_commande,
            commandes.numero_commande,
            commandes.extension,
            commandes.statut,
            commandes.affaire,
            dernieres_planifications.date_modification,
            premiers_accessoires.code_accessoire,
            premiers_accessoires.description_accessoire,
            premieres_operations.numero_operation,
            premieres_operations.description_operation,
            GREATEST(commandes.charge_le, dernieres_planifications.charge_le, premiers_accessoires.charge_le, premieres_operations.charge_le) AS date_synchronisation
           FROM (((commandes
             JOIN dernieres_planifications ON ((commandes.id_commande = dernieres_planifications.id_commande)))
             JOIN premiers_accessoires ON ((commandes.id_commande = premiers_accessoires.id_commande)))
             LEFT JOIN premieres_operations ON ((commandes.id_commande = premieres_operations.id_commande)))
          WHERE (length(commandes.id_commande) <= 32)
        )
 SELECT id_commande,
    numero_commande,
    extension,
    statut,
    affaire,
    date_modification,
    code_accessoire,
    description_accessoire,
    numero_operation,
    description_operation,
    date_synchronisation
   FROM commandes_volets;


--
-- Name: int_commandes_selection; Type: VIEW; Schema: intermediate; Owner: -
--

CREATE VIEW intermediate.int_commandes_selection AS
 WITH commandes AS (
         SELECT stg_erp__a_kopf.id_commande,
            stg_erp__a_kopf.extension,
            stg_erp__a_kopf.statut,
            stg_erp__a_kopf.affaire,
            stg_erp__a_kopf.charge_le,
            stg_erp__a_kopf.numero_commande
           FROM staging.stg_erp__a_kopf
        ), accessoires AS (
         SELECT int_commandes_accessoires.id_commande,
            int_commandes_accessoires.code_accessoire,
            int_commandes_accessoires.description_accessoire,
            int_commandes_accessoires.charge_le
           FROM intermediate.int_commandes_accessoires
        ), planifications AS (
         SELECT int_commandes_planifications.id_commande,
            int_commandes_planifications.date_modification,
            int_commandes_planifications.note,
            int_commandes_planifications.charge_le
           FROM intermediate.int_commandes_planifications
        ), commandes_volets AS (
         SELECT int_commandes_volets.id_commande,
            int_commandes_volets.numero_commande,
            int_commandes_volets.extension,
            int_commandes_volets.statut,
            int_commandes_volets.affaire,
            int_commandes_volets.date_modification,
            int_commandes_volets.code_accessoire,
            int_commandes_volets.description_accessoire,
            int_commandes_volets.numero_operation,
            int_commandes_volets.description_operation,
            int_commandes_volets.date_synchronisation
           FROM intermediate.int_commandes_volets
        ), etapes AS (
         SELECT 1 AS rang,
            'a_kopf'::text AS etape,
            count(*) AS nb_commandes
           FROM commandes
        UNION ALL
         SELECT 2 AS rang,
            'accessoire de volet'::text AS etape,
            count(*) AS nb_commandes
           FROM commandes
          WHERE (commandes.id_commande IN ( SELECT accessoires.id_commande
                   FROM accessoires))
        UNION ALL
         SELECT 3 AS rang,
            'planification'::text AS etape,
            count(*) AS nb_commandes
           FROM commandes
          WHERE (commandes.id_commande IN ( SELECT planifications.id_commande
                   FROM planifications))
        UNION ALL
         SELECT 4 AS rang,
            'commandes_volets'::text AS etape,
            count(*) AS nb_commandes
           FROM commandes_volets
        )
 SELECT rang,
    etape,
    nb_commandes
   FROM etapes;


--
-- Name: int_commandes_versions; Type: VIEW; Schema: intermediate; Owner: -
--

CREATE VIEW intermediate.int_commandes_versions AS
 WITH versions AS (
         SELECT commandes_volets_versions.id_commande,
            commandes_volets_versions.numero_commande,
            commandes_volets_versions.extension,
            commandes_volets_versions.statut,
            commandes_volets_versions.affaire,
            commandes_volets_versions.date_modification,
            commandes_volets_versions.code_accessoire,
            commandes_volets_versions.description_accessoire,
            commandes_volets_versions.numero_operation,
            commandes_volets_versions.description_operation,
            commandes_volets_versions.date_synchronisation,
            commandes_volets_versions.dbt_scd_id,
            commandes_volets_versions.dbt_updated_at,
            commandes_volets_versions.dbt_valid_from,
            commandes_volets_versions.dbt_valid_to
           FROM historique.commandes_volets_versions
        ), commandes AS (
         SELECT versions.id_commande AS cle,
            concat_ws(' '::text, count(*), EXTRACT(epoch FROM max(versions.dbt_valid_from)), EXTRACT(epoch FROM max(versions.dbt_valid_to))) AS empreinte
           FROM versions
          GROUP BY versions.id_commande
        )
 SELECT cle,
    empreinte
   FROM commandes;


--
-- Name: a_logbuch; Type: TABLE; Schema: raw; Owner: -
--

CREATE TABLE raw.a_logbuch (
    id_a_kopf text,
    datum text,
    notiz text,
    _loaded_at timestamp with time zone DEFAULT now(),
    id text
);


--
-- Name: p_zubeh; Type: TABLE; Schema: raw; Owner: -
--

CREATE TABLE raw.p_zubeh (
    id_a_kopf text,
    zcode text,
    text text,
    _loaded_at timestamp with time zone DEFAULT now()
);


--
-- Name: stg_erp__a_logbuch; Type: VIEW; Schema: staging; Owner: -
--

CREATE VIEW staging.stg_erp__a_logbuch AS
 WITH source AS (
         SELECT a_logbuch.id_a_kopf,
            a_logbuch.datum,
            a_logbuch.notiz,
            a_logbuch._loaded_at,
            a_logbuch.id
           FROM raw.a_logbuch
        ), repare AS (
         SELECT source.id_a_kopf AS id_commande,
                CASE
                    WHEN ((source.datum ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}( ([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{1,6})?)?$'::text) AND pg_input_is_valid(source.datum, 'timestamp'::text)) THEN (source.datum)::timestamp without time zone
                    ELSE NULL::timestamp without time zone
                END AS date_entree,
                CASE
                    WHEN (source.notiz ~ '[ÂÃÄÅ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|Ã |Ã[\u0083ƒ](Â |Ë[\u0086†])|Ã¢â[\u0082‚]¬Ë[\u009cœ]|â[\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]{2}|ð[\u0090-\u00bf‘’“”•–—˜™š›œžŸ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]{2}|ï»¿'::text) THEN ( SELECT
                            CASE
                                WHEN (passe.une_fois ~ '[ÂÃÄÅ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|Ã |Ã[\u0083ƒ](Â |Ë[\u0086†])|Ã¢â[\u0082‚]¬Ë[\u009cœ]|â[\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]{2}|ð[\u0090-\u00bf‘’“”•–—˜™š›œžŸ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]{2}|ï»¿'::text) THEN ( SELECT string_agg(
CASE
 WHEN (morceaux.morceau[2] IS NULL) THEN morceaux.morceau[1]
 WHEN (morceaux.morceau[2] = 'ï»¿'::text) THEN ''::text
 WHEN ("right"(morceaux.morceau[2], 1) = ' '::text) THEN 'à'::text
 WHEN (morceaux.morceau[2] ~~ 'Ã_Ë_'::text) THEN 'È'::text
 WHEN ((morceaux.morceau[2] ~~ 'Ã¢%'::text) AND (length(morceaux.morceau[2]) > 2)) THEN '‘'::text
 ELSE convert_from(convert_to(translate(morceaux.morceau[2], '€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ'::text, ''::text), 'LATIN1'::name), 'UTF8'::name)
END, ''::text ORDER BY morceaux.rang) AS string_agg
                                   FROM regexp_matches(passe.une_fois, (('(('::text || '[ÂÃÄÅ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|Ã |Ã[\u0083ƒ](Â |Ë[\u0086†])|Ã¢â[\u0082‚]¬Ë[\u009cœ]|â[\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]{2}|ð[\u0090-\u00bf‘’“”•–—˜™š›œžŸ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]{2}|ï»¿'::text) || ')|[^ÂÃÄÅâðï]+|.)'::text), 'g'::text) WITH ORDINALITY morceaux(morceau, rang))
                                ELSE passe.une_fois
                            END AS une_fois
                       FROM ( SELECT ( SELECT string_agg(
 CASE
  WHEN (morceaux.morceau[2] IS NULL) THEN morceaux.morceau[1]
  WHEN (morceaux.morceau[2] = 'ï»¿'::text) THEN ''::text
  WHEN ("right"(morceaux.morceau[2], 1) = ' '::text) THEN 'à'::text
  WHEN (morceaux.morceau[2] ~~ 'Ã_Ë_'::text) THEN 'È'::text
  WHEN ((morceaux.morceau[2] ~~ 'Ã¢%'::text) AND (length(morceaux.morceau[2]) > 2)) THEN '‘'::text
  ELSE convert_from(convert_to(translate(morceaux.morceau[2], '€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ'::text, ''::text), 'LATIN1'::name), 'UTF8'::name)
 END, ''::text ORDER BY morceaux.rang) AS string_agg
                                       FROM regexp_matches(source.notiz, (('(('::text || '[ÂÃÄÅ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|Ã |Ã[\u0083ƒ](Â |Ë[\u0086†])|Ã¢â[\u0082‚]¬Ë[\u009cœ]|â[\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]{2}|ð[\u0090-\u00bf‘’“”•–—˜™š›œžŸ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]{2}|ï»¿'::text) || ')|[^ÂÃÄÅâðï]+|.)'::text), 'g'::text) WITH ORDINALITY morceaux(morceau, rang)) AS une_fois
                             LIMIT ALL) passe)
                    ELSE source.notiz
                END AS note,
            source._loaded_at AS charge_le
           FROM source
        )
 SELECT id_commande,
    date_entree,
    note,
    charge_le
   FROM repare;


--
-- Name: stg_erp__p_zubeh; Type: VIEW; Schema: staging; Owner: -
--

CREATE VIEW staging.stg_erp__p_zubeh AS
 WITH source AS (
         SELECT p_zubeh.id_a_kopf,
            p_zubeh.zcode,
            p_zubeh.text,
            p_zubeh._loaded_at
           FROM raw.p_zubeh
        ), repare AS (
         SELECT source.id_a_kopf AS id_commande,
                CASE
                    WHEN (source.zcode ~ '[ÂÃÄÅ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|Ã |Ã[\u0083ƒ](Â |Ë[\u0086†])|Ã¢â[\u0082‚]¬Ë[\u009cœ]|â[\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]{2}|ð[\u0090-\u00bf‘’“”•–—˜™š›œžŸ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]{2}|ï»¿'::text) THEN ( SELECT
                            CASE
                                WHEN (passe.une_fois ~ '[ÂÃÄÅ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|Ã |Ã[\u0083ƒ](Â |Ë[\u0086†])|Ã¢â[\u0082‚]¬Ë[\u009cœ]|â[\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]{2}|ð[\u0090-\u00bf‘’“”•–—˜™š›œžŸ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]{2}|ï»¿'::text) THEN ( SELECT string_agg(
CASE
 WHEN (morceaux.morceau[2] IS NULL) THEN morceaux.morceau[1]
 WHEN (morceaux.morceau[2] = 'ï»¿'::text) THEN ''::text
 WHEN ("right"(morceaux.morceau[2], 1) = ' '::text) THEN 'à'::text
 WHEN (morceaux.morceau[2] ~~ 'Ã_Ë_'::text) THEN 'È'::text
 WHEN ((morceaux.morceau[2] ~~ 'Ã¢%'::text) AND (length(morceaux.morceau[2]) > 2)) THEN '‘'::text
 ELSE convert_from(convert_to(translate(morceaux.morceau[2], '€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ'::text, ''::text), 'LATIN1'::name), 'UTF8'::name)
END, ''::text ORDER BY morceaux.rang) AS string_agg
                                   FROM regexp_matches(passe.une_fois, (('(('::text || '[ÂÃÄÅ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|Ã |Ã[\u0083ƒ](Â |Ë[\u0086†])|Ã¢â[\u0082‚]¬Ë[\u009cœ]|â[\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]{2}|ð[\u0090-\u00bf‘’“”•–—˜™š›œžŸ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]{2}|ï»¿'::text) || ')|[^ÂÃÄÅâðï]+|.)'::text), 'g'::text) WITH ORDINALITY morceaux(morceau, rang))
                                ELSE passe.une_fois
                            END AS une_fois
                       FROM ( SELECT ( SELECT string_agg(
 CASE
  WHEN (morceaux.morceau[2] IS NULL) THEN morceaux.morceau[1]
  WHEN (morceaux.morceau[2] = 'ï»¿'::text) THEN ''::text
  WHEN ("right"(morceaux.morceau[2], 1) = ' '::text) THEN 'à'::text
  WHEN (morceaux.morceau[2] ~~ 'Ã_Ë_'::text) THEN 'È'::text
  WHEN ((morceaux.morceau[2] ~~ 'Ã¢%'::text) AND (length(morceaux.morceau[2]) > 2)) THEN '‘'::text
  ELSE convert_from(convert_to(translate(morceaux.morceau[2], '€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ'::text, ''::text), 'LATIN1'::name), 'UTF8'::name)
 END, ''::text ORDER BY morceaux.rang) AS string_agg
                                       FROM regexp_matches(source.zcode, (('(('::text || '[ÂÃÄÅ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|Ã |Ã[\u0083ƒ](Â |Ë[\u0086†])|Ã¢â[\u0082‚]¬Ë[\u009cœ]|â[\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]{2}|ð[\u0090-\u00bf‘’“”•–—˜™š›œžŸ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]{2}|ï»¿'::text) || ')|[^ÂÃÄÅâðï]+|.)'::text), 'g'::text) WITH ORDINALITY morceaux(morceau, rang)) AS une_fois
                             LIMIT ALL) passe)
                    ELSE source.zcode
                END AS code_accessoire,
                CASE
                    WHEN (source.text ~ '[ÂÃÄÅ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|Ã |Ã[\u0083ƒ](Â |Ë[\u0086†])|Ã¢â[\u0082‚]¬Ë[\u009cœ]|â[\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]{2}|ð[\u0090-\u00bf‘’“”•–—˜™š›œžŸ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]{2}|ï»¿'::text) THEN ( SELECT
                            CASE
                                WHEN (passe.une_fois ~ '[ÂÃÄÅ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|Ã |Ã[\u0083ƒ](Â |Ë[\u0086†])|Ã¢â[\u0082‚]¬Ë[\u009cœ]|â[\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]{2}|ð[\u0090-\u00bf‘’“”•–—˜™š›œžŸ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]{2}|ï»¿'::text) THEN ( SELECT string_agg(
CASE
 WHEN (morceaux.morceau[2] IS NULL) THEN morceaux.morceau[1]
 WHEN (morceaux.morceau[2] = 'ï»¿'::text) THEN ''::text
 WHEN ("right"(morceaux.morceau[2], 1) = ' '::text) THEN 'à'::text
 WHEN (morceaux.morceau[2] ~~ 'Ã_Ë_'::text) THEN 'È'::text
 WHEN ((morceaux.morceau[2] ~~ 'Ã¢%'::text) AND (length(morceaux.morceau[2]) > 2)) THEN '‘'::text
 ELSE convert_from(convert_to(translate(morceaux.morceau[2], '€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ'::text, ''::text), 'LATIN1'::name), 'UTF8'::name)
END, ''::text ORDER BY morceaux.rang) AS string_agg
                                   FROM regexp_matches(passe.une_fois, (('(('::text || '[ÂÃÄÅ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|Ã |Ã[\u0083ƒ](Â |Ë[\u0086†])|Ã¢â[\u0082‚]¬Ë[\u009cœ]|â[\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]{2}|ð[\u0090-\u00bf‘’“”•–—˜™š›œžŸ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]{2}|ï»¿'::text) || ')|[^ÂÃÄÅâðï]+|.)'::text), 'g'::text) WITH ORDINALITY morceaux(morceau, rang))
                                ELSE passe.une_fois
                            END AS une_fois
                       FROM ( SELECT ( SELECT string_agg(
 CASE
  WHEN (morceaux.morceau[2] IS NULL) THEN morceaux.morceau[1]
  WHEN (morceaux.morceau[2] = 'ï»¿'::text) THEN ''::text
  WHEN ("right"(morceaux.morceau[2], 1) = ' '::text) THEN 'à'::text
  WHEN (morceaux.morceau[2] ~~ 'Ã_Ë_'::text) THEN 'È'::text
  WHEN ((morceaux.morceau[2] ~~ 'Ã¢%'::text) AND (length(morceaux.morceau[2]) > 2)) THEN '‘'::text
  ELSE convert_from(convert_to(translate(morceaux.morceau[2], '€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ'::text, ''::text), 'LATIN1'::name), 'UTF8'::name)
 END, ''::text ORDER BY morceaux.rang) AS string_agg
                                       FROM regexp_matches(source.text, (('(('::text || '[ÂÃÄÅ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|Ã |Ã[\u0083ƒ](Â |Ë[\u0086†])|Ã¢â[\u0082‚]¬Ë[\u009cœ]|â[\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]{2}|ð[\u0090-\u00bf‘’“”•–—˜™š›œžŸ][\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]{2}|ï»¿'::text) || ')|[^ÂÃÄÅâðï]+|.)'::text), 'g'::text) WITH ORDINALITY morceaux(morceau, rang)) AS une_fois
                             LIMIT ALL) passe)
                    ELSE source.text
                END AS description_accessoire,
            source._loaded_at AS charge_le
           FROM source
        )
 SELECT id_commande,
    code_accessoire,
    description_accessoire,
    charge_le
   FROM repare;


--
-- Name: int_erp; Type: VIEW; Schema: intermediate; Owner: -
--

CREATE VIEW intermediate.int_erp AS
 WITH a_kopf AS (
         SELECT count(*) AS nb,
            max(stg_erp__a_kopf.charge_le) AS charge_le
           FROM staging.stg_erp__a_kopf
        ), a_logbuch AS (
         SELECT count(*) AS nb,
            max(stg_erp__a_logbuch.charge_le) AS charge_le
           FROM staging.stg_erp__a_logbuch
        ), p_zubeh AS (
         SELECT count(*) AS nb,
            max(stg_erp__p_zubeh.charge_le) AS charge_le
           FROM staging.stg_erp__p_zubeh
        ), a_vorgang AS (
         SELECT count(*) AS nb,
            max(stg_erp__a_vorgang.charge_le) AS charge_le
           FROM staging.stg_erp__a_vorgang
        ), erp AS (
         SELECT 'erp'::text AS cle,
            md5((jsonb_build_array(a_kopf.nb, EXTRACT(epoch FROM a_kopf.charge_le), a_logbuch.nb, EXTRACT(epoch FROM a_logbuch.charge_le), p_zubeh.nb, EXTRACT(epoch FROM p_zubeh.charge_le), a_vorgang.nb, EXTRACT(epoch FROM a_vorgang.charge_le)))::text) AS empreinte
           FROM (((a_kopf
             CROSS JOIN a_logbuch)
             CROSS JOIN p_zubeh)
             CROSS JOIN a_vorgang)
        )
 SELECT cle,
    empreinte
   FROM erp;


--
-- Name: int_fichiers; Type: TABLE; Schema: intermediate; Owner: -
--

CREATE TABLE intermediate.int_fichiers (
    dossier text COLLATE pg_catalog."C",
    fichier text COLLATE pg_catalog."C",
    taille_octets bigint,
    modifie_le timestamp with time zone,
    charge_le timestamp with time zone,
    nb_lignes integer,
    version_fichier bigint,
    cle text COLLATE pg_catalog."C",
    fichier_id uuid,
    empreinte text
);


--
-- Name: log_lines; Type: TABLE; Schema: raw; Owner: -
--

CREATE TABLE raw.log_lines (
    folder text COLLATE pg_catalog."C",
    file_name text COLLATE pg_catalog."C",
    line_number integer,
    line text,
    file_version bigint
);


--
-- Name: stg_logs__lines; Type: VIEW; Schema: staging; Owner: -
--

CREATE VIEW staging.stg_logs__lines AS
 WITH source AS (
         SELECT log_lines.folder,
            log_lines.file_name,
            log_lines.line_number,
            log_lines.line,
            log_lines.file_version
           FROM raw.log_lines
        ), sans_marque AS (
         SELECT source.file_version AS version_fichier,
            source.folder AS dossier,
            source.file_name AS fichier,
            source.line_number AS numero_ligne,
                CASE
                    WHEN ((source.line_number = 1) AND starts_with(source.line, 'ï»¿'::text)) THEN substr(source.line, 4)
                    ELSE source.line
                END AS ligne
           FROM source
        ), repare AS (
         SELECT sans_marque.version_fichier,
            sans_marque.dossier,
            sans_marque.fichier,
            sans_marque.numero_ligne,
                CASE
                    WHEN (octet_length(sans_marque.ligne) = length(sans_marque.ligne)) THEN sans_marque.ligne
                    WHEN ((octet_length(sans_marque.ligne) > (length(sans_marque.ligne) + 1)) AND (sans_marque.ligne ~ '^([\u0001-\u007f]|[\u00c2-\u00df][\u0080-\u00bf]|\u00e0[\u00a0-\u00bf][\u0080-\u00bf]|[\u00e1-\u00ec\u00ee\u00ef][\u0080-\u00bf]{2}|\u00ed[\u0080-\u009f][\u0080-\u00bf]|\u00f0[\u0090-\u00bf][\u0080-\u00bf]{2}|[\u00f1-\u00f3][\u0080-\u00bf]{3}|\u00f4[\u0080-\u008f][\u0080-\u00bf]{2})*$'::text)) THEN convert_from(convert_to(sans_marque.ligne, 'LATIN1'::name), 'UTF8'::name)
                    WHEN (sans_marque.ligne ~ '[\u0081\u008d\u008f\u0090\u009d]'::text) THEN translate(sans_marque.ligne, ''::text, '€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ'::text)
                    ELSE convert_from(convert_to(sans_marque.ligne, 'LATIN1'::name), 'WIN1252'::name)
                END AS ligne
           FROM sans_marque
        )
 SELECT version_fichier,
    dossier,
    fichier,
    numero_ligne,
    ligne
   FROM repare;


--
-- Name: int_lignes_lues; Type: VIEW; Schema: intermediate; Owner: -
--

CREATE VIEW intermediate.int_lignes_lues AS
 WITH lignes AS (
         SELECT stg_logs__lines.version_fichier,
            stg_logs__lines.dossier,
            stg_logs__lines.fichier,
            stg_logs__lines.numero_ligne,
            stg_logs__lines.ligne
           FROM staging.stg_logs__lines
        ), nettoyees AS (
         SELECT lignes.version_fichier,
            lignes.numero_ligne,
                CASE
                    WHEN (lignes.ligne ~~ '________ __:__:__|@%'::text) THEN lignes.ligne
                    ELSE btrim(lignes.ligne, ' 	
'::text)
                END AS ligne
           FROM lignes
         LIMIT ALL
        ), reconnues AS (
         SELECT nettoyees.version_fichier,
            nettoyees.numero_ligne,
            nettoyees.ligne,
                CASE
                    WHEN (nettoyees.ligne ~~ '________ __:__:__|@%'::text) THEN "left"(nettoyees.ligne, 17)
                    WHEN (nettoyees.ligne ~ '^[0-9]{8}[ \t\v\f\r]+[0-9]{2}:[0-9]{2}:[0-9]{2}[ \t\v\f\r]*[|][ \t\v\f\r]*@[ \t\v\f\r]*[^: \t\v\f\r]'::text) THEN (("left"(nettoyees.ligne, 8) || ' '::text) || "left"(ltrim(substr(nettoyees.ligne, 9), ' 	
'::text), 8))
                    ELSE NULL::text
                END AS moment,
                CASE
                    WHEN (nettoyees.ligne ~~ '________ __:__:__|@%'::text) THEN substr(nettoyees.ligne, 20)
                    ELSE substr(nettoyees.ligne, (strpos(nettoyees.ligne, '@'::text) + 1))
                END AS contenu
           FROM nettoyees
          WHERE (nettoyees.ligne <> ''::text)
         LIMIT ALL
        ), datees AS (
         SELECT reconnues.version_fichier,
            reconnues.numero_ligne,
            reconnues.ligne,
            reconnues.moment,
                CASE
                    WHEN pg_input_is_valid(reconnues.moment, 'timestamp'::text) THEN (reconnues.moment)::timestamp without time zone
                    ELSE NULL::timestamp without time zone
                END AS instant,
            reconnues.contenu
           FROM reconnues
         LIMIT ALL
        ), horodatees AS (
         SELECT datees.version_fichier,
            datees.numero_ligne,
            datees.ligne,
                CASE
                    WHEN (to_char(datees.instant, 'YYYYMMDD HH24:MI:SS'::text) = datees.moment) THEN datees.instant
                    ELSE NULL::timestamp without time zone
                END AS horodatage,
            btrim(split_part(datees.contenu, ':'::text, 1), ' 	
'::text) AS evenement,
            datees.contenu
           FROM datees
         LIMIT ALL
        ), evenements AS (
         SELECT horodatees.version_fichier,
            horodatees.numero_ligne,
            horodatees.ligne,
                CASE
                    WHEN (horodatees.evenement <> ''::text) THEN horodatees.horodatage
                    ELSE NULL::timestamp without time zone
                END AS horodatage,
                CASE
                    WHEN (horodatees.horodatage IS NOT NULL) THEN NULLIF(horodatees.evenement, ''::text)
                    ELSE NULL::text
                END AS evenement,
                CASE
                    WHEN ((horodatees.horodatage IS NOT NULL) AND (horodatees.evenement <> ''::text)) THEN NULLIF(btrim(substr(horodatees.contenu, (NULLIF(strpos(horodatees.contenu, ':'::text), 0) + 1)), ' 	
'::text), ''::text)
                    ELSE NULL::text
                END AS details
           FROM horodatees
         LIMIT ALL
        ), mots AS (
         SELECT evenements.version_fichier,
            evenements.numero_ligne,
            evenements.ligne,
            evenements.horodatage,
            evenements.evenement,
            evenements.details,
                CASE
                    WHEN (evenements.evenement = 'MachineWait'::text) THEN ltrim(COALESCE(regexp_substr(evenements.details, '(?:(?:^|[ \t\v\f\r])-)?[0-9]+(?:[.,][0-9]+)?(?=[ \t\v\f\r]*sec)'::text, 1, 1, 'i'::text), regexp_substr(evenements.details, '(?:(?:^|[ \t\v\f\r])-)?[0-9]+(?:[.,][0-9]+)?'::text)), ' 	
'::text)
                    ELSE NULL::text
                END AS attente,
                CASE
                    WHEN (evenements.evenement = 'JobProfiel'::text) THEN substr(regexp_substr(evenements.details, '(?:^|[ \t\v\f\r])L:[^ \t\v\f\r]*'::text), (strpos(regexp_substr(evenements.details, '(?:^|[ \t\v\f\r])L:[^ \t\v\f\r]*'::text), ':'::text) + 1))
                    ELSE NULL::text
                END AS mot_longueur,
                CASE
                    WHEN (evenements.evenement = 'JobProfiel'::text) THEN NULLIF(substr(regexp_substr(evenements.details, '(?:^|[ \t\v\f\r])R:[^ \t\v\f\r]*'::text), (strpos(regexp_substr(evenements.details, '(?:^|[ \t\v\f\r])R:[^ \t\v\f\r]*'::text), ':'::text) + 1)), ''::text)
                    ELSE NULL::text
                END AS reference,
                CASE
                    WHEN (evenements.evenement = 'JobProfiel'::text) THEN NULLIF(btrim(regexp_replace(regexp_replace(regexp_substr(evenements.details, '(?:^|[ \t\v\f\r])C:.*$'::text), '^[ \t\v\f\r]?C:'::text, ''::text), '[ \t\v\f\r][A-Za-z]:.*$'::text, ''::text), ' 	
'::text), ''::text)
                    ELSE NULL::text
                END AS couleur
           FROM evenements
         LIMIT ALL
        ), nombres AS (
         SELECT mots.version_fichier,
            mots.numero_ligne,
            mots.ligne,
            mots.horodatage,
            mots.evenement,
            mots.details,
            mots.attente,
            mots.mot_longueur,
            mots.reference,
            mots.couleur,
                CASE
                    WHEN (mots.attente !~~ '-%'::text) THEN
                    CASE
                        WHEN (length(ltrim(split_part(translate(mots.attente, ','::text, '.'::text), '.'::text, 1), '0'::text)) <= 5) THEN (((('0'::text || ltrim(split_part(translate(mots.attente, ','::text, '.'::text), '.'::text, 1), '0'::text)) || '.'::text) || "left"(split_part(translate(mots.attente, ','::text, '.'::text), '.'::text, 2), 1000)))::numeric
                        ELSE NULL::numeric
                    END
                    ELSE NULL::numeric
                END AS secondes,
                CASE
                    WHEN (mots.mot_longueur ~ '^[0-9]+(?:[.,][0-9]+)?$'::text) THEN
                    CASE
                        WHEN (length(ltrim(split_part(translate(mots.mot_longueur, ','::text, '.'::text), '.'::text, 1), '0'::text)) <= 12) THEN (((('0'::text || ltrim(split_part(translate(mots.mot_longueur, ','::text, '.'::text), '.'::text, 1), '0'::text)) || '.'::text) || "left"(split_part(translate(mots.mot_longueur, ','::text, '.'::text), '.'::text, 2), 1000)))::numeric
                        ELSE NULL::numeric
                    END
                    ELSE NULL::numeric
                END AS millimetres
           FROM mots
         LIMIT ALL
        ), mesures AS (
         SELECT nombres.version_fichier,
            nombres.numero_ligne,
            nombres.ligne,
            nombres.horodatage,
                CASE
                    WHEN (nombres.horodatage IS NOT NULL) THEN GREATEST(((nombres.horodatage - '00:00:00'::interval))::date, '0001-01-01'::date)
                    ELSE NULL::date
                END AS date_production,
            nombres.evenement,
            nombres.details,
            nombres.reference,
            nombres.couleur,
                CASE
                    WHEN ((nombres.secondes > (0)::numeric) AND (nombres.secondes <= (86400)::numeric) AND ((nombres.horodatage + ((round(LEAST(nombres.secondes, (86400)::numeric), 6))::double precision * '00:00:01'::interval)) < '10000-01-01 00:00:00'::timestamp without time zone)) THEN nombres.secondes
                    ELSE NULL::numeric
                END AS duree_secondes,
                CASE
                    WHEN (nombres.millimetres < 999999999999.995) THEN round(nombres.millimetres, 2)
                    ELSE NULL::numeric
                END AS longueur
           FROM nombres
         LIMIT ALL
        ), lues AS (
         SELECT mesures.version_fichier,
            mesures.numero_ligne,
            mesures.ligne,
            mesures.horodatage,
            mesures.date_production,
            mesures.evenement,
            mesures.details,
            mesures.reference,
            mesures.couleur,
            mesures.duree_secondes,
            mesures.longueur,
                CASE
                    WHEN (mesures.horodatage IS NULL) THEN
                    CASE
                        WHEN (mesures.ligne ~ '^[0-9]{8}[ \t\v\f\r]+[0-9]{2}:[0-9]{2}:[0-9]{2}[ \t\v\f\r]*[|][ \t\v\f\r]*@[ \t\v\f\r]*[^: \t\v\f\r]'::text) THEN 'horodatage'::text
                        ELSE 'format'::text
                    END
                    WHEN ((mesures.evenement = 'MachineWait'::text) AND (mesures.duree_secondes IS NULL)) THEN 'duree'::text
                    WHEN ((mesures.evenement = 'JobProfiel'::text) AND ((mesures.reference IS NULL) OR (mesures.longueur IS NULL))) THEN 'profil'::text
                    ELSE NULL::text
                END AS motif
           FROM mesures
        )
 SELECT version_fichier,
    numero_ligne,
    btrim(ligne, ' 	
'::text) AS ligne,
    horodatage,
    date_production,
    evenement,
    details,
    duree_secondes,
    reference,
    longueur,
    couleur,
    motif
   FROM lues;


--
-- Name: int_pieces; Type: VIEW; Schema: intermediate; Owner: -
--

CREATE VIEW intermediate.int_pieces AS
 WITH evenements AS (
         SELECT int_evenements.session_id,
            int_evenements.fichier,
            int_evenements.numero_ligne,
            int_evenements.horodatage,
            int_evenements.evenement,
            int_evenements.details,
            int_evenements.duree_secondes,
            int_evenements.reference,
            int_evenements.longueur,
            int_evenements.couleur,
            int_evenements.motif
           FROM intermediate.int_evenements
          WHERE ((int_evenements.evenement = ANY (ARRAY['StukUitgevoerd'::text, 'JobProfiel'::text])) AND (int_evenements.motif IS NULL))
        ), numerotes AS (
         SELECT evenements.session_id,
            evenements.evenement,
            evenements.horodatage,
            evenements.details,
            count(*) FILTER (WHERE (evenements.evenement = 'StukUitgevoerd'::text)) OVER ordre AS numero_piece,
            count(*) FILTER (WHERE (evenements.evenement = 'JobProfiel'::text)) OVER ordre AS numero_profil
           FROM evenements
          WINDOW ordre AS (PARTITION BY evenements.session_id ORDER BY (evenements.fichier COLLATE "C"), evenements.numero_ligne)
        ), pieces AS (
         SELECT numerotes.session_id,
            (numerotes.numero_piece)::integer AS numero_piece,
            numerotes.horodatage AS timestamp_production,
            numerotes.details,
            (NULLIF(numerotes.numero_profil, 0))::integer AS numero_profil
           FROM numerotes
          WHERE (numerotes.evenement = 'StukUitgevoerd'::text)
        )
 SELECT session_id,
    numero_piece,
    timestamp_production,
    details,
    numero_profil
   FROM pieces;


--
-- Name: int_profils; Type: VIEW; Schema: intermediate; Owner: -
--

CREATE VIEW intermediate.int_profils AS
 WITH evenements AS (
         SELECT int_evenements.session_id,
            int_evenements.fichier,
            int_evenements.numero_ligne,
            int_evenements.horodatage,
            int_evenements.evenement,
            int_evenements.details,
            int_evenements.duree_secondes,
            int_evenements.reference,
            int_evenements.longueur,
            int_evenements.couleur,
            int_evenements.motif
           FROM intermediate.int_evenements
          WHERE ((int_evenements.evenement = 'JobProfiel'::text) AND (int_evenements.motif IS NULL))
        ), profils AS (
         SELECT evenements.session_id,
            evenements.reference,
            evenements.longueur,
            evenements.couleur,
            evenements.horodatage AS timestamp_debut,
            (row_number() OVER (PARTITION BY evenements.session_id ORDER BY (evenements.fichier COLLATE "C"), evenements.numero_ligne))::integer AS numero_profil
           FROM evenements
        )
 SELECT session_id,
    reference,
    longueur,
    couleur,
    timestamp_debut,
    numero_profil
   FROM profils;


--
-- Name: int_sessions; Type: VIEW; Schema: intermediate; Owner: -
--

CREATE VIEW intermediate.int_sessions AS
 WITH centres AS (
         SELECT centres.dossier,
            centres.nom,
            centres.type_cu,
            centres.description,
            centres.actif
           FROM seeds.centres
        ), fichiers_jours AS (
         SELECT int_fichiers_jours.fichier_id,
            int_fichiers_jours.dossier,
            int_fichiers_jours.fichier,
            int_fichiers_jours.empreinte,
            int_fichiers_jours.date_production,
            int_fichiers_jours.nb_lignes,
            int_fichiers_jours.nb_evenements,
            int_fichiers_jours.nb_rejets,
            int_fichiers_jours.session_id
           FROM intermediate.int_fichiers_jours
        ), sessions AS (
         SELECT fichiers_jours.session_id,
            (fichiers_jours.session_id)::text AS cle,
            fichiers_jours.dossier,
            fichiers_jours.date_production,
            string_agg(((fichiers_jours.dossier || '/'::text) || fichiers_jours.fichier), ', '::text ORDER BY (fichiers_jours.fichier COLLATE "C")) AS fichier_log_source,
            md5(string_agg(((fichiers_jours.fichier || ' '::text) || fichiers_jours.empreinte), ', '::text ORDER BY (fichiers_jours.fichier COLLATE "C"))) AS empreinte
           FROM (fichiers_jours
             JOIN centres ON ((fichiers_jours.dossier = centres.dossier)))
          WHERE (fichiers_jours.session_id IS NOT NULL)
          GROUP BY fichiers_jours.session_id, fichiers_jours.dossier, fichiers_jours.date_production
        )
 SELECT session_id,
    cle,
    dossier,
    date_production,
    fichier_log_source,
    empreinte
   FROM sessions;


--
-- Name: int_sessions_metriques; Type: VIEW; Schema: intermediate; Owner: -
--

CREATE VIEW intermediate.int_sessions_metriques AS
 WITH evenements AS (
         SELECT int_evenements.session_id,
            int_evenements.fichier,
            int_evenements.numero_ligne,
            int_evenements.horodatage,
            int_evenements.evenement,
            int_evenements.details,
            int_evenements.duree_secondes,
            int_evenements.reference,
            int_evenements.longueur,
            int_evenements.couleur,
            int_evenements.motif
           FROM intermediate.int_evenements
        ), attentes AS (
         SELECT int_attentes.session_id,
            int_attentes.timestamp_debut,
            int_attentes.timestamp_fin,
            int_attentes.duree_secondes,
            int_attentes.numero_attente
           FROM intermediate.int_attentes
        ), arrets AS (
         SELECT int_arrets.session_id,
            int_arrets.timestamp_debut,
            int_arrets.timestamp_fin,
            int_arrets.duree_secondes,
            int_arrets.numero_arret
           FROM intermediate.int_arrets
        ), faits AS (
         SELECT evenements.session_id,
            evenements.evenement,
            evenements.horodatage,
            NULL::numeric AS secondes_attente,
            NULL::numeric AS secondes_arret,
            NULL::tsrange AS attente,
            NULL::tsrange AS arret
           FROM evenements
        UNION ALL
         SELECT attentes.session_id,
            'attente'::text AS evenement,
            NULL::timestamp without time zone AS horodatage,
            attentes.duree_secondes AS secondes_attente,
            NULL::numeric AS secondes_arret,
            tsrange(attentes.timestamp_debut, attentes.timestamp_fin) AS attente,
            NULL::tsrange AS arret
           FROM attentes
        UNION ALL
         SELECT arrets.session_id,
            'arret'::text AS evenement,
            NULL::timestamp without time zone AS horodatage,
            NULL::numeric AS secondes_attente,
            arrets.duree_secondes AS secondes_arret,
            NULL::tsrange AS attente,
            tsrange(arrets.timestamp_debut, arrets.timestamp_fin) AS arret
           FROM arrets
        ), sessions AS (
         SELECT faits.session_id,
            min(faits.horodatage) FILTER (WHERE (faits.evenement = 'StukUitgevoerd'::text)) AS heure_premiere_piece,
            max(faits.horodatage) FILTER (WHERE (faits.evenement = 'StukUitgevoerd'::text)) AS heure_derniere_piece,
            min(faits.horodatage) FILTER (WHERE (faits.evenement = 'MachineStart'::text)) AS heure_premier_machine_start,
            max(faits.horodatage) FILTER (WHERE (faits.evenement = 'MachineStop'::text)) AS heure_dernier_machine_stop,
            (count(*) FILTER (WHERE (faits.evenement = 'StukUitgevoerd'::text)))::integer AS total_pieces,
            COALESCE(sum(faits.secondes_attente), (0)::numeric) AS secondes_attente,
            COALESCE(sum(faits.secondes_arret), (0)::numeric) AS secondes_arret,
            COALESCE(range_agg(faits.attente) FILTER (WHERE (faits.attente IS NOT NULL)), '{}'::tsmultirange) AS attentes,
            COALESCE(range_agg(faits.arret) FILTER (WHERE (faits.arret IS NOT NULL)), '{}'::tsmultirange) AS arrets
           FROM faits
          GROUP BY faits.session_id
        ), fenetres AS (
         SELECT sessions.session_id,
            sessions.heure_premiere_piece,
            sessions.heure_derniere_piece,
            sessions.heure_premier_machine_start,
            sessions.heure_dernier_machine_stop,
            sessions.total_pieces,
            sessions.secondes_attente,
            sessions.secondes_arret,
            sessions.attentes,
            sessions.arrets,
            EXTRACT(epoch FROM (sessions.heure_derniere_piece - sessions.heure_premiere_piece)) AS secondes_fenetre,
            (sessions.arrets * tsmultirange(tsrange(sessions.heure_premiere_piece, sessions.heure_derniere_piece))) AS arrets_nets,
            ((sessions.attentes * tsmultirange(tsrange(sessions.heure_premiere_piece, sessions.heure_derniere_piece))) - sessions.arrets) AS attentes_nettes
           FROM sessions
        ), metriques AS (
         SELECT fenetres.session_id,
            fenetres.heure_premiere_piece,
            fenetres.heure_derniere_piece,
            fenetres.heure_premier_machine_start,
            fenetres.heure_dernier_machine_stop,
            fenetres.total_pieces,
            fenetres.secondes_fenetre,
            fenetres.secondes_attente,
            fenetres.secondes_arret,
                CASE
                    WHEN (fenetres.total_pieces > 0) THEN ( SELECT COALESCE(sum(EXTRACT(epoch FROM (upper(periodes.periode) - lower(periodes.periode)))), (0)::numeric) AS "coalesce"
                       FROM unnest(fenetres.attentes_nettes) periodes(periode))
                    ELSE NULL::numeric
                END AS secondes_attente_nette,
                CASE
                    WHEN (fenetres.total_pieces > 0) THEN ( SELECT COALESCE(sum(EXTRACT(epoch FROM (upper(periodes.periode) - lower(periodes.periode)))), (0)::numeric) AS "coalesce"
                       FROM unnest(fenetres.arrets_nets) periodes(periode))
                    ELSE NULL::numeric
                END AS secondes_arret_net
           FROM fenetres
        )
 SELECT session_id,
    heure_premiere_piece,
    heure_derniere_piece,
    heure_premier_machine_start,
    heure_dernier_machine_stop,
    total_pieces,
    secondes_fenetre,
    secondes_attente,
    secondes_arret,
    secondes_attente_nette,
    secondes_arret_net
   FROM metriques;


--
-- Name: alertes; Type: TABLE; Schema: marts; Owner: -
--

CREATE TABLE marts.alertes (
    id uuid,
    type text,
    gravite text,
    sujet_type text,
    centre text,
    dossier text COLLATE pg_catalog."C",
    date_production date,
    fichier text COLLATE pg_catalog."C",
    id_commande character varying(32),
    message text COLLATE pg_catalog."C",
    valeur numeric,
    seuil numeric,
    survenue_le timestamp without time zone
);


--
-- Name: chronologie; Type: TABLE; Schema: marts; Owner: -
--

CREATE TABLE marts.chronologie (
    id uuid,
    session_id uuid,
    numero_segment integer,
    etat text,
    timestamp_debut timestamp without time zone,
    timestamp_fin timestamp without time zone,
    duree_secondes numeric
);


--
-- Name: commandes_volets_accessoires; Type: TABLE; Schema: marts; Owner: -
--

CREATE TABLE marts.commandes_volets_accessoires (
    id uuid,
    id_commande character varying(32),
    code_accessoire text COLLATE pg_catalog."C",
    description_accessoire text COLLATE pg_catalog."C"
);


--
-- Name: commandes_volets_historique; Type: TABLE; Schema: marts; Owner: -
--

CREATE TABLE marts.commandes_volets_historique (
    id uuid,
    id_commande character varying(32),
    numero_commande integer,
    extension text COLLATE pg_catalog."C",
    statut text COLLATE pg_catalog."C",
    affaire text COLLATE pg_catalog."C",
    date_modification timestamp without time zone,
    code_accessoire text COLLATE pg_catalog."C",
    description_accessoire text COLLATE pg_catalog."C",
    numero_operation text COLLATE pg_catalog."C",
    description_operation text COLLATE pg_catalog."C",
    date_synchronisation timestamp with time zone,
    valide_du timestamp with time zone,
    valide_au timestamp with time zone,
    est_actuelle boolean
);


--
-- Name: commandes_volets_planifications; Type: TABLE; Schema: marts; Owner: -
--

CREATE TABLE marts.commandes_volets_planifications (
    id uuid,
    id_commande character varying(32),
    date_modification timestamp without time zone,
    note text COLLATE pg_catalog."C"
);


--
-- Name: job_profil; Type: TABLE; Schema: marts; Owner: -
--

CREATE TABLE marts.job_profil (
    id uuid,
    session_id uuid,
    reference text COLLATE pg_catalog."C",
    longueur numeric(14,2),
    couleur text COLLATE pg_catalog."C",
    timestamp_debut timestamp without time zone
);


--
-- Name: lignes_rejetees; Type: TABLE; Schema: marts; Owner: -
--

CREATE TABLE marts.lignes_rejetees (
    dossier text COLLATE pg_catalog."C",
    fichier text COLLATE pg_catalog."C",
    numero_ligne integer,
    ligne text COLLATE pg_catalog."C",
    motif text
);


--
-- Name: piece_production; Type: TABLE; Schema: marts; Owner: -
--

CREATE TABLE marts.piece_production (
    id uuid,
    session_id uuid,
    numero_piece integer,
    timestamp_production timestamp without time zone,
    details text COLLATE pg_catalog."C",
    job_profil_id uuid
);


--
-- Name: production_hebdomadaire; Type: TABLE; Schema: marts; Owner: -
--

CREATE TABLE marts.production_hebdomadaire (
    id uuid,
    centre_usinage_id uuid,
    annee_iso integer,
    semaine_iso integer,
    date_debut date,
    jours_avec_pieces integer,
    pieces integer,
    cadence numeric,
    temps_cycle_median numeric(14,2),
    duree_production_totale numeric(14,4),
    temps_production_net numeric(14,4),
    temps_attente_net numeric(14,4),
    temps_arret_net numeric(14,4),
    taux_occupation_net numeric(18,2),
    taux_attente_net numeric(18,2),
    taux_arret_net numeric(18,2),
    nombre_arrets integer,
    plus_long_arret numeric,
    nombre_attentes integer,
    plus_longue_attente numeric,
    metres_profil numeric,
    date_precedente date,
    variation_pieces numeric,
    variation_cadence numeric
);


--
-- Name: production_horaire; Type: TABLE; Schema: marts; Owner: -
--

CREATE TABLE marts.production_horaire (
    id uuid,
    session_id uuid,
    centre_usinage_id uuid,
    date_production date,
    heure timestamp without time zone,
    heure_du_jour integer,
    pieces integer,
    secondes_production numeric,
    secondes_attente numeric,
    secondes_arret numeric
);


--
-- Name: production_journaliere; Type: TABLE; Schema: marts; Owner: -
--

CREATE TABLE marts.production_journaliere (
    id uuid,
    session_id uuid,
    centre_usinage_id uuid,
    date_production date,
    pieces integer,
    cadence numeric,
    temps_cycle_median numeric(14,2),
    duree_production_totale numeric(14,4),
    temps_production_net numeric(14,4),
    temps_attente_net numeric(14,4),
    temps_arret_net numeric(14,4),
    taux_occupation_net numeric(18,2),
    taux_attente_net numeric(18,2),
    taux_arret_net numeric(18,2),
    nombre_arrets integer,
    plus_long_arret numeric,
    nombre_attentes integer,
    plus_longue_attente numeric,
    metres_profil numeric,
    date_precedente date,
    variation_pieces numeric,
    variation_cadence numeric
);


--
-- Name: production_profil; Type: TABLE; Schema: marts; Owner: -
--

CREATE TABLE marts.production_profil (
    id uuid,
    reference text COLLATE pg_catalog."C",
    couleur text COLLATE pg_catalog."C",
    barres integer,
    metres numeric,
    pieces integer,
    temps_cycle_moyen numeric(14,2),
    nombre_sessions integer,
    premiere_utilisation timestamp without time zone,
    derniere_utilisation timestamp without time zone
);


--
-- Name: production_profil_journaliere; Type: TABLE; Schema: marts; Owner: -
--

CREATE TABLE marts.production_profil_journaliere (
    id uuid,
    session_id uuid,
    centre_usinage_id uuid,
    date_production date,
    reference text COLLATE pg_catalog."C",
    couleur text COLLATE pg_catalog."C",
    barres integer,
    metres numeric,
    pieces integer,
    nombre_cycles integer,
    secondes_cycles numeric,
    temps_cycle_median numeric(14,2),
    premiere_utilisation timestamp without time zone,
    derniere_utilisation timestamp without time zone
);


--
-- Name: revisions; Type: TABLE; Schema: marts; Owner: -
--

CREATE TABLE marts.revisions (
    id bigint,
    session_id uuid,
    dossier text,
    date_production date,
    colonne text,
    ancienne_valeur text,
    nouvelle_valeur text,
    cause text,
    fichiers text,
    execution_id bigint,
    charge_le timestamp with time zone,
    revisee_le timestamp with time zone
);


--
-- Name: load_runs_run_id_seq; Type: SEQUENCE; Schema: raw; Owner: -
--

ALTER TABLE raw.load_runs ALTER COLUMN run_id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME raw.load_runs_run_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: log_file_version; Type: SEQUENCE; Schema: raw; Owner: -
--

CREATE SEQUENCE raw.log_file_version
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;


--
-- Name: log_files; Type: TABLE; Schema: raw; Owner: -
--

CREATE TABLE raw.log_files (
    folder text COLLATE pg_catalog."C",
    file_name text COLLATE pg_catalog."C",
    size_bytes bigint,
    modified_at timestamp with time zone,
    line_count integer,
    loaded_at timestamp with time zone DEFAULT now(),
    file_version bigint
);


--
-- Name: stg_historique__revisions; Type: VIEW; Schema: staging; Owner: -
--

CREATE VIEW staging.stg_historique__revisions AS
 WITH source AS (
         SELECT revisions_1.id,
            revisions_1.session_id,
            revisions_1.dossier,
            revisions_1.date_production,
            revisions_1.colonne,
            revisions_1.ancienne_valeur,
            revisions_1.nouvelle_valeur,
            revisions_1.cause,
            revisions_1.fichiers,
            revisions_1.execution_id,
            revisions_1.charge_le,
            revisions_1.revisee_le
           FROM historique.revisions revisions_1
        ), revisions AS (
         SELECT source.id,
            source.session_id,
            source.dossier,
            source.date_production,
            source.colonne,
            source.ancienne_valeur,
            source.nouvelle_valeur,
            source.cause,
            source.fichiers,
            source.execution_id,
            source.charge_le,
            source.revisee_le
           FROM source
        )
 SELECT id,
    session_id,
    dossier,
    date_production,
    colonne,
    ancienne_valeur,
    nouvelle_valeur,
    cause,
    fichiers,
    execution_id,
    charge_le,
    revisee_le
   FROM revisions;


--
-- Name: stg_logs__files; Type: VIEW; Schema: staging; Owner: -
--

CREATE VIEW staging.stg_logs__files AS
 WITH source AS (
         SELECT log_files.folder,
            log_files.file_name,
            log_files.size_bytes,
            log_files.modified_at,
            log_files.line_count,
            log_files.loaded_at,
            log_files.file_version
           FROM raw.log_files
        ), renomme AS (
         SELECT source.folder AS dossier,
            source.file_name AS fichier,
            source.file_version AS version_fichier,
            source.size_bytes AS taille_octets,
            source.modified_at AS modifie_le,
            source.loaded_at AS charge_le,
            source.line_count AS nb_lignes
           FROM source
        )
 SELECT dossier,
    fichier,
    version_fichier,
    taille_octets,
    modifie_le,
    charge_le,
    nb_lignes
   FROM renomme;


--
-- Name: dossiers_a_declarer; Type: TABLE; Schema: verifications; Owner: -
--

CREATE TABLE verifications.dossiers_a_declarer (
    dossier text COLLATE pg_catalog."C",
    nb_fichiers bigint,
    nb_evenements bigint,
    dernier_chargement timestamp with time zone
);


--
-- Data for Name: commandes_volets_versions; Type: TABLE DATA; Schema: historique; Owner: -
--

COPY historique.commandes_volets_versions (id_commande, numero_commande, extension, statut, affaire, date_modification, code_accessoire, description_accessoire, numero_operation, description_operation, date_synchronisation, dbt_scd_id, dbt_updated_at, dbt_valid_from, dbt_valid_to) FROM stdin;
A1	101	A	Réglé	Dupont	2025-05-21 10:00:00	VR1	Volet	10	Débit	2026-11-22 10:07:59.314653+00	524dc5cfe1619d8012fccc2cb02c8a26	2026-11-22 10:08:20.545986+00	2026-11-22 10:08:20.545986+00	\N
A2	102	\N	ouvert	\N	\N	S P		\N	\N	2026-11-22 10:07:59.314653+00	0aff82504e97410829ec55a08d20e3cd	2026-11-22 10:08:20.545986+00	2026-11-22 10:08:20.545986+00	\N
\.


--
-- Data for Name: dernier_chargement; Type: TABLE DATA; Schema: historique; Owner: -
--

COPY historique.dernier_chargement (une_seule_ligne, commence_le) FROM stdin;
t	2026-11-22 10:07:58.77779+00
\.


--
-- Data for Name: revisions; Type: TABLE DATA; Schema: historique; Owner: -
--

COPY historique.revisions (id, session_id, dossier, date_production, colonne, ancienne_valeur, nouvelle_valeur, cause, fichiers, execution_id, charge_le, revisee_le) FROM stdin;
\.


--
-- Data for Name: sessions_connues; Type: TABLE DATA; Schema: historique; Owner: -
--

COPY historique.sessions_connues (session_id, dossier, date_production, chiffres, fichiers, debut_journee, notee_le) FROM stdin;
31c5923f-a82d-2e37-ba14-3d8bcbe91b66	DEM12 (PVC)	2025-05-28	{"taux_attente": 0.11, "total_pieces": 11, "temps_attente": 0.0069, "taux_arret_net": 0.27, "taux_occupation": 99.61, "temps_arret_net": 0.0167, "taux_attente_net": 0.11, "temps_attente_net": 0.0069, "taux_occupation_net": 99.62, "heure_derniere_piece": "2025-05-28T08:06:00", "heure_premiere_piece": "2025-05-28T02:01:00", "temps_production_net": 6.0597, "taux_arret_volontaire": 0.27, "temps_arret_volontaire": 0.0167, "duree_production_totale": 6.0833, "temps_production_effectif": 6.0597, "heure_dernier_machine_stop": "2025-05-28T08:02:00", "heure_premier_machine_start": "2025-05-28T02:02:30"}	{"20250527.LOG": "2 1795342079.132253", "20250528.LOG": "3 1795342079.132253"}	00:00	2026-11-22 10:08:20.577943+00
e78e6ef7-0553-184e-49f7-abbb798cf123	DEM12 (PVC)	2025-05-26	{"taux_attente": 6.94, "total_pieces": 4, "temps_attente": 0.0035, "taux_arret_net": 16.67, "taux_occupation": 76.39, "temps_arret_net": 0.0083, "taux_attente_net": 6.94, "temps_attente_net": 0.0035, "taux_occupation_net": 76.39, "heure_derniere_piece": "2025-05-26T08:04:00", "heure_premiere_piece": "2025-05-26T08:01:00", "temps_production_net": 0.0382, "taux_arret_volontaire": 16.67, "temps_arret_volontaire": 0.0083, "duree_production_totale": 0.0500, "temps_production_effectif": 0.0382, "heure_dernier_machine_stop": "2025-05-26T08:02:00", "heure_premier_machine_start": "2025-05-26T08:02:30"}	{"20250526.LOG": "1 1795342079.132253"}	00:00	2026-11-22 10:08:20.577943+00
7da81310-4ff9-4a59-fc1f-301f6ef05879	DEMALU (ALU)	2025-05-26	{"taux_attente": 5.21, "total_pieces": 5, "temps_attente": 0.0035, "taux_arret_net": 12.50, "taux_occupation": 82.29, "temps_arret_net": 0.0083, "taux_attente_net": 5.21, "temps_attente_net": 0.0035, "taux_occupation_net": 82.29, "heure_derniere_piece": "2025-05-26T08:05:00", "heure_premiere_piece": "2025-05-26T08:01:00", "temps_production_net": 0.0549, "taux_arret_volontaire": 12.50, "temps_arret_volontaire": 0.0083, "duree_production_totale": 0.0667, "temps_production_effectif": 0.0549, "heure_dernier_machine_stop": "2025-05-26T08:02:00", "heure_premier_machine_start": "2025-05-26T08:02:30"}	{"20250526.LOG": "4 1795342079.132253"}	00:00	2026-11-22 10:08:20.577943+00
f73f695d-104e-7562-82d8-cd3ff8c589d1	DEM12 (PVC)	2025-05-27	{"taux_attente": 10.42, "total_pieces": 3, "temps_attente": 0.0035, "taux_arret_net": 25.00, "taux_occupation": 64.58, "temps_arret_net": 0.0083, "taux_attente_net": 10.42, "temps_attente_net": 0.0035, "taux_occupation_net": 64.58, "heure_derniere_piece": "2025-05-27T08:03:00", "heure_premiere_piece": "2025-05-27T08:01:00", "temps_production_net": 0.0215, "taux_arret_volontaire": 25.00, "temps_arret_volontaire": 0.0083, "duree_production_totale": 0.0333, "temps_production_effectif": 0.0215, "heure_dernier_machine_stop": "2025-05-27T08:02:00", "heure_premier_machine_start": "2025-05-27T08:02:30"}	{"20250527.LOG": "2 1795342079.132253"}	00:00	2026-11-22 10:08:20.577943+00
\.


--
-- Data for Name: etat_construction; Type: TABLE DATA; Schema: intermediate; Owner: -
--

COPY intermediate.etat_construction (modele, cle, empreinte) FROM stdin;
stg_erp__a_logbuch	vue	0e593d941e3daa8f0638e30322ade08c 17083
stg_erp__p_zubeh	vue	78e89d59c93e5ff38f5c64eb62f554e7 17079
stg_historique__revisions	vue	257ed2d3b7e5e9fc8d58ec30f811cea6 17074
stg_erp__a_vorgang	vue	8c354c437a7371e2602625d437b494b7 17089
stg_logs__lines	vue	65efe36e0530ed40a317097a873b8e03 17094
stg_erp__a_kopf	vue	973fc80b317d63daf151a11d780b86fa 17104
int_lignes_lues	vue	327c6916ce42abe4496347d59ea10f03 17105
stg_logs__files	vue	77cd0ff36fcada3eee826acc554f2707 17119
int_erp	vue	d18ee31adb0bcd42a5bf18ca2c2d770d 17114
stg_chargements__executions	vue	00284e1aed638753fce87e33ae8cbfd3 17123
int_commandes_accessoires	erp	9331d4816f347976866a1f524ca4d5e4
int_commandes_planifications	erp	9331d4816f347976866a1f524ca4d5e4
int_lignes	DEM12 (PVC)/20250526.LOG	1 1795342079.132253 00:00
int_lignes	DEM12 (PVC)/20250527.LOG	2 1795342079.132253 00:00
int_lignes	DEM12 (PVC)/20250528.LOG	3 1795342079.132253 00:00
int_lignes	DEMALU (ALU)/20250526.LOG	4 1795342079.132253 00:00
int_lignes	DEMALU (ALU)/20250603.LOG	5 1795342079.132253 00:00
int_lignes	INCONNU/20250526.LOG	6 1795342079.132253 00:00
int_erp_orphelines	erp	9331d4816f347976866a1f524ca4d5e4
int_commandes_volets	vue	74af17d90adafee81c9a33e268cfd915 17194
int_fichiers_evenements	DEM12 (PVC)/20250526.LOG	1 1795342079.132253 00:00
int_fichiers_evenements	DEM12 (PVC)/20250527.LOG	2 1795342079.132253 00:00
int_fichiers_evenements	DEM12 (PVC)/20250528.LOG	3 1795342079.132253 00:00
int_fichiers_evenements	DEMALU (ALU)/20250526.LOG	4 1795342079.132253 00:00
int_fichiers_evenements	DEMALU (ALU)/20250603.LOG	5 1795342079.132253 00:00
int_fichiers_evenements	INCONNU/20250526.LOG	6 1795342079.132253 00:00
int_fichiers_jours	DEM12 (PVC)/20250526.LOG	1 1795342079.132253 00:00
int_fichiers_jours	DEM12 (PVC)/20250527.LOG	2 1795342079.132253 00:00
int_fichiers_jours	DEM12 (PVC)/20250528.LOG	3 1795342079.132253 00:00
int_fichiers_jours	DEMALU (ALU)/20250526.LOG	4 1795342079.132253 00:00
int_fichiers_jours	DEMALU (ALU)/20250603.LOG	5 1795342079.132253 00:00
int_fichiers_jours	INCONNU/20250526.LOG	6 1795342079.132253 00:00
lignes_rejetees	DEM12 (PVC)/20250526.LOG	1 1795342079.132253 00:00
lignes_rejetees	DEM12 (PVC)/20250527.LOG	2 1795342079.132253 00:00
lignes_rejetees	DEM12 (PVC)/20250528.LOG	3 1795342079.132253 00:00
lignes_rejetees	DEMALU (ALU)/20250526.LOG	4 1795342079.132253 00:00
lignes_rejetees	DEMALU (ALU)/20250603.LOG	5 1795342079.132253 00:00
lignes_rejetees	INCONNU/20250526.LOG	6 1795342079.132253 00:00
int_commandes_selection	vue	a3538c61dea1ffd9ad473a4f84256a8f 17256
int_evenements	vue	ff566ce79d05a680bcd29e2f48764927 17263
int_sessions	vue	12fc66efebf56e8ee177ad91e67a7658 17275
commandes_volets	erp	9331d4816f347976866a1f524ca4d5e4
int_arrets	vue	3f1734886dc4189f9c5d3e0396a0870b 17296
int_attentes	vue	8474d4a6e9f8d7a720567153ca0d0448 17303
int_pieces	vue	5ade77f3a6bb38ac154aecee01d6fc66 17308
int_profils	vue	62b82f599c147b15f5639662ea6052e5 17313
int_sessions_metriques	vue	d375d64644a65b262899fbb05196a47b 17325
commandes_volets_accessoires	erp	9331d4816f347976866a1f524ca4d5e4
commandes_volets_operations	erp	9331d4816f347976866a1f524ca4d5e4
commandes_volets_planifications	erp	9331d4816f347976866a1f524ca4d5e4
int_commandes_versions	vue	f361c831f736f8115d578dd6ef477529 17393
session_production	31c5923f-a82d-2e37-ba14-3d8bcbe91b66	431e925cabd1af83cf3047e9b2c69529
session_production	7da81310-4ff9-4a59-fc1f-301f6ef05879	618eb3b2b173035bf990d0c182c58d6d
session_production	e78e6ef7-0553-184e-49f7-abbb798cf123	e7f8cb813493612db57f1681887728c2
session_production	f73f695d-104e-7562-82d8-cd3ff8c589d1	053a543e1c76fd37cfa201c63c77ad15
int_horloge	vue	3c85c120f1309e293bd553b69bfd6664 17438
commandes_volets_historique	A1	1 1795342100.545986
commandes_volets_historique	A2	1 1795342100.545986
periode_arret	31c5923f-a82d-2e37-ba14-3d8bcbe91b66	431e925cabd1af83cf3047e9b2c69529
periode_arret	7da81310-4ff9-4a59-fc1f-301f6ef05879	618eb3b2b173035bf990d0c182c58d6d
periode_arret	e78e6ef7-0553-184e-49f7-abbb798cf123	e7f8cb813493612db57f1681887728c2
periode_arret	f73f695d-104e-7562-82d8-cd3ff8c589d1	053a543e1c76fd37cfa201c63c77ad15
job_profil	31c5923f-a82d-2e37-ba14-3d8bcbe91b66	431e925cabd1af83cf3047e9b2c69529
job_profil	7da81310-4ff9-4a59-fc1f-301f6ef05879	618eb3b2b173035bf990d0c182c58d6d
job_profil	e78e6ef7-0553-184e-49f7-abbb798cf123	e7f8cb813493612db57f1681887728c2
job_profil	f73f695d-104e-7562-82d8-cd3ff8c589d1	053a543e1c76fd37cfa201c63c77ad15
int_alertes_chargements	vue	bf2c6c58c0e98fb04f866596e9992988 17514
periode_attente	31c5923f-a82d-2e37-ba14-3d8bcbe91b66	431e925cabd1af83cf3047e9b2c69529
periode_attente	7da81310-4ff9-4a59-fc1f-301f6ef05879	618eb3b2b173035bf990d0c182c58d6d
periode_attente	e78e6ef7-0553-184e-49f7-abbb798cf123	e7f8cb813493612db57f1681887728c2
periode_attente	f73f695d-104e-7562-82d8-cd3ff8c589d1	053a543e1c76fd37cfa201c63c77ad15
int_alertes_commandes	vue	8ccc396ba57f4c9c43dcd61c9a44a179 17521
int_alertes_fichiers	vue	8c9c2a3f3cbb331d7678e9eaed2bf5a6 17528
int_sessions_surveillees	vue	dce73b31587c6149cf0d142ee797fdb4 17533
chronologie	7da81310-4ff9-4a59-fc1f-301f6ef05879	b1465ffb7b95caaee195c0e2dc0b20db
chronologie	f73f695d-104e-7562-82d8-cd3ff8c589d1	28524b3bcf966bb4bf334327b7bfa83c
chronologie	e78e6ef7-0553-184e-49f7-abbb798cf123	e43be660049b68e23f4eb05dc77d89a3
chronologie	31c5923f-a82d-2e37-ba14-3d8bcbe91b66	3b026d09fdc05bffa786c5adbde22b9a
piece_production	31c5923f-a82d-2e37-ba14-3d8bcbe91b66	431e925cabd1af83cf3047e9b2c69529
piece_production	7da81310-4ff9-4a59-fc1f-301f6ef05879	618eb3b2b173035bf990d0c182c58d6d
piece_production	e78e6ef7-0553-184e-49f7-abbb798cf123	e7f8cb813493612db57f1681887728c2
piece_production	f73f695d-104e-7562-82d8-cd3ff8c589d1	053a543e1c76fd37cfa201c63c77ad15
int_alertes_periodes	vue	00886d95eed07c0b3c079ff9d36fea89 17585
int_alertes_silences	vue	1d7bb61c28af8e09236ab4d6a5fdb8bc 17590
int_alertes_sessions	vue	9a29485a64b906b84c76d6da59fe24a8 17595
production_profil_journaliere	7da81310-4ff9-4a59-fc1f-301f6ef05879	b1465ffb7b95caaee195c0e2dc0b20db
production_profil_journaliere	f73f695d-104e-7562-82d8-cd3ff8c589d1	28524b3bcf966bb4bf334327b7bfa83c
production_profil_journaliere	e78e6ef7-0553-184e-49f7-abbb798cf123	e43be660049b68e23f4eb05dc77d89a3
production_profil_journaliere	31c5923f-a82d-2e37-ba14-3d8bcbe91b66	3b026d09fdc05bffa786c5adbde22b9a
production_horaire	7da81310-4ff9-4a59-fc1f-301f6ef05879	a747555faf22422081f98c426bb3412a
production_horaire	f73f695d-104e-7562-82d8-cd3ff8c589d1	4191411ce5b2ab6200e72ff1fbaa0533
production_horaire	e78e6ef7-0553-184e-49f7-abbb798cf123	336a0dc33a941eb259ce127c6b698c2e
production_horaire	31c5923f-a82d-2e37-ba14-3d8bcbe91b66	342a73de55c00101fd227636a7f99a15
production_journaliere	bc86b3e7-cb0d-abb8-f749-443706bef32e	ecfa13c6238d3eff0ed05ecb6edd5162
production_journaliere	0a53e52c-89d7-9ff4-be46-955ce1906d2b	1f26b647c963ababc9efa546c8103aa1
production_journaliere	0b9866f9-ec2b-0adb-9db7-dbb835758203	26a1140cce96fdea21651755aef556d5
production_journaliere	705d711c-2cdc-af8f-0d3c-3ebc242a661e	d8bd9d1516251cf117b27e2f1001ba8f
production_hebdomadaire	bc86b3e7-cb0d-abb8-f749-443706bef32e	ecfa13c6238d3eff0ed05ecb6edd5162
production_hebdomadaire	0a53e52c-89d7-9ff4-be46-955ce1906d2b	4d5a96514f4857244a285c9c9dd36d3f
\.


--
-- Data for Name: int_commandes_accessoires; Type: TABLE DATA; Schema: intermediate; Owner: -
--

COPY intermediate.int_commandes_accessoires (id_commande, code_accessoire, description_accessoire, charge_le) FROM stdin;
A1	VR1	Volet	2026-11-22 10:07:59.314653+00
A2	S P		2026-11-22 10:07:59.314653+00
\.


--
-- Data for Name: int_commandes_planifications; Type: TABLE DATA; Schema: intermediate; Owner: -
--

COPY intermediate.int_commandes_planifications (id_commande, date_modification, note, charge_le) FROM stdin;
A1	2025-05-20 10:00:00	cde Planifiée	2026-11-22 10:07:59.314653+00
A1	2025-05-21 10:00:00	Réglé : cde Planifiée	2026-11-22 10:07:59.314653+00
A2	\N	cde Planifiée	2026-11-22 10:07:59.314653+00
\.


--
-- Data for Name: int_erp_orphelines; Type: TABLE DATA; Schema: intermediate; Owner: -
--

COPY intermediate.int_erp_orphelines (nom_table, nb_orphelines, nb_lignes) FROM stdin;
a_vorgang	0	1
p_zubeh	0	2
a_logbuch	0	3
\.


--
-- Data for Name: int_fichiers; Type: TABLE DATA; Schema: intermediate; Owner: -
--

COPY intermediate.int_fichiers (dossier, fichier, taille_octets, modifie_le, charge_le, nb_lignes, version_fichier, cle, fichier_id, empreinte) FROM stdin;
DEM12 (PVC)	20250526.LOG	400	2025-05-29 06:26:40+00	2026-11-22 10:07:59.132253+00	10	1	DEM12 (PVC)/20250526.LOG	de356005-bd85-03af-2fdd-7f5f5cfb4746	1 1795342079.132253 00:00
DEM12 (PVC)	20250527.LOG	800	2025-05-29 06:26:40+00	2026-11-22 10:07:59.132253+00	20	2	DEM12 (PVC)/20250527.LOG	51dabf9e-f761-c9db-58b9-d7067a102179	2 1795342079.132253 00:00
DEM12 (PVC)	20250528.LOG	488	2025-05-29 06:26:40+00	2026-11-22 10:07:59.132253+00	12	3	DEM12 (PVC)/20250528.LOG	63775802-4fa0-bde6-a372-b2bc1d0ca54a	3 1795342079.132253 00:00
DEMALU (ALU)	20250526.LOG	444	2025-05-29 06:26:40+00	2026-11-22 10:07:59.132253+00	11	4	DEMALU (ALU)/20250526.LOG	69e2697a-5a90-97fe-5628-b933785858f1	4 1795342079.132253 00:00
DEMALU (ALU)	20250603.LOG	0	2025-05-29 06:26:40+00	2026-11-22 10:07:59.132253+00	0	5	DEMALU (ALU)/20250603.LOG	0d86630c-6f6c-4f5a-1fc9-4a6aa9f15a83	5 1795342079.132253 00:00
INCONNU	20250526.LOG	312	2025-05-29 06:26:40+00	2026-11-22 10:07:59.132253+00	8	6	INCONNU/20250526.LOG	fc32f06b-e34d-b40a-66ec-9909fda4a68e	6 1795342079.132253 00:00
\.


--
-- Data for Name: int_fichiers_evenements; Type: TABLE DATA; Schema: intermediate; Owner: -
--

COPY intermediate.int_fichiers_evenements (fichier_id, dossier, fichier, date_production, evenement, premiere_fois, nb) FROM stdin;
\.


--
-- Data for Name: int_fichiers_jours; Type: TABLE DATA; Schema: intermediate; Owner: -
--

COPY intermediate.int_fichiers_jours (fichier_id, dossier, fichier, empreinte, date_production, nb_lignes, nb_evenements, nb_rejets, session_id) FROM stdin;
de356005-bd85-03af-2fdd-7f5f5cfb4746	DEM12 (PVC)	20250526.LOG	1 1795342079.132253 00:00	\N	2	0	2	\N
de356005-bd85-03af-2fdd-7f5f5cfb4746	DEM12 (PVC)	20250526.LOG	1 1795342079.132253 00:00	2025-05-26	8	8	0	e78e6ef7-0553-184e-49f7-abbb798cf123
51dabf9e-f761-c9db-58b9-d7067a102179	DEM12 (PVC)	20250527.LOG	2 1795342079.132253 00:00	2025-05-28	9	9	0	31c5923f-a82d-2e37-ba14-3d8bcbe91b66
51dabf9e-f761-c9db-58b9-d7067a102179	DEM12 (PVC)	20250527.LOG	2 1795342079.132253 00:00	\N	4	0	4	\N
51dabf9e-f761-c9db-58b9-d7067a102179	DEM12 (PVC)	20250527.LOG	2 1795342079.132253 00:00	2025-05-27	7	7	0	f73f695d-104e-7562-82d8-cd3ff8c589d1
63775802-4fa0-bde6-a372-b2bc1d0ca54a	DEM12 (PVC)	20250528.LOG	3 1795342079.132253 00:00	\N	2	0	2	\N
63775802-4fa0-bde6-a372-b2bc1d0ca54a	DEM12 (PVC)	20250528.LOG	3 1795342079.132253 00:00	2025-05-28	10	10	0	31c5923f-a82d-2e37-ba14-3d8bcbe91b66
69e2697a-5a90-97fe-5628-b933785858f1	DEMALU (ALU)	20250526.LOG	4 1795342079.132253 00:00	\N	2	0	2	\N
69e2697a-5a90-97fe-5628-b933785858f1	DEMALU (ALU)	20250526.LOG	4 1795342079.132253 00:00	2025-05-26	9	9	0	7da81310-4ff9-4a59-fc1f-301f6ef05879
fc32f06b-e34d-b40a-66ec-9909fda4a68e	INCONNU	20250526.LOG	6 1795342079.132253 00:00	\N	2	0	2	\N
fc32f06b-e34d-b40a-66ec-9909fda4a68e	INCONNU	20250526.LOG	6 1795342079.132253 00:00	2025-05-26	6	6	0	16fc0f3c-bf8d-5d72-6dd1-7e5257e89e75
\.


--
-- Data for Name: int_lignes; Type: TABLE DATA; Schema: intermediate; Owner: -
--

COPY intermediate.int_lignes (fichier_id, numero_ligne, horodatage, date_production, evenement, details, duree_secondes, reference, longueur, couleur, motif, ligne) FROM stdin;
de356005-bd85-03af-2fdd-7f5f5cfb4746	1	2025-05-26 08:00:00	2025-05-26	JobProfiel	R:215023 L:3359.0 C:7016 G ALU	\N	215023	3359.00	7016 G ALU	\N	\N
de356005-bd85-03af-2fdd-7f5f5cfb4746	2	2025-05-26 08:01:00	2025-05-26	StukUitgevoerd	pièce 1	\N	\N	\N	\N	\N	\N
de356005-bd85-03af-2fdd-7f5f5cfb4746	3	2025-05-26 08:02:00	2025-05-26	StukUitgevoerd	pièce 2	\N	\N	\N	\N	\N	\N
de356005-bd85-03af-2fdd-7f5f5cfb4746	4	2025-05-26 08:03:00	2025-05-26	StukUitgevoerd	pièce 3	\N	\N	\N	\N	\N	\N
de356005-bd85-03af-2fdd-7f5f5cfb4746	5	2025-05-26 08:04:00	2025-05-26	StukUitgevoerd	pièce 4	\N	\N	\N	\N	\N	\N
de356005-bd85-03af-2fdd-7f5f5cfb4746	6	2025-05-26 08:01:30	2025-05-26	MachineWait	12,5 sec	12.5	\N	\N	\N	\N	\N
de356005-bd85-03af-2fdd-7f5f5cfb4746	7	2025-05-26 08:02:00	2025-05-26	MachineStop	\N	\N	\N	\N	\N	\N	\N
de356005-bd85-03af-2fdd-7f5f5cfb4746	8	2025-05-26 08:02:30	2025-05-26	MachineStart	\N	\N	\N	\N	\N	\N	\N
de356005-bd85-03af-2fdd-7f5f5cfb4746	9	\N	\N	\N	\N	\N	\N	\N	\N	horodatage	20250526 25:00:00|@StukUitgevoerd: jamais
de356005-bd85-03af-2fdd-7f5f5cfb4746	10	\N	\N	\N	\N	\N	\N	\N	\N	format	illisible
51dabf9e-f761-c9db-58b9-d7067a102179	1	2025-05-27 08:00:00	2025-05-27	JobProfiel	R:215023 L:3359.0 C:7016 G ALU	\N	215023	3359.00	7016 G ALU	\N	\N
51dabf9e-f761-c9db-58b9-d7067a102179	2	2025-05-27 08:01:00	2025-05-27	StukUitgevoerd	pièce 1	\N	\N	\N	\N	\N	\N
51dabf9e-f761-c9db-58b9-d7067a102179	3	2025-05-27 08:02:00	2025-05-27	StukUitgevoerd	pièce 2	\N	\N	\N	\N	\N	\N
51dabf9e-f761-c9db-58b9-d7067a102179	4	2025-05-27 08:03:00	2025-05-27	StukUitgevoerd	pièce 3	\N	\N	\N	\N	\N	\N
51dabf9e-f761-c9db-58b9-d7067a102179	5	2025-05-27 08:01:30	2025-05-27	MachineWait	12,5 sec	12.5	\N	\N	\N	\N	\N
51dabf9e-f761-c9db-58b9-d7067a102179	6	2025-05-27 08:02:00	2025-05-27	MachineStop	\N	\N	\N	\N	\N	\N	\N
51dabf9e-f761-c9db-58b9-d7067a102179	7	2025-05-27 08:02:30	2025-05-27	MachineStart	\N	\N	\N	\N	\N	\N	\N
51dabf9e-f761-c9db-58b9-d7067a102179	8	\N	\N	\N	\N	\N	\N	\N	\N	horodatage	20250527 25:00:00|@StukUitgevoerd: jamais
51dabf9e-f761-c9db-58b9-d7067a102179	9	\N	\N	\N	\N	\N	\N	\N	\N	format	illisible
51dabf9e-f761-c9db-58b9-d7067a102179	10	2025-05-28 02:00:00	2025-05-28	JobProfiel	R:215023 L:3359.0 C:7016 G ALU	\N	215023	3359.00	7016 G ALU	\N	\N
51dabf9e-f761-c9db-58b9-d7067a102179	11	2025-05-28 02:01:00	2025-05-28	StukUitgevoerd	pièce 1	\N	\N	\N	\N	\N	\N
51dabf9e-f761-c9db-58b9-d7067a102179	12	2025-05-28 02:02:00	2025-05-28	StukUitgevoerd	pièce 2	\N	\N	\N	\N	\N	\N
51dabf9e-f761-c9db-58b9-d7067a102179	13	2025-05-28 02:03:00	2025-05-28	StukUitgevoerd	pièce 3	\N	\N	\N	\N	\N	\N
51dabf9e-f761-c9db-58b9-d7067a102179	14	2025-05-28 02:04:00	2025-05-28	StukUitgevoerd	pièce 4	\N	\N	\N	\N	\N	\N
51dabf9e-f761-c9db-58b9-d7067a102179	15	2025-05-28 02:05:00	2025-05-28	StukUitgevoerd	pièce 5	\N	\N	\N	\N	\N	\N
51dabf9e-f761-c9db-58b9-d7067a102179	16	2025-05-28 02:01:30	2025-05-28	MachineWait	12,5 sec	12.5	\N	\N	\N	\N	\N
51dabf9e-f761-c9db-58b9-d7067a102179	17	2025-05-28 02:02:00	2025-05-28	MachineStop	\N	\N	\N	\N	\N	\N	\N
51dabf9e-f761-c9db-58b9-d7067a102179	18	2025-05-28 02:02:30	2025-05-28	MachineStart	\N	\N	\N	\N	\N	\N	\N
51dabf9e-f761-c9db-58b9-d7067a102179	19	\N	\N	\N	\N	\N	\N	\N	\N	horodatage	20250528 25:00:00|@StukUitgevoerd: jamais
51dabf9e-f761-c9db-58b9-d7067a102179	20	\N	\N	\N	\N	\N	\N	\N	\N	format	illisible
63775802-4fa0-bde6-a372-b2bc1d0ca54a	1	2025-05-28 08:00:00	2025-05-28	JobProfiel	R:215023 L:3359.0 C:7016 G ALU	\N	215023	3359.00	7016 G ALU	\N	\N
63775802-4fa0-bde6-a372-b2bc1d0ca54a	2	2025-05-28 08:01:00	2025-05-28	StukUitgevoerd	pièce 1	\N	\N	\N	\N	\N	\N
63775802-4fa0-bde6-a372-b2bc1d0ca54a	3	2025-05-28 08:02:00	2025-05-28	StukUitgevoerd	pièce 2	\N	\N	\N	\N	\N	\N
63775802-4fa0-bde6-a372-b2bc1d0ca54a	4	2025-05-28 08:03:00	2025-05-28	StukUitgevoerd	pièce 3	\N	\N	\N	\N	\N	\N
63775802-4fa0-bde6-a372-b2bc1d0ca54a	5	2025-05-28 08:04:00	2025-05-28	StukUitgevoerd	pièce 4	\N	\N	\N	\N	\N	\N
63775802-4fa0-bde6-a372-b2bc1d0ca54a	6	2025-05-28 08:05:00	2025-05-28	StukUitgevoerd	pièce 5	\N	\N	\N	\N	\N	\N
63775802-4fa0-bde6-a372-b2bc1d0ca54a	7	2025-05-28 08:06:00	2025-05-28	StukUitgevoerd	pièce 6	\N	\N	\N	\N	\N	\N
63775802-4fa0-bde6-a372-b2bc1d0ca54a	8	2025-05-28 08:01:30	2025-05-28	MachineWait	12,5 sec	12.5	\N	\N	\N	\N	\N
63775802-4fa0-bde6-a372-b2bc1d0ca54a	9	2025-05-28 08:02:00	2025-05-28	MachineStop	\N	\N	\N	\N	\N	\N	\N
63775802-4fa0-bde6-a372-b2bc1d0ca54a	10	2025-05-28 08:02:30	2025-05-28	MachineStart	\N	\N	\N	\N	\N	\N	\N
63775802-4fa0-bde6-a372-b2bc1d0ca54a	11	\N	\N	\N	\N	\N	\N	\N	\N	horodatage	20250528 25:00:00|@StukUitgevoerd: jamais
63775802-4fa0-bde6-a372-b2bc1d0ca54a	12	\N	\N	\N	\N	\N	\N	\N	\N	format	illisible
69e2697a-5a90-97fe-5628-b933785858f1	1	2025-05-26 08:00:00	2025-05-26	JobProfiel	R:215023 L:3359.0 C:7016 G ALU	\N	215023	3359.00	7016 G ALU	\N	\N
69e2697a-5a90-97fe-5628-b933785858f1	2	2025-05-26 08:01:00	2025-05-26	StukUitgevoerd	pièce 1	\N	\N	\N	\N	\N	\N
69e2697a-5a90-97fe-5628-b933785858f1	3	2025-05-26 08:02:00	2025-05-26	StukUitgevoerd	pièce 2	\N	\N	\N	\N	\N	\N
69e2697a-5a90-97fe-5628-b933785858f1	4	2025-05-26 08:03:00	2025-05-26	StukUitgevoerd	pièce 3	\N	\N	\N	\N	\N	\N
69e2697a-5a90-97fe-5628-b933785858f1	5	2025-05-26 08:04:00	2025-05-26	StukUitgevoerd	pièce 4	\N	\N	\N	\N	\N	\N
69e2697a-5a90-97fe-5628-b933785858f1	6	2025-05-26 08:05:00	2025-05-26	StukUitgevoerd	pièce 5	\N	\N	\N	\N	\N	\N
69e2697a-5a90-97fe-5628-b933785858f1	7	2025-05-26 08:01:30	2025-05-26	MachineWait	12,5 sec	12.5	\N	\N	\N	\N	\N
69e2697a-5a90-97fe-5628-b933785858f1	8	2025-05-26 08:02:00	2025-05-26	MachineStop	\N	\N	\N	\N	\N	\N	\N
69e2697a-5a90-97fe-5628-b933785858f1	9	2025-05-26 08:02:30	2025-05-26	MachineStart	\N	\N	\N	\N	\N	\N	\N
69e2697a-5a90-97fe-5628-b933785858f1	10	\N	\N	\N	\N	\N	\N	\N	\N	horodatage	20250526 25:00:00|@StukUitgevoerd: jamais
69e2697a-5a90-97fe-5628-b933785858f1	11	\N	\N	\N	\N	\N	\N	\N	\N	format	illisible
fc32f06b-e34d-b40a-66ec-9909fda4a68e	1	2025-05-26 08:00:00	2025-05-26	JobProfiel	R:215023 L:3359.0 C:7016 G ALU	\N	215023	3359.00	7016 G ALU	\N	\N
fc32f06b-e34d-b40a-66ec-9909fda4a68e	2	2025-05-26 08:01:00	2025-05-26	StukUitgevoerd	pièce 1	\N	\N	\N	\N	\N	\N
fc32f06b-e34d-b40a-66ec-9909fda4a68e	3	2025-05-26 08:02:00	2025-05-26	StukUitgevoerd	pièce 2	\N	\N	\N	\N	\N	\N
fc32f06b-e34d-b40a-66ec-9909fda4a68e	4	2025-05-26 08:01:30	2025-05-26	MachineWait	12,5 sec	12.5	\N	\N	\N	\N	\N
fc32f06b-e34d-b40a-66ec-9909fda4a68e	5	2025-05-26 08:02:00	2025-05-26	MachineStop	\N	\N	\N	\N	\N	\N	\N
fc32f06b-e34d-b40a-66ec-9909fda4a68e	6	2025-05-26 08:02:30	2025-05-26	MachineStart	\N	\N	\N	\N	\N	\N	\N
fc32f06b-e34d-b40a-66ec-9909fda4a68e	7	\N	\N	\N	\N	\N	\N	\N	\N	horodatage	20250526 25:00:00|@StukUitgevoerd: jamais
fc32f06b-e34d-b40a-66ec-9909fda4a68e	8	\N	\N	\N	\N	\N	\N	\N	\N	format	illisible
\.


--
-- Data for Name: alertes; Type: TABLE DATA; Schema: marts; Owner: -
--

COPY marts.alertes (id, type, gravite, sujet_type, centre, dossier, date_production, fichier, id_commande, message, valeur, seuil, survenue_le) FROM stdin;
82c66abf-48f6-59ed-72aa-064137f76706	silence	critique	jour	DEMALU	DEMALU (ALU)	2025-05-28	\N	\N	DEMALU, 28/05/2025 : aucun événement à partir de 02:01, pendant 6,1 heures où d'autres centres travaillaient (seuil : 6 h). La machine est arrêtée, ou ses fichiers n'arrivent plus.	6.08	6	2025-05-28 02:01:00
c21758c8-5fda-6993-35e3-c2e826920953	dossier_inconnu	avertissement	dossier	\N	INCONNU	\N	\N	\N	Le dossier INCONNU n'est déclaré par aucun centre (fichiers : 1, événements : 6, dans aucune session). À ajouter au seed centres.	1	0	2026-11-22 11:07:59.132253
6504c3fe-9909-9f3f-e502-c3910766ba79	commande_sans_operation	avertissement	commande	\N	\N	\N	\N	A2	La commande 102, planifiée le 22/11/2026, n'a aucune opération.	0	1	2026-11-22 11:07:59.314653
\.


--
-- Data for Name: centre_usinage; Type: TABLE DATA; Schema: marts; Owner: -
--

COPY marts.centre_usinage (id, nom, type_cu, dossier, description, actif) FROM stdin;
f5ac99be-0b57-a4f6-8c04-73bea166b73d	DEM12	PVC	DEM12 (PVC)	Centre d'usinage des profilés PVC	t
5c177a89-a9a2-b49e-ff8f-4a41d112dcf8	DEMALU	ALU	DEMALU (ALU)	Centre d'usinage des profilés aluminium	t
986723ed-201a-b50f-b480-081f6c116a33	SU12	HYBRIDE	SU12 (HYBRIDE)	Centre d'usinage des profilés hybrides PVC et aluminium	t
\.


--
-- Data for Name: chronologie; Type: TABLE DATA; Schema: marts; Owner: -
--

COPY marts.chronologie (id, session_id, numero_segment, etat, timestamp_debut, timestamp_fin, duree_secondes) FROM stdin;
31c5923f-a82d-2e37-ba14-3d8b00000001	31c5923f-a82d-2e37-ba14-3d8bcbe91b66	1	production	2025-05-28 02:01:00	2025-05-28 02:01:30	30.000000
31c5923f-a82d-2e37-ba14-3d8b00000002	31c5923f-a82d-2e37-ba14-3d8bcbe91b66	2	attente	2025-05-28 02:01:30	2025-05-28 02:01:42.5	12.500000
31c5923f-a82d-2e37-ba14-3d8b00000003	31c5923f-a82d-2e37-ba14-3d8bcbe91b66	3	production	2025-05-28 02:01:42.5	2025-05-28 02:02:00	17.500000
31c5923f-a82d-2e37-ba14-3d8b00000004	31c5923f-a82d-2e37-ba14-3d8bcbe91b66	4	arret	2025-05-28 02:02:00	2025-05-28 02:02:30	30.000000
31c5923f-a82d-2e37-ba14-3d8b00000005	31c5923f-a82d-2e37-ba14-3d8bcbe91b66	5	production	2025-05-28 02:02:30	2025-05-28 08:01:30	21540.000000
31c5923f-a82d-2e37-ba14-3d8b00000006	31c5923f-a82d-2e37-ba14-3d8bcbe91b66	6	attente	2025-05-28 08:01:30	2025-05-28 08:01:42.5	12.500000
31c5923f-a82d-2e37-ba14-3d8b00000007	31c5923f-a82d-2e37-ba14-3d8bcbe91b66	7	production	2025-05-28 08:01:42.5	2025-05-28 08:02:00	17.500000
31c5923f-a82d-2e37-ba14-3d8b00000008	31c5923f-a82d-2e37-ba14-3d8bcbe91b66	8	arret	2025-05-28 08:02:00	2025-05-28 08:02:30	30.000000
31c5923f-a82d-2e37-ba14-3d8b00000009	31c5923f-a82d-2e37-ba14-3d8bcbe91b66	9	production	2025-05-28 08:02:30	2025-05-28 08:06:00	210.000000
7da81310-4ff9-4a59-fc1f-301f00000001	7da81310-4ff9-4a59-fc1f-301f6ef05879	1	production	2025-05-26 08:01:00	2025-05-26 08:01:30	30.000000
7da81310-4ff9-4a59-fc1f-301f00000002	7da81310-4ff9-4a59-fc1f-301f6ef05879	2	attente	2025-05-26 08:01:30	2025-05-26 08:01:42.5	12.500000
7da81310-4ff9-4a59-fc1f-301f00000003	7da81310-4ff9-4a59-fc1f-301f6ef05879	3	production	2025-05-26 08:01:42.5	2025-05-26 08:02:00	17.500000
7da81310-4ff9-4a59-fc1f-301f00000004	7da81310-4ff9-4a59-fc1f-301f6ef05879	4	arret	2025-05-26 08:02:00	2025-05-26 08:02:30	30.000000
7da81310-4ff9-4a59-fc1f-301f00000005	7da81310-4ff9-4a59-fc1f-301f6ef05879	5	production	2025-05-26 08:02:30	2025-05-26 08:05:00	150.000000
e78e6ef7-0553-184e-49f7-abbb00000001	e78e6ef7-0553-184e-49f7-abbb798cf123	1	production	2025-05-26 08:01:00	2025-05-26 08:01:30	30.000000
e78e6ef7-0553-184e-49f7-abbb00000002	e78e6ef7-0553-184e-49f7-abbb798cf123	2	attente	2025-05-26 08:01:30	2025-05-26 08:01:42.5	12.500000
e78e6ef7-0553-184e-49f7-abbb00000003	e78e6ef7-0553-184e-49f7-abbb798cf123	3	production	2025-05-26 08:01:42.5	2025-05-26 08:02:00	17.500000
e78e6ef7-0553-184e-49f7-abbb00000004	e78e6ef7-0553-184e-49f7-abbb798cf123	4	arret	2025-05-26 08:02:00	2025-05-26 08:02:30	30.000000
e78e6ef7-0553-184e-49f7-abbb00000005	e78e6ef7-0553-184e-49f7-abbb798cf123	5	production	2025-05-26 08:02:30	2025-05-26 08:04:00	90.000000
f73f695d-104e-7562-82d8-cd3f00000001	f73f695d-104e-7562-82d8-cd3ff8c589d1	1	production	2025-05-27 08:01:00	2025-05-27 08:01:30	30.000000
f73f695d-104e-7562-82d8-cd3f00000002	f73f695d-104e-7562-82d8-cd3ff8c589d1	2	attente	2025-05-27 08:01:30	2025-05-27 08:01:42.5	12.500000
f73f695d-104e-7562-82d8-cd3f00000003	f73f695d-104e-7562-82d8-cd3ff8c589d1	3	production	2025-05-27 08:01:42.5	2025-05-27 08:02:00	17.500000
f73f695d-104e-7562-82d8-cd3f00000004	f73f695d-104e-7562-82d8-cd3ff8c589d1	4	arret	2025-05-27 08:02:00	2025-05-27 08:02:30	30.000000
f73f695d-104e-7562-82d8-cd3f00000005	f73f695d-104e-7562-82d8-cd3ff8c589d1	5	production	2025-05-27 08:02:30	2025-05-27 08:03:00	30.000000
\.


--
-- Data for Name: commandes_volets; Type: TABLE DATA; Schema: marts; Owner: -
--

COPY marts.commandes_volets (id_commande, numero_commande, extension, statut, affaire, date_modification, code_accessoire, description_accessoire, numero_operation, description_operation, date_synchronisation) FROM stdin;
A1	101	A	Réglé	Dupont	2025-05-21 10:00:00	VR1	Volet	10	Débit	2026-11-22 10:07:59.314653+00
A2	102	\N	ouvert	\N	\N	S P		\N	\N	2026-11-22 10:07:59.314653+00
\.


--
-- Data for Name: commandes_volets_accessoires; Type: TABLE DATA; Schema: marts; Owner: -
--

COPY marts.commandes_volets_accessoires (id, id_commande, code_accessoire, description_accessoire) FROM stdin;
c422b423-3bf4-d22b-22d9-707a68f9106f	A2	S P	
e7ea4711-2d2e-18bf-0e38-a3ff83c337e1	A1	VR1	Volet
\.


--
-- Data for Name: commandes_volets_historique; Type: TABLE DATA; Schema: marts; Owner: -
--

COPY marts.commandes_volets_historique (id, id_commande, numero_commande, extension, statut, affaire, date_modification, code_accessoire, description_accessoire, numero_operation, description_operation, date_synchronisation, valide_du, valide_au, est_actuelle) FROM stdin;
77aecfa1-bd10-e32e-030f-f897b3a322c0	A1	101	A	Réglé	Dupont	2025-05-21 10:00:00	VR1	Volet	10	Débit	2026-11-22 10:07:59.314653+00	2026-11-22 10:08:20.545986+00	\N	t
6f1c562d-7645-bab9-3d11-dd09b914be13	A2	102	\N	ouvert	\N	\N	S P		\N	\N	2026-11-22 10:07:59.314653+00	2026-11-22 10:08:20.545986+00	\N	t
\.


--
-- Data for Name: commandes_volets_operations; Type: TABLE DATA; Schema: marts; Owner: -
--

COPY marts.commandes_volets_operations (id, id_commande, numero_operation, description_operation) FROM stdin;
9131d36e-70b5-c3fd-cea0-75f14f069ac8	A1	10	Débit
\.


--
-- Data for Name: commandes_volets_planifications; Type: TABLE DATA; Schema: marts; Owner: -
--

COPY marts.commandes_volets_planifications (id, id_commande, date_modification, note) FROM stdin;
55ba802f-7141-1429-2ff7-769e2947c090	A2	\N	cde Planifiée
55c3b7db-d3ed-6547-07b9-3fcb77fd4f1e	A1	2025-05-21 10:00:00	Réglé : cde Planifiée
b935b0a0-5514-919c-194a-7007821062bf	A1	2025-05-20 10:00:00	cde Planifiée
\.


--
-- Data for Name: job_profil; Type: TABLE DATA; Schema: marts; Owner: -
--

COPY marts.job_profil (id, session_id, reference, longueur, couleur, timestamp_debut) FROM stdin;
31c5923f-a82d-2e37-ba14-3d8b00000001	31c5923f-a82d-2e37-ba14-3d8bcbe91b66	215023	3359.00	7016 G ALU	2025-05-28 02:00:00
31c5923f-a82d-2e37-ba14-3d8b00000002	31c5923f-a82d-2e37-ba14-3d8bcbe91b66	215023	3359.00	7016 G ALU	2025-05-28 08:00:00
7da81310-4ff9-4a59-fc1f-301f00000001	7da81310-4ff9-4a59-fc1f-301f6ef05879	215023	3359.00	7016 G ALU	2025-05-26 08:00:00
e78e6ef7-0553-184e-49f7-abbb00000001	e78e6ef7-0553-184e-49f7-abbb798cf123	215023	3359.00	7016 G ALU	2025-05-26 08:00:00
f73f695d-104e-7562-82d8-cd3f00000001	f73f695d-104e-7562-82d8-cd3ff8c589d1	215023	3359.00	7016 G ALU	2025-05-27 08:00:00
\.


--
-- Data for Name: lignes_rejetees; Type: TABLE DATA; Schema: marts; Owner: -
--

COPY marts.lignes_rejetees (dossier, fichier, numero_ligne, ligne, motif) FROM stdin;
DEM12 (PVC)	20250526.LOG	10	illisible	format
DEM12 (PVC)	20250526.LOG	9	20250526 25:00:00|@StukUitgevoerd: jamais	horodatage
DEM12 (PVC)	20250527.LOG	20	illisible	format
DEM12 (PVC)	20250527.LOG	19	20250528 25:00:00|@StukUitgevoerd: jamais	horodatage
DEM12 (PVC)	20250527.LOG	9	illisible	format
DEM12 (PVC)	20250527.LOG	8	20250527 25:00:00|@StukUitgevoerd: jamais	horodatage
DEM12 (PVC)	20250528.LOG	12	illisible	format
DEM12 (PVC)	20250528.LOG	11	20250528 25:00:00|@StukUitgevoerd: jamais	horodatage
DEMALU (ALU)	20250526.LOG	11	illisible	format
DEMALU (ALU)	20250526.LOG	10	20250526 25:00:00|@StukUitgevoerd: jamais	horodatage
INCONNU	20250526.LOG	8	illisible	format
INCONNU	20250526.LOG	7	20250526 25:00:00|@StukUitgevoerd: jamais	horodatage
\.


--
-- Data for Name: periode_arret; Type: TABLE DATA; Schema: marts; Owner: -
--

COPY marts.periode_arret (id, session_id, timestamp_debut, timestamp_fin, duree_secondes) FROM stdin;
31c5923f-a82d-2e37-ba14-3d8b00000001	31c5923f-a82d-2e37-ba14-3d8bcbe91b66	2025-05-28 02:02:00	2025-05-28 02:02:30	30.000000
31c5923f-a82d-2e37-ba14-3d8b00000002	31c5923f-a82d-2e37-ba14-3d8bcbe91b66	2025-05-28 08:02:00	2025-05-28 08:02:30	30.000000
7da81310-4ff9-4a59-fc1f-301f00000001	7da81310-4ff9-4a59-fc1f-301f6ef05879	2025-05-26 08:02:00	2025-05-26 08:02:30	30.000000
e78e6ef7-0553-184e-49f7-abbb00000001	e78e6ef7-0553-184e-49f7-abbb798cf123	2025-05-26 08:02:00	2025-05-26 08:02:30	30.000000
f73f695d-104e-7562-82d8-cd3f00000001	f73f695d-104e-7562-82d8-cd3ff8c589d1	2025-05-27 08:02:00	2025-05-27 08:02:30	30.000000
\.


--
-- Data for Name: periode_attente; Type: TABLE DATA; Schema: marts; Owner: -
--

COPY marts.periode_attente (id, session_id, timestamp_debut, timestamp_fin, duree_secondes) FROM stdin;
31c5923f-a82d-2e37-ba14-3d8b00000001	31c5923f-a82d-2e37-ba14-3d8bcbe91b66	2025-05-28 02:01:30	2025-05-28 02:01:42.5	12.5
31c5923f-a82d-2e37-ba14-3d8b00000002	31c5923f-a82d-2e37-ba14-3d8bcbe91b66	2025-05-28 08:01:30	2025-05-28 08:01:42.5	12.5
7da81310-4ff9-4a59-fc1f-301f00000001	7da81310-4ff9-4a59-fc1f-301f6ef05879	2025-05-26 08:01:30	2025-05-26 08:01:42.5	12.5
e78e6ef7-0553-184e-49f7-abbb00000001	e78e6ef7-0553-184e-49f7-abbb798cf123	2025-05-26 08:01:30	2025-05-26 08:01:42.5	12.5
f73f695d-104e-7562-82d8-cd3f00000001	f73f695d-104e-7562-82d8-cd3ff8c589d1	2025-05-27 08:01:30	2025-05-27 08:01:42.5	12.5
\.


--
-- Data for Name: piece_production; Type: TABLE DATA; Schema: marts; Owner: -
--

COPY marts.piece_production (id, session_id, numero_piece, timestamp_production, details, job_profil_id) FROM stdin;
31c5923f-a82d-2e37-ba14-3d8b00000001	31c5923f-a82d-2e37-ba14-3d8bcbe91b66	1	2025-05-28 02:01:00	pièce 1	31c5923f-a82d-2e37-ba14-3d8b00000001
31c5923f-a82d-2e37-ba14-3d8b00000002	31c5923f-a82d-2e37-ba14-3d8bcbe91b66	2	2025-05-28 02:02:00	pièce 2	31c5923f-a82d-2e37-ba14-3d8b00000001
31c5923f-a82d-2e37-ba14-3d8b00000003	31c5923f-a82d-2e37-ba14-3d8bcbe91b66	3	2025-05-28 02:03:00	pièce 3	31c5923f-a82d-2e37-ba14-3d8b00000001
31c5923f-a82d-2e37-ba14-3d8b00000004	31c5923f-a82d-2e37-ba14-3d8bcbe91b66	4	2025-05-28 02:04:00	pièce 4	31c5923f-a82d-2e37-ba14-3d8b00000001
31c5923f-a82d-2e37-ba14-3d8b00000005	31c5923f-a82d-2e37-ba14-3d8bcbe91b66	5	2025-05-28 02:05:00	pièce 5	31c5923f-a82d-2e37-ba14-3d8b00000001
31c5923f-a82d-2e37-ba14-3d8b00000006	31c5923f-a82d-2e37-ba14-3d8bcbe91b66	6	2025-05-28 08:01:00	pièce 1	31c5923f-a82d-2e37-ba14-3d8b00000002
31c5923f-a82d-2e37-ba14-3d8b00000007	31c5923f-a82d-2e37-ba14-3d8bcbe91b66	7	2025-05-28 08:02:00	pièce 2	31c5923f-a82d-2e37-ba14-3d8b00000002
31c5923f-a82d-2e37-ba14-3d8b00000008	31c5923f-a82d-2e37-ba14-3d8bcbe91b66	8	2025-05-28 08:03:00	pièce 3	31c5923f-a82d-2e37-ba14-3d8b00000002
31c5923f-a82d-2e37-ba14-3d8b00000009	31c5923f-a82d-2e37-ba14-3d8bcbe91b66	9	2025-05-28 08:04:00	pièce 4	31c5923f-a82d-2e37-ba14-3d8b00000002
31c5923f-a82d-2e37-ba14-3d8b0000000a	31c5923f-a82d-2e37-ba14-3d8bcbe91b66	10	2025-05-28 08:05:00	pièce 5	31c5923f-a82d-2e37-ba14-3d8b00000002
31c5923f-a82d-2e37-ba14-3d8b0000000b	31c5923f-a82d-2e37-ba14-3d8bcbe91b66	11	2025-05-28 08:06:00	pièce 6	31c5923f-a82d-2e37-ba14-3d8b00000002
7da81310-4ff9-4a59-fc1f-301f00000001	7da81310-4ff9-4a59-fc1f-301f6ef05879	1	2025-05-26 08:01:00	pièce 1	7da81310-4ff9-4a59-fc1f-301f00000001
7da81310-4ff9-4a59-fc1f-301f00000002	7da81310-4ff9-4a59-fc1f-301f6ef05879	2	2025-05-26 08:02:00	pièce 2	7da81310-4ff9-4a59-fc1f-301f00000001
7da81310-4ff9-4a59-fc1f-301f00000003	7da81310-4ff9-4a59-fc1f-301f6ef05879	3	2025-05-26 08:03:00	pièce 3	7da81310-4ff9-4a59-fc1f-301f00000001
7da81310-4ff9-4a59-fc1f-301f00000004	7da81310-4ff9-4a59-fc1f-301f6ef05879	4	2025-05-26 08:04:00	pièce 4	7da81310-4ff9-4a59-fc1f-301f00000001
7da81310-4ff9-4a59-fc1f-301f00000005	7da81310-4ff9-4a59-fc1f-301f6ef05879	5	2025-05-26 08:05:00	pièce 5	7da81310-4ff9-4a59-fc1f-301f00000001
e78e6ef7-0553-184e-49f7-abbb00000001	e78e6ef7-0553-184e-49f7-abbb798cf123	1	2025-05-26 08:01:00	pièce 1	e78e6ef7-0553-184e-49f7-abbb00000001
e78e6ef7-0553-184e-49f7-abbb00000002	e78e6ef7-0553-184e-49f7-abbb798cf123	2	2025-05-26 08:02:00	pièce 2	e78e6ef7-0553-184e-49f7-abbb00000001
e78e6ef7-0553-184e-49f7-abbb00000003	e78e6ef7-0553-184e-49f7-abbb798cf123	3	2025-05-26 08:03:00	pièce 3	e78e6ef7-0553-184e-49f7-abbb00000001
e78e6ef7-0553-184e-49f7-abbb00000004	e78e6ef7-0553-184e-49f7-abbb798cf123	4	2025-05-26 08:04:00	pièce 4	e78e6ef7-0553-184e-49f7-abbb00000001
f73f695d-104e-7562-82d8-cd3f00000001	f73f695d-104e-7562-82d8-cd3ff8c589d1	1	2025-05-27 08:01:00	pièce 1	f73f695d-104e-7562-82d8-cd3f00000001
f73f695d-104e-7562-82d8-cd3f00000002	f73f695d-104e-7562-82d8-cd3ff8c589d1	2	2025-05-27 08:02:00	pièce 2	f73f695d-104e-7562-82d8-cd3f00000001
f73f695d-104e-7562-82d8-cd3f00000003	f73f695d-104e-7562-82d8-cd3ff8c589d1	3	2025-05-27 08:03:00	pièce 3	f73f695d-104e-7562-82d8-cd3f00000001
\.


--
-- Data for Name: production_hebdomadaire; Type: TABLE DATA; Schema: marts; Owner: -
--

COPY marts.production_hebdomadaire (id, centre_usinage_id, annee_iso, semaine_iso, date_debut, jours_avec_pieces, pieces, cadence, temps_cycle_median, duree_production_totale, temps_production_net, temps_attente_net, temps_arret_net, taux_occupation_net, taux_attente_net, taux_arret_net, nombre_arrets, plus_long_arret, nombre_attentes, plus_longue_attente, metres_profil, date_precedente, variation_pieces, variation_cadence) FROM stdin;
0a53e52c-89d7-9ff4-be46-955ce1906d2b	f5ac99be-0b57-a4f6-8c04-73bea166b73d	2025	22	2025-05-26	3	18	2.94	60.00	6.1667	6.1195	0.0139	0.0333	99.23	0.23	0.54	4	30	4	12.5	13.44	\N	\N	\N
bc86b3e7-cb0d-abb8-f749-443706bef32e	5c177a89-a9a2-b49e-ff8f-4a41d112dcf8	2025	22	2025-05-26	1	5	91.14	60.00	0.0667	0.0549	0.0035	0.0083	82.29	5.21	12.50	1	30	1	12.5	3.36	\N	\N	\N
\.


--
-- Data for Name: production_horaire; Type: TABLE DATA; Schema: marts; Owner: -
--

COPY marts.production_horaire (id, session_id, centre_usinage_id, date_production, heure, heure_du_jour, pieces, secondes_production, secondes_attente, secondes_arret) FROM stdin;
b31459ab-1af1-47b6-302a-38120bc51a6c	31c5923f-a82d-2e37-ba14-3d8bcbe91b66	f5ac99be-0b57-a4f6-8c04-73bea166b73d	2025-05-28	2025-05-28 07:00:00	7	0	3600.000000	0	0
29564de7-af8c-2fd4-263e-c97a50a66a96	f73f695d-104e-7562-82d8-cd3ff8c589d1	f5ac99be-0b57-a4f6-8c04-73bea166b73d	2025-05-27	2025-05-27 08:00:00	8	3	77.500000	12.500000	30.000000
158cf933-17e7-8d27-ed81-9af2b4bbc60b	7da81310-4ff9-4a59-fc1f-301f6ef05879	5c177a89-a9a2-b49e-ff8f-4a41d112dcf8	2025-05-26	2025-05-26 08:00:00	8	5	197.500000	12.500000	30.000000
8e7224b6-b507-2816-296e-f35360c3cb67	31c5923f-a82d-2e37-ba14-3d8bcbe91b66	f5ac99be-0b57-a4f6-8c04-73bea166b73d	2025-05-28	2025-05-28 08:00:00	8	6	317.500000	12.500000	30.000000
261fc57f-b8de-27b9-119e-6dc1a7b712d6	31c5923f-a82d-2e37-ba14-3d8bcbe91b66	f5ac99be-0b57-a4f6-8c04-73bea166b73d	2025-05-28	2025-05-28 05:00:00	5	0	3600.000000	0	0
430da0d7-7026-b8a1-b510-527529fc5cea	31c5923f-a82d-2e37-ba14-3d8bcbe91b66	f5ac99be-0b57-a4f6-8c04-73bea166b73d	2025-05-28	2025-05-28 03:00:00	3	0	3600.000000	0	0
587a7712-e777-769b-6ca6-1cf700837667	31c5923f-a82d-2e37-ba14-3d8bcbe91b66	f5ac99be-0b57-a4f6-8c04-73bea166b73d	2025-05-28	2025-05-28 04:00:00	4	0	3600.000000	0	0
78bf418a-8be2-fb05-b382-26ea96fcef4b	e78e6ef7-0553-184e-49f7-abbb798cf123	f5ac99be-0b57-a4f6-8c04-73bea166b73d	2025-05-26	2025-05-26 08:00:00	8	4	137.500000	12.500000	30.000000
657a7ee8-9b73-cf32-86a9-f584863feea8	31c5923f-a82d-2e37-ba14-3d8bcbe91b66	f5ac99be-0b57-a4f6-8c04-73bea166b73d	2025-05-28	2025-05-28 02:00:00	2	5	3497.500000	12.500000	30.000000
42cd63b4-0792-5b23-560e-240d63ee9871	31c5923f-a82d-2e37-ba14-3d8bcbe91b66	f5ac99be-0b57-a4f6-8c04-73bea166b73d	2025-05-28	2025-05-28 06:00:00	6	0	3600.000000	0	0
\.


--
-- Data for Name: production_journaliere; Type: TABLE DATA; Schema: marts; Owner: -
--

COPY marts.production_journaliere (id, session_id, centre_usinage_id, date_production, pieces, cadence, temps_cycle_median, duree_production_totale, temps_production_net, temps_attente_net, temps_arret_net, taux_occupation_net, taux_attente_net, taux_arret_net, nombre_arrets, plus_long_arret, nombre_attentes, plus_longue_attente, metres_profil, date_precedente, variation_pieces, variation_cadence) FROM stdin;
0a53e52c-89d7-9ff4-be46-955ce1906d2b	e78e6ef7-0553-184e-49f7-abbb798cf123	f5ac99be-0b57-a4f6-8c04-73bea166b73d	2025-05-26	4	104.73	60.00	0.0500	0.0382	0.0035	0.0083	76.39	6.94	16.67	1	30	1	12.5	3.36	\N	\N	\N
0b9866f9-ec2b-0adb-9db7-dbb835758203	f73f695d-104e-7562-82d8-cd3ff8c589d1	f5ac99be-0b57-a4f6-8c04-73bea166b73d	2025-05-27	3	139.35	60.00	0.0333	0.0215	0.0035	0.0083	64.58	10.42	25.00	1	30	1	12.5	3.36	2025-05-26	-25.00	33.06
705d711c-2cdc-af8f-0d3c-3ebc242a661e	31c5923f-a82d-2e37-ba14-3d8bcbe91b66	f5ac99be-0b57-a4f6-8c04-73bea166b73d	2025-05-28	11	1.82	60.00	6.0833	6.0597	0.0069	0.0167	99.62	0.11	0.27	2	30	2	12.5	6.72	2025-05-27	266.67	-98.70
bc86b3e7-cb0d-abb8-f749-443706bef32e	7da81310-4ff9-4a59-fc1f-301f6ef05879	5c177a89-a9a2-b49e-ff8f-4a41d112dcf8	2025-05-26	5	91.14	60.00	0.0667	0.0549	0.0035	0.0083	82.29	5.21	12.50	1	30	1	12.5	3.36	\N	\N	\N
\.


--
-- Data for Name: production_profil; Type: TABLE DATA; Schema: marts; Owner: -
--

COPY marts.production_profil (id, reference, couleur, barres, metres, pieces, temps_cycle_moyen, nombre_sessions, premiere_utilisation, derniere_utilisation) FROM stdin;
3bcb7db0-abd5-730e-0b6c-c8ce731b1476	215023	7016 G ALU	5	16.80	23	1181.05	4	2025-05-26 08:00:00	2025-05-28 08:00:00
\.


--
-- Data for Name: production_profil_journaliere; Type: TABLE DATA; Schema: marts; Owner: -
--

COPY marts.production_profil_journaliere (id, session_id, centre_usinage_id, date_production, reference, couleur, barres, metres, pieces, nombre_cycles, secondes_cycles, temps_cycle_median, premiere_utilisation, derniere_utilisation) FROM stdin;
6e2066e1-dad3-4949-97ab-260e2b4c85a1	31c5923f-a82d-2e37-ba14-3d8bcbe91b66	f5ac99be-0b57-a4f6-8c04-73bea166b73d	2025-05-28	215023	7016 G ALU	2	6.71800	11	10	21900.000000	60.00	2025-05-28 02:00:00	2025-05-28 08:00:00
df574812-c072-d612-cb82-998dc4fea30d	7da81310-4ff9-4a59-fc1f-301f6ef05879	5c177a89-a9a2-b49e-ff8f-4a41d112dcf8	2025-05-26	215023	7016 G ALU	1	3.35900	5	4	240.000000	60.00	2025-05-26 08:00:00	2025-05-26 08:00:00
d0d24e4c-6bb2-e05d-4e3c-93bf5ca45a4f	e78e6ef7-0553-184e-49f7-abbb798cf123	f5ac99be-0b57-a4f6-8c04-73bea166b73d	2025-05-26	215023	7016 G ALU	1	3.35900	4	3	180.000000	60.00	2025-05-26 08:00:00	2025-05-26 08:00:00
9f0255bc-4013-9da0-0c3f-0990861af607	f73f695d-104e-7562-82d8-cd3ff8c589d1	f5ac99be-0b57-a4f6-8c04-73bea166b73d	2025-05-27	215023	7016 G ALU	1	3.35900	3	2	120.000000	60.00	2025-05-27 08:00:00	2025-05-27 08:00:00
\.


--
-- Data for Name: revisions; Type: TABLE DATA; Schema: marts; Owner: -
--

COPY marts.revisions (id, session_id, dossier, date_production, colonne, ancienne_valeur, nouvelle_valeur, cause, fichiers, execution_id, charge_le, revisee_le) FROM stdin;
\.


--
-- Data for Name: session_production; Type: TABLE DATA; Schema: marts; Owner: -
--

COPY marts.session_production (id, centre_usinage_id, date_production, heure_premiere_piece, heure_derniere_piece, heure_premier_machine_start, heure_dernier_machine_stop, total_pieces, duree_production_totale, temps_attente, temps_arret_volontaire, temps_production_effectif, taux_occupation, taux_attente, taux_arret_volontaire, temps_attente_net, temps_arret_net, temps_production_net, taux_occupation_net, taux_attente_net, taux_arret_net, fichier_log_source) FROM stdin;
31c5923f-a82d-2e37-ba14-3d8bcbe91b66	f5ac99be-0b57-a4f6-8c04-73bea166b73d	2025-05-28	2025-05-28 02:01:00	2025-05-28 08:06:00	2025-05-28 02:02:30	2025-05-28 08:02:00	11	6.0833	0.0069	0.0167	6.0597	99.61	0.11	0.27	0.0069	0.0167	6.0597	99.62	0.11	0.27	DEM12 (PVC)/20250527.LOG, DEM12 (PVC)/20250528.LOG
e78e6ef7-0553-184e-49f7-abbb798cf123	f5ac99be-0b57-a4f6-8c04-73bea166b73d	2025-05-26	2025-05-26 08:01:00	2025-05-26 08:04:00	2025-05-26 08:02:30	2025-05-26 08:02:00	4	0.0500	0.0035	0.0083	0.0382	76.39	6.94	16.67	0.0035	0.0083	0.0382	76.39	6.94	16.67	DEM12 (PVC)/20250526.LOG
7da81310-4ff9-4a59-fc1f-301f6ef05879	5c177a89-a9a2-b49e-ff8f-4a41d112dcf8	2025-05-26	2025-05-26 08:01:00	2025-05-26 08:05:00	2025-05-26 08:02:30	2025-05-26 08:02:00	5	0.0667	0.0035	0.0083	0.0549	82.29	5.21	12.50	0.0035	0.0083	0.0549	82.29	5.21	12.50	DEMALU (ALU)/20250526.LOG
f73f695d-104e-7562-82d8-cd3ff8c589d1	f5ac99be-0b57-a4f6-8c04-73bea166b73d	2025-05-27	2025-05-27 08:01:00	2025-05-27 08:03:00	2025-05-27 08:02:30	2025-05-27 08:02:00	3	0.0333	0.0035	0.0083	0.0215	64.58	10.42	25.00	0.0035	0.0083	0.0215	64.58	10.42	25.00	DEM12 (PVC)/20250527.LOG
\.


--
-- Data for Name: suivi_chargement; Type: TABLE DATA; Schema: marts; Owner: -
--

COPY marts.suivi_chargement (dossier, fichier, taille_octets, modifie_le, charge_le, nb_lignes, nb_evenements, nb_rejets, statut) FROM stdin;
DEM12 (PVC)	20250528.LOG	488	2025-05-29 06:26:40+00	2026-11-22 10:07:59.132253+00	12	10	2	rejets
DEM12 (PVC)	20250527.LOG	800	2025-05-29 06:26:40+00	2026-11-22 10:07:59.132253+00	20	16	4	rejets
DEM12 (PVC)	20250526.LOG	400	2025-05-29 06:26:40+00	2026-11-22 10:07:59.132253+00	10	8	2	rejets
DEMALU (ALU)	20250603.LOG	0	2025-05-29 06:26:40+00	2026-11-22 10:07:59.132253+00	0	0	0	vide
DEMALU (ALU)	20250526.LOG	444	2025-05-29 06:26:40+00	2026-11-22 10:07:59.132253+00	11	9	2	rejets
INCONNU	20250526.LOG	312	2025-05-29 06:26:40+00	2026-11-22 10:07:59.132253+00	8	6	2	dossier inconnu
\.


--
-- Data for Name: a_kopf; Type: TABLE DATA; Schema: raw; Owner: -
--

COPY raw.a_kopf (id, aunummer, aualpha, aufstatus, kommission, _loaded_at, farbe) FROM stdin;
A1	101	A	RÃ©glÃ©	Dupont	2026-11-22 10:07:59.314653+00	7016
A2	102	\N	ouvert	\N	2026-11-22 10:07:59.314653+00	\N
\.


--
-- Data for Name: a_logbuch; Type: TABLE DATA; Schema: raw; Owner: -
--

COPY raw.a_logbuch (id_a_kopf, datum, notiz, _loaded_at, id) FROM stdin;
A1	2025-05-20 10:00:00	cde PlanifiÃ©e	2026-11-22 10:07:59.314653+00	1
A1	2025-05-21 10:00:00	Réglé : cde Planifiée	2026-11-22 10:07:59.314653+00	2
A2	0000-00-00 00:00:00	cde Planifiée	2026-11-22 10:07:59.314653+00	3
\.


--
-- Data for Name: a_vorgang; Type: TABLE DATA; Schema: raw; Owner: -
--

COPY raw.a_vorgang (id_a_kopf, nummer, bezeichnung, _loaded_at) FROM stdin;
A1	10	Débit	2026-11-22 10:07:59.314653+00
\.


--
-- Data for Name: load_runs; Type: TABLE DATA; Schema: raw; Owner: -
--

COPY raw.load_runs (run_id, source, started_at, ended_at, outcome, found, loaded, unchanged, failed, rows, error) FROM stdin;
1	logs	2026-11-22 10:07:58.77779+00	2026-11-22 10:07:59.195765+00	ok	6	6	0	0	61	\N
2	erp	2026-11-22 10:07:59.204276+00	2026-11-22 10:07:59.622782+00	ok	4	4	0	0	8	\N
\.


--
-- Data for Name: log_files; Type: TABLE DATA; Schema: raw; Owner: -
--

COPY raw.log_files (folder, file_name, size_bytes, modified_at, line_count, loaded_at, file_version) FROM stdin;
DEM12 (PVC)	20250526.LOG	400	2025-05-29 06:26:40+00	10	2026-11-22 10:07:59.132253+00	1
DEM12 (PVC)	20250527.LOG	800	2025-05-29 06:26:40+00	20	2026-11-22 10:07:59.132253+00	2
DEM12 (PVC)	20250528.LOG	488	2025-05-29 06:26:40+00	12	2026-11-22 10:07:59.132253+00	3
DEMALU (ALU)	20250526.LOG	444	2025-05-29 06:26:40+00	11	2026-11-22 10:07:59.132253+00	4
DEMALU (ALU)	20250603.LOG	0	2025-05-29 06:26:40+00	0	2026-11-22 10:07:59.132253+00	5
INCONNU	20250526.LOG	312	2025-05-29 06:26:40+00	8	2026-11-22 10:07:59.132253+00	6
\.


--
-- Data for Name: log_lines; Type: TABLE DATA; Schema: raw; Owner: -
--

COPY raw.log_lines (folder, file_name, line_number, line, file_version) FROM stdin;
DEM12 (PVC)	20250526.LOG	1	20250526 08:00:00|@JobProfiel: R:215023 L:3359.0 C:7016 G ALU	1
DEM12 (PVC)	20250526.LOG	2	20250526 08:01:00|@StukUitgevoerd: pièce 1	1
DEM12 (PVC)	20250526.LOG	3	20250526 08:02:00|@StukUitgevoerd: pièce 2	1
DEM12 (PVC)	20250526.LOG	4	20250526 08:03:00|@StukUitgevoerd: pièce 3	1
DEM12 (PVC)	20250526.LOG	5	20250526 08:04:00|@StukUitgevoerd: pièce 4	1
DEM12 (PVC)	20250526.LOG	6	20250526 08:01:30|@MachineWait: 12,5 sec	1
DEM12 (PVC)	20250526.LOG	7	20250526 08:02:00|@MachineStop	1
DEM12 (PVC)	20250526.LOG	8	20250526 08:02:30|@MachineStart	1
DEM12 (PVC)	20250526.LOG	9	20250526 25:00:00|@StukUitgevoerd: jamais	1
DEM12 (PVC)	20250526.LOG	10	illisible	1
DEM12 (PVC)	20250527.LOG	1	20250527 08:00:00|@JobProfiel: R:215023 L:3359.0 C:7016 G ALU	2
DEM12 (PVC)	20250527.LOG	2	20250527 08:01:00|@StukUitgevoerd: pièce 1	2
DEM12 (PVC)	20250527.LOG	3	20250527 08:02:00|@StukUitgevoerd: pièce 2	2
DEM12 (PVC)	20250527.LOG	4	20250527 08:03:00|@StukUitgevoerd: pièce 3	2
DEM12 (PVC)	20250527.LOG	5	20250527 08:01:30|@MachineWait: 12,5 sec	2
DEM12 (PVC)	20250527.LOG	6	20250527 08:02:00|@MachineStop	2
DEM12 (PVC)	20250527.LOG	7	20250527 08:02:30|@MachineStart	2
DEM12 (PVC)	20250527.LOG	8	20250527 25:00:00|@StukUitgevoerd: jamais	2
DEM12 (PVC)	20250527.LOG	9	illisible	2
DEM12 (PVC)	20250527.LOG	10	20250528 02:00:00|@JobProfiel: R:215023 L:3359.0 C:7016 G ALU	2
DEM12 (PVC)	20250527.LOG	11	20250528 02:01:00|@StukUitgevoerd: pièce 1	2
DEM12 (PVC)	20250527.LOG	12	20250528 02:02:00|@StukUitgevoerd: pièce 2	2
DEM12 (PVC)	20250527.LOG	13	20250528 02:03:00|@StukUitgevoerd: pièce 3	2
DEM12 (PVC)	20250527.LOG	14	20250528 02:04:00|@StukUitgevoerd: pièce 4	2
DEM12 (PVC)	20250527.LOG	15	20250528 02:05:00|@StukUitgevoerd: pièce 5	2
DEM12 (PVC)	20250527.LOG	16	20250528 02:01:30|@MachineWait: 12,5 sec	2
DEM12 (PVC)	20250527.LOG	17	20250528 02:02:00|@MachineStop	2
DEM12 (PVC)	20250527.LOG	18	20250528 02:02:30|@MachineStart	2
DEM12 (PVC)	20250527.LOG	19	20250528 25:00:00|@StukUitgevoerd: jamais	2
DEM12 (PVC)	20250527.LOG	20	illisible	2
DEM12 (PVC)	20250528.LOG	1	20250528 08:00:00|@JobProfiel: R:215023 L:3359.0 C:7016 G ALU	3
DEM12 (PVC)	20250528.LOG	2	20250528 08:01:00|@StukUitgevoerd: pièce 1	3
DEM12 (PVC)	20250528.LOG	3	20250528 08:02:00|@StukUitgevoerd: pièce 2	3
DEM12 (PVC)	20250528.LOG	4	20250528 08:03:00|@StukUitgevoerd: pièce 3	3
DEM12 (PVC)	20250528.LOG	5	20250528 08:04:00|@StukUitgevoerd: pièce 4	3
DEM12 (PVC)	20250528.LOG	6	20250528 08:05:00|@StukUitgevoerd: pièce 5	3
DEM12 (PVC)	20250528.LOG	7	20250528 08:06:00|@StukUitgevoerd: pièce 6	3
DEM12 (PVC)	20250528.LOG	8	20250528 08:01:30|@MachineWait: 12,5 sec	3
DEM12 (PVC)	20250528.LOG	9	20250528 08:02:00|@MachineStop	3
DEM12 (PVC)	20250528.LOG	10	20250528 08:02:30|@MachineStart	3
DEM12 (PVC)	20250528.LOG	11	20250528 25:00:00|@StukUitgevoerd: jamais	3
DEM12 (PVC)	20250528.LOG	12	illisible	3
DEMALU (ALU)	20250526.LOG	1	20250526 08:00:00|@JobProfiel: R:215023 L:3359.0 C:7016 G ALU	4
DEMALU (ALU)	20250526.LOG	2	20250526 08:01:00|@StukUitgevoerd: pièce 1	4
DEMALU (ALU)	20250526.LOG	3	20250526 08:02:00|@StukUitgevoerd: pièce 2	4
DEMALU (ALU)	20250526.LOG	4	20250526 08:03:00|@StukUitgevoerd: pièce 3	4
DEMALU (ALU)	20250526.LOG	5	20250526 08:04:00|@StukUitgevoerd: pièce 4	4
DEMALU (ALU)	20250526.LOG	6	20250526 08:05:00|@StukUitgevoerd: pièce 5	4
DEMALU (ALU)	20250526.LOG	7	20250526 08:01:30|@MachineWait: 12,5 sec	4
DEMALU (ALU)	20250526.LOG	8	20250526 08:02:00|@MachineStop	4
DEMALU (ALU)	20250526.LOG	9	20250526 08:02:30|@MachineStart	4
DEMALU (ALU)	20250526.LOG	10	20250526 25:00:00|@StukUitgevoerd: jamais	4
DEMALU (ALU)	20250526.LOG	11	illisible	4
INCONNU	20250526.LOG	1	20250526 08:00:00|@JobProfiel: R:215023 L:3359.0 C:7016 G ALU	6
INCONNU	20250526.LOG	2	20250526 08:01:00|@StukUitgevoerd: pièce 1	6
INCONNU	20250526.LOG	3	20250526 08:02:00|@StukUitgevoerd: pièce 2	6
INCONNU	20250526.LOG	4	20250526 08:01:30|@MachineWait: 12,5 sec	6
INCONNU	20250526.LOG	5	20250526 08:02:00|@MachineStop	6
INCONNU	20250526.LOG	6	20250526 08:02:30|@MachineStart	6
INCONNU	20250526.LOG	7	20250526 25:00:00|@StukUitgevoerd: jamais	6
INCONNU	20250526.LOG	8	illisible	6
\.


--
-- Data for Name: p_zubeh; Type: TABLE DATA; Schema: raw; Owner: -
--

COPY raw.p_zubeh (id_a_kopf, zcode, text, _loaded_at) FROM stdin;
A1	VR1	Volet	2026-11-22 10:07:59.314653+00
A2	S P		2026-11-22 10:07:59.314653+00
\.


--
-- Data for Name: centres; Type: TABLE DATA; Schema: seeds; Owner: -
--

COPY seeds.centres (dossier, nom, type_cu, description, actif) FROM stdin;
DEM12 (PVC)	DEM12	PVC	Centre d'usinage des profilés PVC	t
DEMALU (ALU)	DEMALU	ALU	Centre d'usinage des profilés aluminium	t
SU12 (HYBRIDE)	SU12	HYBRIDE	Centre d'usinage des profilés hybrides PVC et aluminium	t
\.


--
-- Data for Name: dossiers_a_declarer; Type: TABLE DATA; Schema: verifications; Owner: -
--

COPY verifications.dossiers_a_declarer (dossier, nb_fichiers, nb_evenements, dernier_chargement) FROM stdin;
INCONNU	1	6	2026-11-22 10:07:59.132253+00
\.


--
-- Name: revisions_id_seq; Type: SEQUENCE SET; Schema: historique; Owner: -
--

SELECT pg_catalog.setval('historique.revisions_id_seq', 1, false);


--
-- Name: load_runs_run_id_seq; Type: SEQUENCE SET; Schema: raw; Owner: -
--

SELECT pg_catalog.setval('raw.load_runs_run_id_seq', 2, true);


--
-- Name: log_file_version; Type: SEQUENCE SET; Schema: raw; Owner: -
--

SELECT pg_catalog.setval('raw.log_file_version', 6, true);


--
-- PostgreSQL database dump complete
--

\unrestrict zheFZEan6G4NGarXU8qLMq61zUde9bbqp4gF0VQ0ZqlMZ6jtSp2i3CtTCG3ql2W

