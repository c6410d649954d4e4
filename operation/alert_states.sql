-- The states of each alert; the last row counts. `envoyée`: it was posted. `vue`: it still lasts, noted about once a day. `oubliée`: it
-- has been gone for a week. Rows are only inserted. `make grants` creates this table, or else the first `make alerts`.

create table historique.alertes_etats (
    id uuid not null,
    etat text not null check (etat in ('envoyée', 'vue', 'oubliée')),
    depuis timestamptz not null default now(),
    primary key (id, depuis)
);

-- An earlier version kept one row for each alert.
do $$
begin
    if to_regclass('historique.alertes_envoyees') is not null then
        insert into historique.alertes_etats (id, etat, depuis) select id, 'vue', vue_le from historique.alertes_envoyees;
        drop table historique.alertes_envoyees;
    end if;
end
$$;
