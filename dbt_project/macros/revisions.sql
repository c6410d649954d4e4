{#-
  What a session's figures were before they changed, which nothing could compute again.

  The schema `historique` keeps a copy of every session's figures as the last build left them, with the versions of the files that they came from.
  After each build of `session_production`, in its transaction, the sessions just built are compared with that copy: incremental or full,
  of all sessions or of some, what differs for a session whose day was over is a revision. A session that is new to the copy is none.
-#}

{#- The tables that outlive every rebuild, with their columns; the first one is the primary key. -#}
{% macro tables_historiques() -%}
    {{ return({
        'sessions_connues': {
            'session_id': 'uuid',
            'dossier': 'text not null',
            'date_production': 'date not null',
            'chiffres': 'jsonb',
            'fichiers': 'jsonb not null',
            'debut_journee': 'text not null',
            'notee_le': 'timestamptz not null',
        },
        'dernier_chargement': {
            'une_seule_ligne': 'boolean default true check (une_seule_ligne)',
            'commence_le': 'timestamptz not null',
        },
        'revisions': {
            'id': 'bigint generated always as identity',
            'session_id': 'uuid not null',
            'dossier': 'text not null',
            'date_production': 'date not null',
            'colonne': 'text not null',
            'ancienne_valeur': 'text',
            'nouvelle_valeur': 'text',
            'cause': 'text not null',
            'fichiers': 'text',
            'execution_id': 'bigint',
            'charge_le': 'timestamptz',
            'revisee_le': 'timestamptz not null',
        },
        'constructions': {
            'id': 'uuid',
            'lancement': 'uuid',
            'session_verrou': 'integer',
            'commande': 'text not null',
            'version': 'text',
            'commencee_le': 'timestamptz not null',
            'finie_le': 'timestamptz',
            'resultat': "text not null default 'en cours'",
            'nb_modeles': 'integer',
            'nb_modeles_en_echec': 'integer',
            'nb_verifications_en_echec': 'integer',
            'nb_avertissements': 'integer',
            'nb_lignes': 'bigint',
            'memoire_max_octets': 'bigint',
            'erreur': 'text',
        },
    }) }}
{%- endmacro %}


{#- Creates them on the first run, and gives those of an earlier version the columns and the key that they lack. -#}
{% macro creer_historique() %}
    {%- if execute and flags.WHICH in ('run', 'build') -%}
        {%- set presentes = {} -%}
        {%- for ligne in run_query("
            select c.relname, a.attname, exists (select 1 from pg_constraint where conrelid = c.oid and contype = 'p')
            from pg_class as c
            inner join pg_attribute as a on c.oid = a.attrelid and a.attnum > 0 and not a.attisdropped
            where c.relnamespace = to_regnamespace('historique') and c.relkind = 'r'
        ").rows -%}
            {%- do presentes.setdefault(ligne[0], {'colonnes': [], 'a_sa_cle': ligne[2]}).colonnes.append(ligne[1]) -%}
        {%- endfor -%}
        {%- if not presentes and run_query("select to_regnamespace('historique')").rows[0][0] is none %}
    create schema historique;
        {%- endif -%}
        {%- for table, colonnes in tables_historiques().items() -%}
            {%- if table not in presentes %}
    create table historique.{{ table }} (
        {%- for nom, type in colonnes.items() %}{{ nom }} {{ type }}{{ ', ' if not loop.last }}{% endfor -%}
    );
            {%- endif -%}
            {%- for nom, type in colonnes.items() if table in presentes and nom not in presentes[table].colonnes %}
    alter table historique.{{ table }} add column {{ nom }} {{ type }};
            {%- endfor -%}
            {%- if not presentes.get(table, {}).a_sa_cle -%}
                {%- set cle = {'type': 'primary_key', 'columns': [colonnes | first]} %}
    {{ ddl_sans_doublons('historique.' ~ table, cle.columns) }};
    {{ ddl_cle('historique.' ~ table, cle) }};
            {%- endif -%}
        {%- endfor -%}
    {%- endif -%}
{% endmacro %}


{#-
  After `session_production`, in its transaction: notes the figures of past sessions that have changed, then how things stand now.

  A session is past once its production day had been over for some hours (`revision_apres_heures`) when the load began whose data the
  previous build may have used: until then its figures were known to be growing.
-#}
{% macro noter_revisions() %}
    create temporary table sessions_a_noter on commit drop as
    with portee as (
        {%- if is_incremental() %}
        select cle::uuid as session_id from {{ perimetre() }}
        union
        -- A warehouse of an older version: its sessions are noted as they stand.
        select id from {{ this }}
        where not exists (select 1 from historique.sessions_connues)
        {%- else %}
        select id as session_id from {{ this }}
        union
        select session_id from historique.sessions_connues
        {%- endif %}
    ),

    fichiers as (
        select
            fichiers_jours.session_id,
            jsonb_object_agg(
                fichiers_jours.fichier, {{ version_dans_empreinte('fichiers_jours.empreinte') }}
            ) as fichiers
        from portee
        cross join lateral (
            select * from {{ ref('int_fichiers_jours') }} as jours
            where jours.session_id = portee.session_id
            limit all
        ) as fichiers_jours
        group by fichiers_jours.session_id
    ),

    comparees as (
        select
            portee.session_id,
            coalesce(centres.dossier, connues.dossier) as dossier,
            coalesce(sessions.date_production, connues.date_production) as date_production,
            case
                when sessions.id is not null
                    then to_jsonb(sessions) - array['id', 'centre_usinage_id', 'date_production', 'fichier_log_source']
            end as chiffres,
            coalesce(fichiers.fichiers, '{}') as fichiers,
            connues.session_id is not null as connue,
            connues.chiffres as anciens_chiffres,
            connues.fichiers as anciens_fichiers,
            connues.debut_journee as ancien_debut,
            connues.notee_le
        from portee
        left join {{ this }} as sessions on portee.session_id = sessions.id
        left join {{ ref('centre_usinage') }} as centres on sessions.centre_usinage_id = centres.id
        left join fichiers on portee.session_id = fichiers.session_id
        left join historique.sessions_connues as connues on portee.session_id = connues.session_id
    )

    select * from comparees
    where
        (connue or chiffres is not null)
        and (chiffres, fichiers, '{{ var("debut_journee") }}', true) is distinct from (anciens_chiffres, anciens_fichiers, ancien_debut, connue);

    insert into historique.revisions (
        session_id, dossier, date_production, colonne, ancienne_valeur, nouvelle_valeur, cause, fichiers, execution_id, charge_le, revisee_le
    )
    with passees as (
        select sessions_a_noter.*
        from sessions_a_noter
        cross join historique.dernier_chargement
        where
            connue
            and date_production + interval '1 day' + interval '{{ var("debut_journee") }}'
            + {{ var('revision_apres_heures') | int }} * interval '1 hour'
            <= dernier_chargement.commence_le at time zone '{{ var("fuseau_horaire") }}'
            and chiffres is distinct from anciens_chiffres
    ),

    -- A file has changed if its version has. One that is new to the session, or has left it, may be the same as ever where the production
    -- day was moved.
    fichiers_changes as (
        select
            passees.session_id,
            string_agg(passees.dossier || '/' || versions.fichier, ', ' order by versions.fichier collate "C") as fichiers,
            max(charge_le) as charge_le
        from passees
        cross join lateral (
            select
                coalesce(anciens.key, nouveaux.key) as fichier,
                anciens.value as ancienne,
                nouveaux.value as nouvelle
            from jsonb_each_text(passees.anciens_fichiers) as anciens
            full join jsonb_each_text(passees.fichiers) as nouveaux on anciens.key = nouveaux.key
        ) as versions
        left join {{ ref('int_fichiers') }} as actuels
            on passees.dossier = actuels.dossier and versions.fichier = actuels.fichier
        where
            case
                when versions.ancienne is not null
                    then versions.ancienne is distinct from coalesce(versions.nouvelle, {{ version_dans_empreinte('actuels.empreinte') }})
                else passees.ancien_debut = '{{ var("debut_journee") }}' or actuels.charge_le > passees.notee_le
            end
        group by passees.session_id
    )

    select
        passees.session_id,
        passees.dossier,
        passees.date_production,
        chiffres.colonne,
        chiffres.ancienne,
        chiffres.nouvelle,
        case
            when fichiers_changes.session_id is not null then 'fichier'
            when passees.ancien_debut != '{{ var("debut_journee") }}' then 'debut_journee'
            when passees.chiffres is null or passees.anciens_chiffres is null then 'centre'
            else 'modele'
        end,
        fichiers_changes.fichiers,
        (
            select max(executions.execution_id)
            from {{ ref('stg_chargements__executions') }} as executions
            where executions.source = 'logs' and executions.commencee_le <= fichiers_changes.charge_le
        ),
        fichiers_changes.charge_le,
        now()
    from passees
    cross join lateral (
        select
            coalesce(anciens.key, nouveaux.key) as colonne,
            anciens.value as ancienne,
            nouveaux.value as nouvelle
        from jsonb_each_text(passees.anciens_chiffres) as anciens
        full join jsonb_each_text(passees.chiffres) as nouveaux on anciens.key = nouveaux.key
        where
            anciens.value is distinct from nouveaux.value
            -- A column that a new version of the models adds or drops is no change of a figure.
            and (passees.anciens_chiffres is null or anciens.key is not null)
            and (passees.chiffres is null or nouveaux.key is not null)
    ) as chiffres
    left join fichiers_changes on passees.session_id = fichiers_changes.session_id
    order by passees.dossier collate "C", passees.date_production, chiffres.colonne;

    insert into historique.sessions_connues (session_id, dossier, date_production, chiffres, fichiers, debut_journee, notee_le)
    select session_id, dossier, date_production, chiffres, fichiers, '{{ var("debut_journee") }}', now()
    from sessions_a_noter
    on conflict (session_id) do update set
        chiffres = excluded.chiffres,
        fichiers = excluded.fichiers,
        debut_journee = excluded.debut_journee,
        notee_le = excluded.notee_le;

    insert into historique.dernier_chargement (commence_le)
    select max(commencee_le)
    from {{ ref('stg_chargements__executions') }}
    where source = 'logs' and resultat in ('ok', 'partial')
    having count(*) > 0
    on conflict (une_seule_ligne) do update set commence_le = excluded.commence_le
    where excluded.commence_le > dernier_chargement.commence_le
{% endmacro %}


{#- The version in a file's fingerprint (`int_fichiers.empreinte`), without the production day's beginning behind it. -#}
{% macro version_dans_empreinte(empreinte) -%}
    (split_part({{ empreinte }}, ' ', 1) || ' ' || split_part({{ empreinte }}, ' ', 2))
{%- endmacro %}
