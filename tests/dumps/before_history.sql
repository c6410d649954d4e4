--
-- PostgreSQL database dump
--

\restrict zW7SNor7R9oCQYMXJk0vgghxe9HKAriGXUZVwy9SQYQz1SsooiDkJfS7vJsooKR

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


SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: etat_construction; Type: TABLE; Schema: intermediate; Owner: -
--

CREATE TABLE intermediate.etat_construction (
    modele text NOT NULL,
    cle text NOT NULL,
    empreinte text NOT NULL
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
            (evenements.horodatage + ((evenements.duree_secondes)::double precision * '00:00:01'::interval)) AS timestamp_fin,
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
    _loaded_at timestamp with time zone DEFAULT now() NOT NULL,
    farbe text
);


--
-- Name: a_vorgang; Type: TABLE; Schema: raw; Owner: -
--

CREATE TABLE raw.a_vorgang (
    id_a_kopf text,
    nummer text,
    bezeichnung text,
    _loaded_at timestamp with time zone DEFAULT now() NOT NULL
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
                    WHEN pg_input_is_valid(source.aunummer, 'integer'::text) THEN (source.aunummer)::integer
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
-- Name: a_logbuch; Type: TABLE; Schema: raw; Owner: -
--

CREATE TABLE raw.a_logbuch (
    id_a_kopf text,
    datum text,
    notiz text,
    _loaded_at timestamp with time zone DEFAULT now() NOT NULL,
    id text
);


--
-- Name: p_zubeh; Type: TABLE; Schema: raw; Owner: -
--

CREATE TABLE raw.p_zubeh (
    id_a_kopf text,
    zcode text,
    text text,
    _loaded_at timestamp with time zone DEFAULT now() NOT NULL
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
                    WHEN ((source.datum ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}( [0-9]{2}:[0-5][0-9]:[0-5][0-9]([.][0-9]+)?)?$'::text) AND pg_input_is_valid(source.datum, 'timestamp'::text)) THEN (source.datum)::timestamp without time zone
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
    folder text NOT NULL COLLATE pg_catalog."C",
    file_name text NOT NULL COLLATE pg_catalog."C",
    line_number integer NOT NULL,
    line text NOT NULL,
    file_version bigint NOT NULL
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
            btrim(lignes.ligne, ' 	
'::text) AS ligne
           FROM lignes
         LIMIT ALL
        ), reconnues AS (
         SELECT nettoyees.version_fichier,
            nettoyees.numero_ligne,
            nettoyees.ligne,
            (nettoyees.ligne ~ '^[0-9]{8}[ \t\v\f\r]+[0-9]{2}:[0-9]{2}:[0-9]{2}[ \t\v\f\r]*[|][ \t\v\f\r]*@[ \t\v\f\r]*[^: \t\v\f\r]'::text) AS est_ligne,
            "left"(nettoyees.ligne, 8) AS jour,
            "left"(ltrim(substr(nettoyees.ligne, 9), ' 	
'::text), 8) AS heure
           FROM nettoyees
          WHERE (nettoyees.ligne <> ''::text)
         LIMIT ALL
        ), datees AS (
         SELECT reconnues.version_fichier,
            reconnues.numero_ligne,
            reconnues.ligne,
            reconnues.est_ligne,
            substr(reconnues.ligne, (strpos(reconnues.ligne, '@'::text) + 1)) AS contenu,
                CASE
                    WHEN (reconnues.est_ligne AND ("left"(reconnues.heure, 2) < '24'::text) AND (substr(reconnues.heure, 4, 2) < '60'::text) AND ("right"(reconnues.heure, 2) < '60'::text) AND pg_input_is_valid(reconnues.jour, 'date'::text)) THEN (((reconnues.jour || ' '::text) || reconnues.heure))::timestamp without time zone
                    ELSE NULL::timestamp without time zone
                END AS horodatage
           FROM reconnues
         LIMIT ALL
        ), evenements AS (
         SELECT datees.version_fichier,
            datees.numero_ligne,
            datees.ligne,
            datees.est_ligne,
            datees.horodatage,
                CASE
                    WHEN (datees.horodatage IS NOT NULL) THEN btrim(split_part(datees.contenu, ':'::text, 1), ' 	
'::text)
                    ELSE NULL::text
                END AS evenement,
                CASE
                    WHEN (datees.horodatage IS NOT NULL) THEN NULLIF(btrim(substr(datees.contenu, (NULLIF(strpos(datees.contenu, ':'::text), 0) + 1)), ' 	
'::text), ''::text)
                    ELSE NULL::text
                END AS details
           FROM datees
         LIMIT ALL
        ), mots AS (
         SELECT evenements.version_fichier,
            evenements.numero_ligne,
            evenements.ligne,
            evenements.est_ligne,
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
            mots.est_ligne,
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
            nombres.est_ligne,
            nombres.horodatage,
            ((nombres.horodatage - '00:00:00'::interval))::date AS date_production,
            nombres.evenement,
            nombres.details,
            nombres.reference,
            nombres.couleur,
                CASE
                    WHEN ((nombres.secondes > (0)::numeric) AND (nombres.secondes <= (86400)::numeric)) THEN nombres.secondes
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
            mesures.est_ligne,
            mesures.horodatage,
            mesures.date_production,
            mesures.evenement,
            mesures.details,
            mesures.reference,
            mesures.couleur,
            mesures.duree_secondes,
            mesures.longueur,
                CASE
                    WHEN (NOT mesures.est_ligne) THEN 'format'::text
                    WHEN (mesures.horodatage IS NULL) THEN 'horodatage'::text
                    WHEN ((mesures.evenement = 'MachineWait'::text) AND (mesures.duree_secondes IS NULL)) THEN 'duree'::text
                    WHEN ((mesures.evenement = 'JobProfiel'::text) AND ((mesures.reference IS NULL) OR (mesures.longueur IS NULL))) THEN 'profil'::text
                    ELSE NULL::text
                END AS motif
           FROM mesures
        )
 SELECT version_fichier,
    numero_ligne,
    ligne,
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
-- Name: centre_usinage; Type: TABLE; Schema: marts; Owner: -
--

CREATE TABLE marts.centre_usinage (
    id uuid NOT NULL,
    nom text NOT NULL,
    type_cu text NOT NULL,
    dossier text NOT NULL,
    description text,
    actif boolean NOT NULL
);


--
-- Name: commandes_volets; Type: TABLE; Schema: marts; Owner: -
--

CREATE TABLE marts.commandes_volets (
    id_commande character varying(32) NOT NULL,
    numero_commande integer,
    extension text COLLATE pg_catalog."C",
    statut text COLLATE pg_catalog."C",
    affaire text COLLATE pg_catalog."C",
    date_modification timestamp without time zone,
    code_accessoire text COLLATE pg_catalog."C",
    description_accessoire text COLLATE pg_catalog."C",
    numero_operation text COLLATE pg_catalog."C",
    description_operation text COLLATE pg_catalog."C",
    date_synchronisation timestamp with time zone NOT NULL
);


--
-- Name: commandes_volets_accessoires; Type: TABLE; Schema: marts; Owner: -
--

CREATE TABLE marts.commandes_volets_accessoires (
    id uuid NOT NULL,
    id_commande character varying(32) NOT NULL,
    code_accessoire text COLLATE pg_catalog."C",
    description_accessoire text COLLATE pg_catalog."C"
);


--
-- Name: commandes_volets_operations; Type: TABLE; Schema: marts; Owner: -
--

CREATE TABLE marts.commandes_volets_operations (
    id uuid NOT NULL,
    id_commande character varying(32) NOT NULL,
    numero_operation text COLLATE pg_catalog."C",
    description_operation text COLLATE pg_catalog."C"
);


--
-- Name: commandes_volets_planifications; Type: TABLE; Schema: marts; Owner: -
--

CREATE TABLE marts.commandes_volets_planifications (
    id uuid NOT NULL,
    id_commande character varying(32) NOT NULL,
    date_modification timestamp without time zone,
    note text COLLATE pg_catalog."C"
);


--
-- Name: job_profil; Type: TABLE; Schema: marts; Owner: -
--

CREATE TABLE marts.job_profil (
    id uuid NOT NULL,
    session_id uuid NOT NULL,
    reference text NOT NULL COLLATE pg_catalog."C",
    longueur numeric(14,2) NOT NULL,
    couleur text COLLATE pg_catalog."C",
    timestamp_debut timestamp without time zone NOT NULL
);


--
-- Name: lignes_rejetees; Type: TABLE; Schema: marts; Owner: -
--

CREATE TABLE marts.lignes_rejetees (
    dossier text NOT NULL COLLATE pg_catalog."C",
    fichier text NOT NULL COLLATE pg_catalog."C",
    numero_ligne integer NOT NULL,
    ligne text NOT NULL COLLATE pg_catalog."C",
    motif text NOT NULL
);


--
-- Name: periode_arret; Type: TABLE; Schema: marts; Owner: -
--

CREATE TABLE marts.periode_arret (
    id uuid NOT NULL,
    session_id uuid NOT NULL,
    timestamp_debut timestamp without time zone NOT NULL,
    timestamp_fin timestamp without time zone NOT NULL,
    duree_secondes numeric NOT NULL
);


--
-- Name: periode_attente; Type: TABLE; Schema: marts; Owner: -
--

CREATE TABLE marts.periode_attente (
    id uuid NOT NULL,
    session_id uuid NOT NULL,
    timestamp_debut timestamp without time zone NOT NULL,
    timestamp_fin timestamp without time zone NOT NULL,
    duree_secondes numeric NOT NULL
);


--
-- Name: piece_production; Type: TABLE; Schema: marts; Owner: -
--

CREATE TABLE marts.piece_production (
    id uuid NOT NULL,
    session_id uuid NOT NULL,
    numero_piece integer NOT NULL,
    timestamp_production timestamp without time zone NOT NULL,
    details text COLLATE pg_catalog."C",
    job_profil_id uuid
);


--
-- Name: session_production; Type: TABLE; Schema: marts; Owner: -
--

CREATE TABLE marts.session_production (
    id uuid NOT NULL,
    centre_usinage_id uuid NOT NULL,
    date_production date NOT NULL,
    heure_premiere_piece timestamp without time zone,
    heure_derniere_piece timestamp without time zone,
    heure_premier_machine_start timestamp without time zone,
    heure_dernier_machine_stop timestamp without time zone,
    total_pieces integer NOT NULL,
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
    fichier_log_source text NOT NULL COLLATE pg_catalog."C"
);


--
-- Name: suivi_chargement; Type: TABLE; Schema: marts; Owner: -
--

CREATE TABLE marts.suivi_chargement (
    dossier text NOT NULL COLLATE pg_catalog."C",
    fichier text NOT NULL COLLATE pg_catalog."C",
    taille_octets bigint NOT NULL,
    modifie_le timestamp with time zone NOT NULL,
    charge_le timestamp with time zone NOT NULL,
    nb_lignes integer NOT NULL,
    nb_evenements integer NOT NULL,
    nb_rejets integer NOT NULL,
    statut text NOT NULL
);


--
-- Name: load_runs; Type: TABLE; Schema: raw; Owner: -
--

CREATE TABLE raw.load_runs (
    run_id bigint NOT NULL,
    source text NOT NULL,
    started_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    ended_at timestamp with time zone,
    outcome text DEFAULT 'running'::text NOT NULL,
    found integer,
    loaded integer,
    unchanged integer,
    failed integer,
    rows bigint,
    error text
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
    folder text NOT NULL COLLATE pg_catalog."C",
    file_name text NOT NULL COLLATE pg_catalog."C",
    size_bytes bigint NOT NULL,
    modified_at timestamp with time zone NOT NULL,
    line_count integer NOT NULL,
    loaded_at timestamp with time zone DEFAULT now() NOT NULL,
    file_version bigint NOT NULL
);


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
-- Data for Name: etat_construction; Type: TABLE DATA; Schema: intermediate; Owner: -
--

COPY intermediate.etat_construction (modele, cle, empreinte) FROM stdin;
int_commandes_planifications	erp	78ed8058a683a2b814098edee2e91cb0
int_commandes_accessoires	erp	78ed8058a683a2b814098edee2e91cb0
int_lignes	DEM12 (PVC)/20250526.LOG	1 1795342041.331781 00:00
int_lignes	DEM12 (PVC)/20250527.LOG	2 1795342041.331781 00:00
int_lignes	DEM12 (PVC)/20250528.LOG	3 1795342041.331781 00:00
int_lignes	DEMALU (ALU)/20250526.LOG	4 1795342041.331781 00:00
int_lignes	DEMALU (ALU)/20250603.LOG	5 1795342041.331781 00:00
int_lignes	INCONNU/20250526.LOG	6 1795342041.331781 00:00
int_fichiers_jours	DEM12 (PVC)/20250526.LOG	1 1795342041.331781 00:00
int_fichiers_jours	DEM12 (PVC)/20250527.LOG	2 1795342041.331781 00:00
int_fichiers_jours	DEM12 (PVC)/20250528.LOG	3 1795342041.331781 00:00
int_fichiers_jours	DEMALU (ALU)/20250526.LOG	4 1795342041.331781 00:00
int_fichiers_jours	DEMALU (ALU)/20250603.LOG	5 1795342041.331781 00:00
int_fichiers_jours	INCONNU/20250526.LOG	6 1795342041.331781 00:00
lignes_rejetees	DEM12 (PVC)/20250526.LOG	1 1795342041.331781 00:00
lignes_rejetees	DEM12 (PVC)/20250527.LOG	2 1795342041.331781 00:00
lignes_rejetees	DEM12 (PVC)/20250528.LOG	3 1795342041.331781 00:00
lignes_rejetees	DEMALU (ALU)/20250526.LOG	4 1795342041.331781 00:00
lignes_rejetees	DEMALU (ALU)/20250603.LOG	5 1795342041.331781 00:00
lignes_rejetees	INCONNU/20250526.LOG	6 1795342041.331781 00:00
commandes_volets	erp	78ed8058a683a2b814098edee2e91cb0
commandes_volets_accessoires	erp	78ed8058a683a2b814098edee2e91cb0
commandes_volets_planifications	erp	78ed8058a683a2b814098edee2e91cb0
commandes_volets_operations	erp	78ed8058a683a2b814098edee2e91cb0
session_production	31c5923f-a82d-2e37-ba14-3d8bcbe91b66	abd66765e01a67ac256f5e047488fa11
session_production	7da81310-4ff9-4a59-fc1f-301f6ef05879	b82eb0ad7c2849081b1e9fc74170c394
session_production	e78e6ef7-0553-184e-49f7-abbb798cf123	55b8817d76e9d41ad94af58f172db9d3
session_production	f73f695d-104e-7562-82d8-cd3ff8c589d1	0202bd3d332d613fc7077dcb5854a797
job_profil	31c5923f-a82d-2e37-ba14-3d8bcbe91b66	abd66765e01a67ac256f5e047488fa11
job_profil	7da81310-4ff9-4a59-fc1f-301f6ef05879	b82eb0ad7c2849081b1e9fc74170c394
job_profil	e78e6ef7-0553-184e-49f7-abbb798cf123	55b8817d76e9d41ad94af58f172db9d3
job_profil	f73f695d-104e-7562-82d8-cd3ff8c589d1	0202bd3d332d613fc7077dcb5854a797
periode_arret	31c5923f-a82d-2e37-ba14-3d8bcbe91b66	abd66765e01a67ac256f5e047488fa11
periode_arret	7da81310-4ff9-4a59-fc1f-301f6ef05879	b82eb0ad7c2849081b1e9fc74170c394
periode_arret	e78e6ef7-0553-184e-49f7-abbb798cf123	55b8817d76e9d41ad94af58f172db9d3
periode_arret	f73f695d-104e-7562-82d8-cd3ff8c589d1	0202bd3d332d613fc7077dcb5854a797
periode_attente	31c5923f-a82d-2e37-ba14-3d8bcbe91b66	abd66765e01a67ac256f5e047488fa11
periode_attente	7da81310-4ff9-4a59-fc1f-301f6ef05879	b82eb0ad7c2849081b1e9fc74170c394
periode_attente	e78e6ef7-0553-184e-49f7-abbb798cf123	55b8817d76e9d41ad94af58f172db9d3
periode_attente	f73f695d-104e-7562-82d8-cd3ff8c589d1	0202bd3d332d613fc7077dcb5854a797
piece_production	31c5923f-a82d-2e37-ba14-3d8bcbe91b66	abd66765e01a67ac256f5e047488fa11
piece_production	7da81310-4ff9-4a59-fc1f-301f6ef05879	b82eb0ad7c2849081b1e9fc74170c394
piece_production	e78e6ef7-0553-184e-49f7-abbb798cf123	55b8817d76e9d41ad94af58f172db9d3
piece_production	f73f695d-104e-7562-82d8-cd3ff8c589d1	0202bd3d332d613fc7077dcb5854a797
\.


--
-- Data for Name: int_commandes_accessoires; Type: TABLE DATA; Schema: intermediate; Owner: -
--

COPY intermediate.int_commandes_accessoires (id_commande, code_accessoire, description_accessoire, charge_le) FROM stdin;
A1	VR1	Volet	2026-11-22 10:07:22.942748+00
A2	S P		2026-11-22 10:07:22.942748+00
\.


--
-- Data for Name: int_commandes_planifications; Type: TABLE DATA; Schema: intermediate; Owner: -
--

COPY intermediate.int_commandes_planifications (id_commande, date_modification, note, charge_le) FROM stdin;
A1	2025-05-20 10:00:00	cde Planifiée	2026-11-22 10:07:22.942748+00
A1	2025-05-21 10:00:00	Réglé : cde Planifiée	2026-11-22 10:07:22.942748+00
A2	\N	cde Planifiée	2026-11-22 10:07:22.942748+00
\.


--
-- Data for Name: int_fichiers; Type: TABLE DATA; Schema: intermediate; Owner: -
--

COPY intermediate.int_fichiers (dossier, fichier, taille_octets, modifie_le, charge_le, nb_lignes, version_fichier, cle, fichier_id, empreinte) FROM stdin;
DEM12 (PVC)	20250526.LOG	400	2025-05-29 06:26:40+00	2026-11-22 10:07:21.331781+00	10	1	DEM12 (PVC)/20250526.LOG	de356005-bd85-03af-2fdd-7f5f5cfb4746	1 1795342041.331781 00:00
DEM12 (PVC)	20250527.LOG	800	2025-05-29 06:26:40+00	2026-11-22 10:07:21.331781+00	20	2	DEM12 (PVC)/20250527.LOG	51dabf9e-f761-c9db-58b9-d7067a102179	2 1795342041.331781 00:00
DEM12 (PVC)	20250528.LOG	488	2025-05-29 06:26:40+00	2026-11-22 10:07:21.331781+00	12	3	DEM12 (PVC)/20250528.LOG	63775802-4fa0-bde6-a372-b2bc1d0ca54a	3 1795342041.331781 00:00
DEMALU (ALU)	20250526.LOG	444	2025-05-29 06:26:40+00	2026-11-22 10:07:21.331781+00	11	4	DEMALU (ALU)/20250526.LOG	69e2697a-5a90-97fe-5628-b933785858f1	4 1795342041.331781 00:00
DEMALU (ALU)	20250603.LOG	0	2025-05-29 06:26:40+00	2026-11-22 10:07:21.331781+00	0	5	DEMALU (ALU)/20250603.LOG	0d86630c-6f6c-4f5a-1fc9-4a6aa9f15a83	5 1795342041.331781 00:00
INCONNU	20250526.LOG	312	2025-05-29 06:26:40+00	2026-11-22 10:07:21.331781+00	8	6	INCONNU/20250526.LOG	fc32f06b-e34d-b40a-66ec-9909fda4a68e	6 1795342041.331781 00:00
\.


--
-- Data for Name: int_fichiers_jours; Type: TABLE DATA; Schema: intermediate; Owner: -
--

COPY intermediate.int_fichiers_jours (fichier_id, dossier, fichier, empreinte, date_production, nb_lignes, nb_evenements, nb_rejets, session_id) FROM stdin;
de356005-bd85-03af-2fdd-7f5f5cfb4746	DEM12 (PVC)	20250526.LOG	1 1795342041.331781 00:00	\N	2	0	2	\N
de356005-bd85-03af-2fdd-7f5f5cfb4746	DEM12 (PVC)	20250526.LOG	1 1795342041.331781 00:00	2025-05-26	8	8	0	e78e6ef7-0553-184e-49f7-abbb798cf123
51dabf9e-f761-c9db-58b9-d7067a102179	DEM12 (PVC)	20250527.LOG	2 1795342041.331781 00:00	2025-05-28	9	9	0	31c5923f-a82d-2e37-ba14-3d8bcbe91b66
51dabf9e-f761-c9db-58b9-d7067a102179	DEM12 (PVC)	20250527.LOG	2 1795342041.331781 00:00	\N	4	0	4	\N
51dabf9e-f761-c9db-58b9-d7067a102179	DEM12 (PVC)	20250527.LOG	2 1795342041.331781 00:00	2025-05-27	7	7	0	f73f695d-104e-7562-82d8-cd3ff8c589d1
63775802-4fa0-bde6-a372-b2bc1d0ca54a	DEM12 (PVC)	20250528.LOG	3 1795342041.331781 00:00	\N	2	0	2	\N
63775802-4fa0-bde6-a372-b2bc1d0ca54a	DEM12 (PVC)	20250528.LOG	3 1795342041.331781 00:00	2025-05-28	10	10	0	31c5923f-a82d-2e37-ba14-3d8bcbe91b66
69e2697a-5a90-97fe-5628-b933785858f1	DEMALU (ALU)	20250526.LOG	4 1795342041.331781 00:00	\N	2	0	2	\N
69e2697a-5a90-97fe-5628-b933785858f1	DEMALU (ALU)	20250526.LOG	4 1795342041.331781 00:00	2025-05-26	9	9	0	7da81310-4ff9-4a59-fc1f-301f6ef05879
fc32f06b-e34d-b40a-66ec-9909fda4a68e	INCONNU	20250526.LOG	6 1795342041.331781 00:00	\N	2	0	2	\N
fc32f06b-e34d-b40a-66ec-9909fda4a68e	INCONNU	20250526.LOG	6 1795342041.331781 00:00	2025-05-26	6	6	0	16fc0f3c-bf8d-5d72-6dd1-7e5257e89e75
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
-- Data for Name: centre_usinage; Type: TABLE DATA; Schema: marts; Owner: -
--

COPY marts.centre_usinage (id, nom, type_cu, dossier, description, actif) FROM stdin;
f5ac99be-0b57-a4f6-8c04-73bea166b73d	DEM12	PVC	DEM12 (PVC)	Centre d'usinage des profilés PVC	t
5c177a89-a9a2-b49e-ff8f-4a41d112dcf8	DEMALU	ALU	DEMALU (ALU)	Centre d'usinage des profilés aluminium	t
986723ed-201a-b50f-b480-081f6c116a33	SU12	HYBRIDE	SU12 (HYBRIDE)	Centre d'usinage des profilés hybrides PVC et aluminium	t
\.


--
-- Data for Name: commandes_volets; Type: TABLE DATA; Schema: marts; Owner: -
--

COPY marts.commandes_volets (id_commande, numero_commande, extension, statut, affaire, date_modification, code_accessoire, description_accessoire, numero_operation, description_operation, date_synchronisation) FROM stdin;
A1	101	A	Réglé	Dupont	2025-05-21 10:00:00	VR1	Volet	10	Débit	2026-11-22 10:07:22.942748+00
A2	102	\N	ouvert	\N	\N	S P		\N	\N	2026-11-22 10:07:22.942748+00
\.


--
-- Data for Name: commandes_volets_accessoires; Type: TABLE DATA; Schema: marts; Owner: -
--

COPY marts.commandes_volets_accessoires (id, id_commande, code_accessoire, description_accessoire) FROM stdin;
c422b423-3bf4-d22b-22d9-707a68f9106f	A2	S P	
e7ea4711-2d2e-18bf-0e38-a3ff83c337e1	A1	VR1	Volet
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
DEM12 (PVC)	20250528.LOG	488	2025-05-29 06:26:40+00	2026-11-22 10:07:21.331781+00	12	10	2	rejets
DEM12 (PVC)	20250527.LOG	800	2025-05-29 06:26:40+00	2026-11-22 10:07:21.331781+00	20	16	4	rejets
DEM12 (PVC)	20250526.LOG	400	2025-05-29 06:26:40+00	2026-11-22 10:07:21.331781+00	10	8	2	rejets
DEMALU (ALU)	20250603.LOG	0	2025-05-29 06:26:40+00	2026-11-22 10:07:21.331781+00	0	0	0	vide
DEMALU (ALU)	20250526.LOG	444	2025-05-29 06:26:40+00	2026-11-22 10:07:21.331781+00	11	9	2	rejets
INCONNU	20250526.LOG	312	2025-05-29 06:26:40+00	2026-11-22 10:07:21.331781+00	8	6	2	dossier inconnu
\.


--
-- Data for Name: a_kopf; Type: TABLE DATA; Schema: raw; Owner: -
--

COPY raw.a_kopf (id, aunummer, aualpha, aufstatus, kommission, _loaded_at, farbe) FROM stdin;
A1	101	A	RÃ©glÃ©	Dupont	2026-11-22 10:07:22.942748+00	7016
A2	102	\N	ouvert	\N	2026-11-22 10:07:22.942748+00	\N
\.


--
-- Data for Name: a_logbuch; Type: TABLE DATA; Schema: raw; Owner: -
--

COPY raw.a_logbuch (id_a_kopf, datum, notiz, _loaded_at, id) FROM stdin;
A1	2025-05-20 10:00:00	cde PlanifiÃ©e	2026-11-22 10:07:22.942748+00	1
A1	2025-05-21 10:00:00	Réglé : cde Planifiée	2026-11-22 10:07:22.942748+00	2
A2	0000-00-00 00:00:00	cde Planifiée	2026-11-22 10:07:22.942748+00	3
\.


--
-- Data for Name: a_vorgang; Type: TABLE DATA; Schema: raw; Owner: -
--

COPY raw.a_vorgang (id_a_kopf, nummer, bezeichnung, _loaded_at) FROM stdin;
A1	10	Débit	2026-11-22 10:07:22.942748+00
\.


--
-- Data for Name: load_runs; Type: TABLE DATA; Schema: raw; Owner: -
--

COPY raw.load_runs (run_id, source, started_at, ended_at, outcome, found, loaded, unchanged, failed, rows, error) FROM stdin;
1	logs	2026-11-22 10:07:20.435149+00	2026-11-22 10:07:22.519051+00	ok	6	6	0	0	61	\N
2	erp	2026-11-22 10:07:22.531843+00	2026-11-22 10:07:24.944944+00	ok	4	4	0	0	8	\N
\.


--
-- Data for Name: log_files; Type: TABLE DATA; Schema: raw; Owner: -
--

COPY raw.log_files (folder, file_name, size_bytes, modified_at, line_count, loaded_at, file_version) FROM stdin;
DEM12 (PVC)	20250526.LOG	400	2025-05-29 06:26:40+00	10	2026-11-22 10:07:21.331781+00	1
DEM12 (PVC)	20250527.LOG	800	2025-05-29 06:26:40+00	20	2026-11-22 10:07:21.331781+00	2
DEM12 (PVC)	20250528.LOG	488	2025-05-29 06:26:40+00	12	2026-11-22 10:07:21.331781+00	3
DEMALU (ALU)	20250526.LOG	444	2025-05-29 06:26:40+00	11	2026-11-22 10:07:21.331781+00	4
DEMALU (ALU)	20250603.LOG	0	2025-05-29 06:26:40+00	0	2026-11-22 10:07:21.331781+00	5
INCONNU	20250526.LOG	312	2025-05-29 06:26:40+00	8	2026-11-22 10:07:21.331781+00	6
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
A1	VR1	Volet	2026-11-22 10:07:22.942748+00
A2	S P		2026-11-22 10:07:22.942748+00
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
-- Name: load_runs_run_id_seq; Type: SEQUENCE SET; Schema: raw; Owner: -
--

SELECT pg_catalog.setval('raw.load_runs_run_id_seq', 2, true);


--
-- Name: log_file_version; Type: SEQUENCE SET; Schema: raw; Owner: -
--

SELECT pg_catalog.setval('raw.log_file_version', 6, true);


--
-- Name: etat_construction etat_construction_pkey; Type: CONSTRAINT; Schema: intermediate; Owner: -
--

ALTER TABLE ONLY intermediate.etat_construction
    ADD CONSTRAINT etat_construction_pkey PRIMARY KEY (modele, cle);


--
-- Name: centre_usinage centre_usinage_dossier_key; Type: CONSTRAINT; Schema: marts; Owner: -
--

ALTER TABLE ONLY marts.centre_usinage
    ADD CONSTRAINT centre_usinage_dossier_key UNIQUE (dossier) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: centre_usinage centre_usinage_nom_key; Type: CONSTRAINT; Schema: marts; Owner: -
--

ALTER TABLE ONLY marts.centre_usinage
    ADD CONSTRAINT centre_usinage_nom_key UNIQUE (nom) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: centre_usinage centre_usinage_pkey; Type: CONSTRAINT; Schema: marts; Owner: -
--

ALTER TABLE ONLY marts.centre_usinage
    ADD CONSTRAINT centre_usinage_pkey PRIMARY KEY (id);


--
-- Name: commandes_volets_accessoires commandes_volets_accessoires_pkey; Type: CONSTRAINT; Schema: marts; Owner: -
--

ALTER TABLE ONLY marts.commandes_volets_accessoires
    ADD CONSTRAINT commandes_volets_accessoires_pkey PRIMARY KEY (id);


--
-- Name: commandes_volets_operations commandes_volets_operations_pkey; Type: CONSTRAINT; Schema: marts; Owner: -
--

ALTER TABLE ONLY marts.commandes_volets_operations
    ADD CONSTRAINT commandes_volets_operations_pkey PRIMARY KEY (id);


--
-- Name: commandes_volets commandes_volets_pkey; Type: CONSTRAINT; Schema: marts; Owner: -
--

ALTER TABLE ONLY marts.commandes_volets
    ADD CONSTRAINT commandes_volets_pkey PRIMARY KEY (id_commande);


--
-- Name: commandes_volets_planifications commandes_volets_planifications_pkey; Type: CONSTRAINT; Schema: marts; Owner: -
--

ALTER TABLE ONLY marts.commandes_volets_planifications
    ADD CONSTRAINT commandes_volets_planifications_pkey PRIMARY KEY (id);


--
-- Name: job_profil job_profil_pkey; Type: CONSTRAINT; Schema: marts; Owner: -
--

ALTER TABLE ONLY marts.job_profil
    ADD CONSTRAINT job_profil_pkey PRIMARY KEY (id);


--
-- Name: lignes_rejetees lignes_rejetees_pkey; Type: CONSTRAINT; Schema: marts; Owner: -
--

ALTER TABLE ONLY marts.lignes_rejetees
    ADD CONSTRAINT lignes_rejetees_pkey PRIMARY KEY (dossier, fichier, numero_ligne);


--
-- Name: periode_arret periode_arret_pkey; Type: CONSTRAINT; Schema: marts; Owner: -
--

ALTER TABLE ONLY marts.periode_arret
    ADD CONSTRAINT periode_arret_pkey PRIMARY KEY (id);


--
-- Name: periode_attente periode_attente_pkey; Type: CONSTRAINT; Schema: marts; Owner: -
--

ALTER TABLE ONLY marts.periode_attente
    ADD CONSTRAINT periode_attente_pkey PRIMARY KEY (id);


--
-- Name: piece_production piece_production_pkey; Type: CONSTRAINT; Schema: marts; Owner: -
--

ALTER TABLE ONLY marts.piece_production
    ADD CONSTRAINT piece_production_pkey PRIMARY KEY (id);


--
-- Name: piece_production piece_production_session_id_numero_piece_key; Type: CONSTRAINT; Schema: marts; Owner: -
--

ALTER TABLE ONLY marts.piece_production
    ADD CONSTRAINT piece_production_session_id_numero_piece_key UNIQUE (session_id, numero_piece) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: session_production session_production_centre_usinage_id_date_production_key; Type: CONSTRAINT; Schema: marts; Owner: -
--

ALTER TABLE ONLY marts.session_production
    ADD CONSTRAINT session_production_centre_usinage_id_date_production_key UNIQUE (centre_usinage_id, date_production) DEFERRABLE INITIALLY DEFERRED;


--
-- Name: session_production session_production_pkey; Type: CONSTRAINT; Schema: marts; Owner: -
--

ALTER TABLE ONLY marts.session_production
    ADD CONSTRAINT session_production_pkey PRIMARY KEY (id);


--
-- Name: suivi_chargement suivi_chargement_pkey; Type: CONSTRAINT; Schema: marts; Owner: -
--

ALTER TABLE ONLY marts.suivi_chargement
    ADD CONSTRAINT suivi_chargement_pkey PRIMARY KEY (dossier, fichier);


--
-- Name: load_runs load_runs_pkey; Type: CONSTRAINT; Schema: raw; Owner: -
--

ALTER TABLE ONLY raw.load_runs
    ADD CONSTRAINT load_runs_pkey PRIMARY KEY (run_id);


--
-- Name: log_files log_files_file_version_key; Type: CONSTRAINT; Schema: raw; Owner: -
--

ALTER TABLE ONLY raw.log_files
    ADD CONSTRAINT log_files_file_version_key UNIQUE (file_version);


--
-- Name: log_files log_files_pkey; Type: CONSTRAINT; Schema: raw; Owner: -
--

ALTER TABLE ONLY raw.log_files
    ADD CONSTRAINT log_files_pkey PRIMARY KEY (folder, file_name);


--
-- Name: 42b405791bb990a1e4a63961a7bed0ff; Type: INDEX; Schema: intermediate; Owner: -
--

CREATE INDEX "42b405791bb990a1e4a63961a7bed0ff" ON intermediate.int_fichiers_jours USING btree (session_id);


--
-- Name: 5e388d438e90dd6942e03edd2c483ff4; Type: INDEX; Schema: intermediate; Owner: -
--

CREATE INDEX "5e388d438e90dd6942e03edd2c483ff4" ON intermediate.int_fichiers_jours USING btree (fichier_id);


--
-- Name: fdba74a2b6dc902d8c34069cbb61c825; Type: INDEX; Schema: intermediate; Owner: -
--

CREATE INDEX fdba74a2b6dc902d8c34069cbb61c825 ON intermediate.int_lignes USING btree (fichier_id, date_production);


--
-- Name: 0f7863c5ec2fb4ad0695627903e349d5; Type: INDEX; Schema: marts; Owner: -
--

CREATE INDEX "0f7863c5ec2fb4ad0695627903e349d5" ON marts.piece_production USING brin (timestamp_production);


--
-- Name: 2db12704f571bcf886a0827c80a86843; Type: INDEX; Schema: marts; Owner: -
--

CREATE INDEX "2db12704f571bcf886a0827c80a86843" ON marts.job_profil USING btree (session_id);


--
-- Name: 6dd98e296a28c2494e7c5e8fb78e6d8d; Type: INDEX; Schema: marts; Owner: -
--

CREATE INDEX "6dd98e296a28c2494e7c5e8fb78e6d8d" ON marts.commandes_volets_operations USING btree (id_commande);


--
-- Name: c41195fac030db9d8d866da2f515c50a; Type: INDEX; Schema: marts; Owner: -
--

CREATE INDEX c41195fac030db9d8d866da2f515c50a ON marts.periode_attente USING btree (session_id);


--
-- Name: dccc901429020a31bb81f44ac2044b94; Type: INDEX; Schema: marts; Owner: -
--

CREATE INDEX dccc901429020a31bb81f44ac2044b94 ON marts.commandes_volets_planifications USING btree (id_commande);


--
-- Name: dde507129c6944030c360a610e479e4e; Type: INDEX; Schema: marts; Owner: -
--

CREATE INDEX dde507129c6944030c360a610e479e4e ON marts.commandes_volets_accessoires USING btree (id_commande);


--
-- Name: eba2af9a11916eb10cc2bb5e1ec736f2; Type: INDEX; Schema: marts; Owner: -
--

CREATE INDEX eba2af9a11916eb10cc2bb5e1ec736f2 ON marts.piece_production USING btree (job_profil_id);


--
-- Name: f4060964b8c51235b556ebad2504025d; Type: INDEX; Schema: marts; Owner: -
--

CREATE INDEX f4060964b8c51235b556ebad2504025d ON marts.periode_arret USING btree (session_id);


--
-- Name: log_lines_file_version; Type: INDEX; Schema: raw; Owner: -
--

CREATE INDEX log_lines_file_version ON raw.log_lines USING btree (file_version);


--
-- Name: commandes_volets_accessoires commandes_volets_accessoires_id_commande_fkey; Type: FK CONSTRAINT; Schema: marts; Owner: -
--

ALTER TABLE ONLY marts.commandes_volets_accessoires
    ADD CONSTRAINT commandes_volets_accessoires_id_commande_fkey FOREIGN KEY (id_commande) REFERENCES marts.commandes_volets(id_commande) ON DELETE CASCADE;


--
-- Name: commandes_volets_operations commandes_volets_operations_id_commande_fkey; Type: FK CONSTRAINT; Schema: marts; Owner: -
--

ALTER TABLE ONLY marts.commandes_volets_operations
    ADD CONSTRAINT commandes_volets_operations_id_commande_fkey FOREIGN KEY (id_commande) REFERENCES marts.commandes_volets(id_commande) ON DELETE CASCADE;


--
-- Name: commandes_volets_planifications commandes_volets_planifications_id_commande_fkey; Type: FK CONSTRAINT; Schema: marts; Owner: -
--

ALTER TABLE ONLY marts.commandes_volets_planifications
    ADD CONSTRAINT commandes_volets_planifications_id_commande_fkey FOREIGN KEY (id_commande) REFERENCES marts.commandes_volets(id_commande) ON DELETE CASCADE;


--
-- Name: job_profil job_profil_session_id_fkey; Type: FK CONSTRAINT; Schema: marts; Owner: -
--

ALTER TABLE ONLY marts.job_profil
    ADD CONSTRAINT job_profil_session_id_fkey FOREIGN KEY (session_id) REFERENCES marts.session_production(id) ON DELETE CASCADE;


--
-- Name: periode_arret periode_arret_session_id_fkey; Type: FK CONSTRAINT; Schema: marts; Owner: -
--

ALTER TABLE ONLY marts.periode_arret
    ADD CONSTRAINT periode_arret_session_id_fkey FOREIGN KEY (session_id) REFERENCES marts.session_production(id) ON DELETE CASCADE;


--
-- Name: periode_attente periode_attente_session_id_fkey; Type: FK CONSTRAINT; Schema: marts; Owner: -
--

ALTER TABLE ONLY marts.periode_attente
    ADD CONSTRAINT periode_attente_session_id_fkey FOREIGN KEY (session_id) REFERENCES marts.session_production(id) ON DELETE CASCADE;


--
-- Name: piece_production piece_production_job_profil_id_fkey; Type: FK CONSTRAINT; Schema: marts; Owner: -
--

ALTER TABLE ONLY marts.piece_production
    ADD CONSTRAINT piece_production_job_profil_id_fkey FOREIGN KEY (job_profil_id) REFERENCES marts.job_profil(id) ON DELETE SET NULL (job_profil_id);


--
-- Name: piece_production piece_production_session_id_fkey; Type: FK CONSTRAINT; Schema: marts; Owner: -
--

ALTER TABLE ONLY marts.piece_production
    ADD CONSTRAINT piece_production_session_id_fkey FOREIGN KEY (session_id) REFERENCES marts.session_production(id) ON DELETE CASCADE;


--
-- Name: session_production session_production_centre_usinage_id_fkey; Type: FK CONSTRAINT; Schema: marts; Owner: -
--

ALTER TABLE ONLY marts.session_production
    ADD CONSTRAINT session_production_centre_usinage_id_fkey FOREIGN KEY (centre_usinage_id) REFERENCES marts.centre_usinage(id) ON DELETE CASCADE;


--
-- PostgreSQL database dump complete
--

\unrestrict zW7SNor7R9oCQYMXJk0vgghxe9HKAriGXUZVwy9SQYQz1SsooiDkJfS7vJsooKR

