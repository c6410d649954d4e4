-- What has become of each alert, in rows that are only ever added: `envoyée` when it was posted, `vue` about once a day for as long as it
-- lasts, `oubliée` once it has been gone for a week. Its last row counts. `make grants` makes the table, or else the first `make alerts`.

create table historique.alertes_etats (
    id uuid not null,
    etat text not null check (etat in ('envoyée', 'vue', 'oubliée')),
    depuis timestamptz not null default now(),
    primary key (id, depuis)
);

-- An earlier version kept one row an alert.
do $$
begin
    if to_regclass('historique.alertes_envoyees') is not null then
        insert into historique.alertes_etats (id, etat, depuis) select id, 'vue', vue_le from historique.alertes_envoyees;
        drop table historique.alertes_envoyees;
    end if;
end
$$;
