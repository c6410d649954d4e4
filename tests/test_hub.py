"""Three sites, each with a warehouse of its own, and a hub over them, beside one warehouse that holds everything."""

import datetime as dt
import io
import json
import logging
import os
import re
import shutil
import socket
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import psycopg2
import psycopg2.extras
import pytest
import yaml

from common.channels import Channels
from common.errors import LoadError
from demo.stack import HOST, Stack
from hub.__main__ import main
from hub.sites import read_sites
from operation.grants import grant
from publication.alerts import publish_alerts
from publication.marts import Answer, Marts
from publication.report import _data
from publication.settings import reader_settings
from tests.factory import MART_QUERIES, NOT_COMPARED, ROOT, Factory, comparable
from tests.relay import Relay
from tests.test_report_page import BREAKS, DAYS, SHIFTS, erp, log

PLANTS = {"lyon": "DEM12 (PVC)", "metz": "DEMALU (ALU)", "nice": "SU12 (HYBRIDE)"}
VARIABLES = ("--vars", json.dumps({"numero_commande_motif": "^([0-9]+) ", "maintenant": f"{DAYS[-1]} 12:00:00+02:00"}))
CENTRES = (ROOT / "dbt_project/seeds/centres.csv").read_text().splitlines(keepends=True)


class Group:
    """The sites, the hub, and the one warehouse `tout`: databases of one server."""

    def __init__(self, factory: Factory, folder: Path, manifest: Path) -> None:
        self.factory = factory
        self.folder = folder
        self.manifest = manifest
        self.relay = Relay(factory.environment["POSTGRES_PORT"])
        self.sites: dict[str, dict[str, Any]] = {
            name: {
                "host": HOST,
                "port": int(factory.environment["POSTGRES_PORT"]),
                "database": name,
                "user": "concentrateur",
                "password_env": "CONCENTRATEUR",
                "erp": name == "lyon",
            }
            for name in PLANTS
        }
        self.sites["metz"]["port"] = int(self.relay.port)

    def environment(self, database: str = "hub") -> dict[str, str]:
        """Return the settings of `make hub`: the administrator's, in a database."""
        login = self.factory.stack.warehouse_admin
        own = {"POSTGRES_USER": login["user"], "POSTGRES_PASSWORD": login["password"], "POSTGRES_DB": database}
        sites = {"SITES_FILE": str(self.folder / "sites.yml"), "CONCENTRATEUR": "pw"}
        return {**self.factory.environment, **own, **sites, "DBT_POSTGRES_USER": "", "DBT_POSTGRES_PASSWORD": ""}

    def make(self, *words: str, expect: int = 0, database: str = "hub", manifest: Path | None = None) -> str:
        """Run `make hub` as the file of the sites now stands; return what it said."""
        (self.folder / "sites.yml").write_text(yaml.safe_dump(self.sites))
        root, said = logging.getLogger(), io.StringIO()
        pytests, root.handlers = root.handlers, []
        try:
            with redirect_stdout(said), redirect_stderr(said):
                code = main(["--manifest", str(manifest or self.manifest), *words], self.environment(database))
        finally:
            root.handlers = pytests
        assert code == expect, said.getvalue()
        return said.getvalue()

    def connect(self, database: str, role: str = "analyst", **settings: str) -> Any:
        login: Any = {**self.factory.stack.warehouse_admin, "dbname": database}
        options = {"role": role, **settings}
        return closing(psycopg2.connect(**login, options=" ".join(f"-c {name}={value}" for name, value in options.items())))

    def ask(self, query: str, database: str = "hub", role: str = "analyst", **settings: str) -> list[tuple[Any, ...]]:
        with self.connect(database, role, **settings) as connection, connection.cursor() as cursor:
            cursor.execute(query)
            connection.commit()
            return cursor.fetchall() if cursor.description else []

    def rows(self, query: str, database: str, leave: set[str] = NOT_COMPARED) -> list[dict[str, Any]]:
        with self.connect(database) as connection, connection.cursor(cursor_factory=psycopg2.extras.RealDictCursor) as cursor:
            cursor.execute(query)
            return [{name: value for name, value in row.items() if name not in leave} for row in cursor.fetchall()]

    def sent(self, query: str, parameters: Any = None) -> tuple[list[tuple[str, int]], int]:
        """Return what the sites sent for a query, tables and rows, and how many rows it returned."""
        with self.connect("hub") as connection, connection.cursor() as cursor:
            cursor.execute(f"explain (analyze, verbose, format json) {query}", parameters)
            plan = cursor.fetchall()[0][0][0]["Plan"]
        found: list[tuple[str, int]] = []

        def walk(node: Mapping[str, Any]) -> None:
            if node["Node Type"].endswith("Foreign Scan"):
                found.append((node.get("Relations") or node["Relation Name"], round(node["Actual Rows"] * node["Actual Loops"])))
            for below in node.get("Plans", []):
                walk(below)

        walk(plan)
        return found, round(plan["Actual Rows"])

    def most_sent(self, query: str, parameters: Mapping[str, Any]) -> int:
        """Return how many rows all sites together send for what a query asks of a mart, whichever of its marts that is most for."""
        by_mart: dict[str, list[int]] = {}
        for tables, rows in self.sent(query, parameters)[0]:
            by_mart.setdefault(re.sub(rf"\b({'|'.join(PLANTS)})\.|_[0-9]+\b", "", tables), []).append(rows)
        # A mart that is asked twice is there twice for each site.
        return max(sum(rows) // max(1, len(rows) // len(PLANTS)) for rows in by_mart.values())

    @contextmanager
    def down(self) -> Iterator[None]:
        """Have the site metz down until the block ends."""
        self.relay.close()
        yield
        self.relay = Relay(self.factory.environment["POSTGRES_PORT"])
        self.sites["metz"]["port"] = int(self.relay.port)
        self.ask(f"alter server metz options (set port '{self.relay.port}')", role="none")


def long_log(folder: str, day: dt.date) -> bytes:
    """Write a machine's day with as many lines as a real one has, most of them of events that nothing is made of."""
    return (
        log(folder, day)
        + b"\r\n"
        + b"".join(b"%s 22:%02d:00|@Inconnu: 1\r\n" % (f"{day:%Y%m%d}".encode(), n % 60) for n in range(1000))
    )


@pytest.fixture(scope="module")
def group(stack: Stack, scratch: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Group]:
    """Build the one warehouse and each site's, in turn, in the factory's database, and keep a copy of each."""
    factory = Factory(stack, scratch)
    folder = tmp_path_factory.mktemp("hub")
    seeds = folder / "seeds"
    shutil.copytree(ROOT / "dbt_project/seeds", seeds)
    (seeds / "pauses.csv").write_text(BREAKS)
    factory.environment["SEEDS_DIR"] = str(seeds)
    copies = ["tout", *PLANTS]
    with pytest.MonkeyPatch.context() as patch:
        for name in copies:
            folders = [PLANTS[name]] if name in PLANTS else [*PLANTS.values()]
            # The seeds of a site name what is there.
            (seeds / "centres.csv").write_text("".join(CENTRES[:1] + [line for line in CENTRES if line.split(",")[0] in folders]))
            (seeds / "postes.csv").write_text(SHIFTS if "DEM12 (PVC)" in folders else SHIFTS.splitlines(keepends=True)[0])
            stack.empty()
            grant(factory.environment)
            factory.put_erp(erp() if name in ("tout", "lyon") else {})
            factory.put_logs({(place, f"{day:%Y%m%d}.LOG"): long_log(place, day) for place in folders for day in DAYS})
            for path in stack.ftp_root.glob("*/*.LOG"):
                written = dt.datetime.strptime(path.stem, "%Y%m%d").timestamp() + 12 * 3600
                os.utime(path, (written, written))
            patch.setenv("SITE", name if name in PLANTS else "")
            factory.load()
            factory.build_only(*VARIABLES)
            factory.ask("analyze")  # as PostgreSQL does by itself, but later
            factory._maintain(f"create database {name} template {factory.environment['POSTGRES_DB']}")
            factory._maintain(f"grant connect on database {name} to analyst")
    factory._maintain("create database hub", "create role concentrateur login password 'pw' in role analyst")
    factory.dbt("parse", *VARIABLES)
    target = Path(factory.dbt_command("parse", *VARIABLES)[1]["DBT_TARGET_PATH"])
    group = Group(factory, folder, target / "manifest.json")
    group.make()
    yield group
    factory._maintain(*(f"drop database {name} with (force)" for name in [*copies, "hub"]), "drop role concentrateur")


# What a mart's rows are compared by; of alerts, runs and changes only what does not say when the platform ran.
QUERIES = {
    **MART_QUERIES,
    "evenements": "select * from marts.evenements",
    "commandes_volets_historique": "select * from marts.commandes_volets_historique",
    "notes_qualite": "select * from marts.notes_qualite",
    "alertes": "select * from marts.alertes",
}


@pytest.mark.parametrize("mart", QUERIES)
def test_a_mart_of_the_hub_is_that_of_one_warehouse_that_holds_everything(group: Group, mart: str) -> None:
    leave = NOT_COMPARED | {"valide_du", "valide_au"}
    one = group.rows(QUERIES[mart], "tout", leave)
    assert one or mart == "commandes_volets_operations"
    assert comparable(group.rows(QUERIES[mart], "hub", leave)) == comparable(one)


def test_the_report_of_the_hub_is_that_of_one_warehouse(group: Group) -> None:
    def page(database: str) -> Any:
        environment = {**group.environment(database)}
        with Marts(reader_settings(environment, own="REPORT")) as marts:
            data, detail = _data(marts, 31)
        # When the platform loaded is another time at each site.
        for table in ("sources", "derniers_fichiers", "chargements", "derniers_evenements"):
            columns = [column["nom"] for column in data["tables"][table]["colonnes"]]
            times = {columns.index(name) for name in ("modifie_le", "charge_le", "dernier_fichier") if name in columns}
            rows = data["tables"][table]["lignes"]
            data["tables"][table]["lignes"] = [[v for place, v in enumerate(row) if place not in times] for row in rows]
        del data["etabli_le"], data["tables"]["sources"]
        return data, detail

    hub, one = page("hub"), page("tout")
    # What is said of a whole plant names it.
    alerts = hub[0]["tables"]["alertes"]
    subject, message = ([column["nom"] for column in alerts["colonnes"]].index(name) for name in ("sujet_type", "message"))
    for alert in alerts["lignes"]:
        if alert[subject] == "usine":
            site, alert[message] = alert[message].split(" : ", 1)
            assert site in PLANTS
    for table in one[0]["tables"]:
        assert hub[0]["tables"][table] == one[0]["tables"][table], table
    assert hub == one


def test_the_report_of_the_hub_tells_plants_apart(group: Group) -> None:
    folder = PLANTS["lyon"]
    group.ask(f"update marts.suivi_chargement set dossier = '{folder}'", "metz", "none")
    try:
        with Marts(reader_settings(group.environment(), own="REPORT")) as marts:
            loads = [what for what, *_ in marts.ask("sources", {}).rows]
            folders = [folder for folder, *_ in marts.ask("derniers_fichiers", {}).rows]
            days = {folder for folder, *_ in marts.ask("chargements", {"nombre": 31}).rows}
    finally:
        group.ask(f"update marts.suivi_chargement set dossier = '{PLANTS['metz']}'", "metz", "none")
    assert loads == [
        f"{kind}, {site}" for kind in ("Commandes (ERP)", "Machines (fichiers LOG)", "Calcul des tables") for site in PLANTS
    ]
    assert folders == [f"{folder} (lyon)", f"{folder} (metz)", PLANTS["nice"]]
    assert days == {*folders}


def test_the_marts_have_the_names_columns_types_and_comments_of_a_warehouse(group: Group) -> None:
    described = (
        "select relname, attname, format_type(atttypid, null), col_description(attrelid, attnum), obj_description(attrelid)"
        " from pg_class inner join pg_attribute on attrelid = pg_class.oid and attnum > 0 and not attisdropped"
        " where relnamespace = 'marts'::regnamespace and relkind in ('r', 'v') and relname != 'sites' order by relname, attnum"
    )
    for here, there in zip(group.ask(described, "hub"), group.ask(described, "tout"), strict=True):
        assert here == there
    sites = described.replace("relname != 'sites'", "relname = 'sites'")
    assert all(column and table for *_, column, table in group.ask(sites, "hub"))


def test_no_two_sites_share_a_key_and_each_row_says_its_site(group: Group) -> None:
    for mart in ("centre_usinage", "session_production", "piece_production", "production_hebdomadaire", "pertes"):
        query = f"select site, left(id::text, 8), count(*) from marts.{mart} group by 1, 2"
        parts = group.ask(query)
        assert sorted(site for site, *_ in parts) == sorted(PLANTS)
        assert len({part for _, part, _ in parts}) == len(PLANTS)
    assert group.ask("select distinct site from marts.piece_production", "tout") == [("",)]


# What analysts and the report ask, and each of it a site can answer for itself.
ASKED = {
    "sums by centre and week": (
        "select site, centre, date_debut, sum(pieces), sum(temps_production_net)"
        " from marts.production_hebdomadaire group by site, centre, date_debut"
    ),
    "sums of days": "select site, centre, sum(pieces), max(cadence) from marts.production_journaliere group by site, centre",
    "losses": "select site, etat, classe, sum(minutes) from marts.pertes group by site, etat, classe",
    "sums by session": "select session_id, count(*), max(timestamp_production) from marts.piece_production group by session_id",
    "a session's pieces": "select * from marts.piece_production where session_id = %(session)s order by numero_piece",
    "a session's events": "select * from marts.evenements where session_id = %(session)s",
    "pieces with their profiles": (
        "select s.centre, p.details, j.reference from marts.piece_production p"
        " join marts.session_production s on s.id = p.session_id"
        " left join marts.job_profil j on j.id = p.job_profil_id and j.session_id = p.session_id"
        " where s.date_production = '2025-05-28'"
    ),
}


@pytest.mark.parametrize("query", ASKED.values(), ids=ASKED)
def test_sites_send_no_more_rows_than_a_query_returns(group: Group, query: str) -> None:
    ((session,),) = group.ask("select id from marts.session_production where site = 'metz' order by date_production limit 1")
    sent, returned = group.sent(query, {"session": session})
    assert sum(rows for _, rows in sent) == returned > 0
    # A session is asked of its site only, all else of each once.
    assert len(sent) == (1 if "%(session)s" in query else len(PLANTS))


LONGEST_STOPS = (
    "select s.site, s.centre, s.date_production, a.timestamp_debut, a.duree_secondes from marts.periode_arret a"
    " join marts.session_production s on s.id = a.session_id order by a.duree_secondes desc limit 5"
)


@pytest.mark.parametrize(("query", "rows"), [("select * from marts.production_profil", 20), (LONGEST_STOPS, 5)])
def test_of_what_is_put_together_each_site_sends_its_part_once(group: Group, query: str, rows: int) -> None:
    sent, returned = group.sent(query)
    assert returned == rows
    assert len(sent) == len(PLANTS)
    assert max(of_a_site for _, of_a_site in sent) <= returned


# Where the report cuts what it has added up, or adds up what overlaps: the groups of which the sites send a row each.
GROUPS = {
    **dict.fromkeys(
        ("choix", "premier_detail"),
        "select count(distinct (site, date_production)) from (select site, date_production, dense_rank() over"
        " (order by date_production desc) from marts.production_journaliere) as jours where dense_rank <= %(nombre_jours)s",
    ),
    "periodes": (
        "select count(*) from marts.production_journaliere"
        " join unnest(%(cles)s::text[], %(debuts)s::date[], %(fins)s::date[]) as choix (choix, du, au)"
        " on date_production between du and au where choix like 'P%%'"
    ),
    # The sessions of weeks that go on.
    "semaines": (
        "select count(*) from marts.production_journaliere j join marts.production_hebdomadaire s using (site, centre_usinage_id)"
        " where not s.terminee and j.date_production between s.date_debut and s.date_debut + 6"
    ),
    "sources": "select count(distinct (site, type, source)) from marts.suivi_execution",
    "commandes": (
        "select count(distinct (p.site, s.centre, p.numero_commande)) from marts.piece_production p"
        " join marts.session_production s on s.id = p.session_id"
    ),
    # All those that it names.
    "commandes_semaines": "select count(*) from marts.commandes_volets where semaine_prevue is not null",
}
# What the report adds up day by day, and from which mart.
ADDED_UP = {
    "heures": "production_horaire",
    "profils": "production_profil_journaliere",
    "pertes": "pertes",
    "pertes_profils": "pertes",
}


@pytest.mark.parametrize("days", [31, 3])
def test_for_the_report_sites_send_no_more_than_it_returns_or_the_groups_of_it(
    group: Group, days: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of few days, what is added up may be sent as it is: adding up first would not make it less."""
    excess, ask = {}, Marts.ask

    def explained(marts: Marts, query: str, parameters: Mapping[str, Any]) -> Answer:
        answer = ask(marts, query, parameters)
        sent = group.most_sent((ROOT / f"publication/queries/{query}.sql").read_text(), parameters)
        groups = GROUPS.get(query, "select 0")
        if days == 3 and query in ADDED_UP:
            groups = (
                f"select count(*) from marts.{ADDED_UP[query]} where date_production between %(premier_jour)s and %(dernier_jour)s"
            )
        with group.connect("hub") as connection, connection.cursor() as cursor:
            cursor.execute(groups, parameters)
            bound = max(len(answer.rows), *cursor.fetchone())
        if sent > bound:
            excess[query] = sent, bound
        return answer

    monkeypatch.setattr(Marts, "ask", explained)
    with Marts(reader_settings(group.environment(), own="REPORT")) as marts:
        _data(marts, days)
    assert excess == {}


@pytest.mark.parametrize("absents", ["", "refuser"])
def test_a_query_that_needs_a_site_that_is_down_names_it_and_others_go_on(group: Group, absents: str) -> None:
    with group.down():
        with pytest.raises(psycopg2.OperationalError, match=r'^could not connect to server "metz"'):
            group.ask("select count(*) from marts.piece_production", **{"hub.absents": absents})
        days = "select distinct site from marts.production_journaliere where site != 'metz' order by 1"
        assert group.ask(days) == [("lyon",), ("nice",)]


def test_a_site_whose_network_has_gone_is_not_waited_for(group: Group) -> None:
    """A port whose queue of connections is full answers nothing, as a network that has gone."""
    assert {"tcp_user_timeout=10000"} <= {*group.ask("select srvoptions from pg_foreign_server where srvname = 'metz'")[0][0]}
    with socket.socket() as silent, ExitStack() as queue:
        silent.bind((HOST, 0))
        silent.listen(0)
        for _ in range(3):
            waiting = queue.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(silent.getsockname())
        group.ask(f"alter server metz options (set port '{silent.getsockname()[1]}', set tcp_user_timeout '500')", role="none")
        try:
            started = time.monotonic()
            with pytest.raises(psycopg2.OperationalError, match=r'^could not connect to server "metz"'):
                group.ask("select count(*) from marts.piece_production")
            assert time.monotonic() - started < 5
        finally:
            group.ask(f"alter server metz options (set port '{group.relay.port}', set tcp_user_timeout '10000')", role="none")


def test_a_session_may_leave_out_sites_that_are_down_and_the_mart_of_sites_says_which(group: Group) -> None:
    query = "select site, count(*) from marts.piece_production group by site order by site"
    sites = "select site, joignable, version, erp, dernier_evenement, dernier_chargement is null, erreur from marts.sites"
    everything = group.ask(query)
    ((version,),) = group.ask("select max(version) from marts.suivi_execution", "tout")
    last = dict(group.ask("select site, max(heure_derniere_piece) from marts.session_production group by 1"))
    assert [site[:6] for site in group.ask(sites)] == [
        (name, True, version, name == "lyon", last[name], False) for name in sorted(PLANTS)
    ]
    with group.down():
        with group.connect("hub", **{"hub.absents": "ignorer"}) as session, session.cursor() as cursor:
            cursor.execute(query)
            assert cursor.fetchall() == [row for row in everything if row[0] != "metz"]
            (warning,) = session.notices
        assert warning.startswith("WARNING:  only lyon, nice\nHINT:  marts.sites says why others do not answer")
        assert group.ask("select sum(pieces) from marts.production_profil", **{"hub.absents": "ignorer"})
        assert [site[:2] for site in group.ask(sites)] == [("lyon", True), ("metz", False), ("nice", True)]
        assert group.ask(sites)[1][6].startswith('could not connect to server "metz"')
    assert group.ask(query, **{"hub.absents": "ignorer"}) == everything
    with pytest.raises(psycopg2.Error, match=r"^hub.absents is vides: set it to ignorer, or to refuser"):
        group.ask(query, **{"hub.absents": "vides"})


def test_the_report_names_a_site_that_is_down_or_goes_without_it(group: Group) -> None:
    def centres() -> list[Any]:
        with Marts(reader_settings(group.environment(), own="REPORT")) as marts:
            return [centre for centre, *_ in marts.ask("centres", {}).rows]

    with group.down():
        with pytest.raises(LoadError, match=r'could not connect to server "metz"'):
            centres()
        group.ask("alter database hub set hub.absents = 'ignorer'", role="none")
        try:
            assert centres() == ["DEM12", "SU12"]
        finally:
            group.ask("alter database hub reset hub.absents", role="none")


def test_an_analyst_reads_the_marts_and_nothing_else(group: Group) -> None:
    for forbidden in (
        "select * from metz.piece_production",
        "select * from hub.piece_production",
        "select * from hub.sites",
        "create table marts.x (a int)",
        "create schema x",
        "delete from marts.piece_production",
        "create foreign table public.x (a int) server metz",
    ):
        with pytest.raises(psycopg2.Error, match=r"permission denied|cannot delete"):
            group.ask(forbidden)
    assert group.ask("select umoptions from pg_user_mappings") == [(None,)] * len(PLANTS)


def test_an_added_site_comes_with_the_next_run_and_one_is_taken_out_by_a_command(group: Group) -> None:
    counted = "select site, count(*) from marts.piece_production group by 1 order by 1"
    everything = group.ask(counted)
    group.ask("create schema mien; create view mien.pieces as select site, numero_piece from marts.piece_production", role="none")
    gone = {"nice": group.sites.pop("nice")}
    said = group.make(expect=1)
    assert said == "nice: in the hub, but not in the file of the sites: make hub WITHOUT='nice' takes out what is gone\n"
    assert group.ask(counted) == everything
    assert group.make("--without", "nice") == "The hub has lyon, metz\n"
    assert group.ask(counted) == [row for row in everything if row[0] != "nice"]
    group.sites |= gone
    assert group.make() == "The hub has lyon, metz, nice\n"
    assert group.ask(counted) == everything
    assert group.make("--without", "nice", expect=1).startswith("nice is still in the file of the sites")
    assert group.make("--without", "brest", expect=1).startswith("brest is not in the hub: its sites are lyon, metz, nice")
    gone |= {"metz": group.sites.pop("metz")}
    del group.sites["nice"]
    assert "WITHOUT='metz nice'" in group.make(expect=1)
    assert group.make("--without", "metz nice") == "The hub has lyon\n"
    group.sites |= gone
    group.make()
    # An analyst's view has stood all of it.
    assert group.ask("select count(*) from mien.pieces", role="none") == [(sum(count for _, count in everything),)]
    group.ask("drop schema mien cascade", role="none")


def test_a_query_that_goes_on_and_on_is_not_waited_for(group: Group, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.hub._ATTEMPTS", 1)
    with group.connect("hub") as reader, reader.cursor() as cursor:
        cursor.execute("select count(*) from marts.piece_production")
        said = group.make(expect=1)
        assert said.startswith("queries are at work on the hub's marts (pg_stat_activity shows whose): run make hub again")
        cursor.execute("select count(*) from marts.evenements")
        reader.commit()
    group.make()


def test_a_site_that_accepts_connections_and_says_nothing_keeps_nobody_waiting(
    group: Group, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hub.hub._TIME_TO_ANSWER", "500ms")
    everything = group.ask("select count(*) from marts.piece_production")
    with socket.create_server((HOST, 0)) as silent:
        group.sites["metz"]["port"] = silent.getsockname()[1]
        try:
            assert group.make().startswith("metz: taken as it was, because it has not answered for 500ms\n")
            with pytest.raises(psycopg2.errors.QueryCanceled):
                group.ask("select count(*) from marts.piece_production", statement_timeout="500")
            group.sites["brest"] = {**group.sites["metz"]}
            assert group.make(expect=1).startswith(
                "brest: it has not answered for 500ms: correct the file of the sites, or wait until"
            )
        finally:
            group.sites.pop("brest", None)
            group.sites["metz"]["port"] = int(group.relay.port)
            group.make()
    assert group.ask("select count(*) from marts.piece_production") == everything


def test_a_site_that_has_another_name_now_is_told(group: Group) -> None:
    told = "select joignable, erreur from marts.sites where site = 'metz'"
    assert group.ask(told) == [(True, None)]
    group.ask("update marts.centre_usinage set site = 'nancy'", "metz", "none")
    try:
        assert group.ask(told) == [(True, "ses marts sont de SITE=nancy : lui rendre son nom")]
    finally:
        group.ask("update marts.centre_usinage set site = 'metz'", "metz", "none")


def test_of_a_site_whose_labels_tell_no_order_it_is_not_known_that_nothing_was_made(group: Group) -> None:
    group.factory._maintain("create database paris template lyon", "grant connect on database paris to analyst")
    try:
        for mart in ("centre_usinage", "commandes_volets", "piece_production", "session_production"):
            group.ask(f"update marts.{mart} set site = 'paris'", "paris", "none")
        # An order that nobody has made pieces of.
        group.ask(
            "update marts.commandes_volets set numero_commande = 1"
            " where id_commande = (select min(id_commande) from marts.commandes_volets)",
            "paris",
            "none",
        )
        group.sites["paris"] = {**group.sites["lyon"], "database": "paris"}
        group.make()
        made = "select count(*), min(pieces) from marts.commandes_volets_avancement where site = 'paris' and numero_commande = 1"
        assert group.ask(made) == [(1, 0)]
        group.ask("update marts.piece_production set numero_commande = null", "paris", "none")
        assert group.ask(made) == [(0, None)]
        # Those that sites without an ERP have made are known.
        assert group.ask("select min(pieces) > 0 from marts.commandes_volets_avancement where site = 'paris'") == [(True,)]
    finally:
        group.sites.pop("paris", None)
        group.make("--without", "paris")
        group.factory._maintain("drop database paris with (force)")


def test_a_site_that_is_down_stays_as_it_was_when_the_hub_is_made_again(group: Group) -> None:
    everything = group.ask("select count(*) from marts.piece_production")
    with group.down():
        told = group.make()
        assert told.startswith('metz: taken as it was, because could not connect to server "metz"')
        assert told.count("\n") == 2
    assert group.ask("select count(*) from marts.piece_production") == everything


def test_what_an_older_version_of_a_site_lacks_is_null(group: Group) -> None:
    query = "select site, count(*), count(secondes_hors_pause) from marts.periode_arret group by 1 order by 1"
    before = group.ask(query)
    group.factory._maintain("create database nice_ancien template nice", "grant connect on database nice_ancien to analyst")
    try:
        group.ask("alter table marts.periode_arret drop column secondes_hors_pause cascade", "nice_ancien", "none")
        group.ask("drop view marts.production_poste", "nice_ancien", "none")
        group.sites["nice"]["database"] = "nice_ancien"
        told = "nice is of an older version, or does not let concentrateur read them: without alertes, production_poste\n"
        assert group.make().startswith(told)
        assert group.ask(query) == [(site, rows, 0 if site == "nice" else known) for site, rows, known in before]
        assert group.ask("select distinct site from marts.production_poste") == [("lyon",)]
        group.sites["nice"]["database"] = "nice"
        group.make()
        assert group.ask(query) == before
    finally:
        group.factory._maintain("drop database nice_ancien with (force)")


def test_a_column_of_a_newer_version_is_added_at_the_end_and_null_where_sites_lack_it(group: Group, tmp_path: Path) -> None:
    manifest = json.loads(group.manifest.read_text())
    columns = manifest["nodes"]["model.usine.periode_arret"]["columns"]
    new = {"cause": {"data_type": "text", "description": "Pourquoi."}}
    manifest["nodes"]["model.usine.periode_arret"]["columns"] = {**new, **columns}
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    group.factory._maintain("create database hub_neuf")
    try:
        group.make(database="hub_neuf")
        group.ask("create view public.les_arrets as select * from marts.periode_arret", "hub_neuf", "none")
        group.ask("create view marts.la_mienne as select 1", "hub_neuf", "none")
        group.make(database="hub_neuf", manifest=tmp_path / "manifest.json")
        arret = group.rows("select * from marts.periode_arret limit 1", "hub_neuf", set())[0]
        assert list(arret) == [*columns, "cause"]
        assert arret["cause"] is None
        counted = "select count(*) from marts.periode_arret"
        assert group.ask(counted, "hub_neuf") == group.ask(counted)
        # Back: it has one column less, and a mart is gone.
        del manifest["nodes"]["model.usine.periode_arret"]["columns"]["cause"], manifest["nodes"]["model.usine.notes_qualite"]
        (tmp_path / "manifest.json").write_text(json.dumps(manifest))
        told = group.make(database="hub_neuf", manifest=tmp_path / "manifest.json", expect=1)
        assert told == (
            "marts.periode_arret is gone or has other columns in this version. view les_arrets depends on view"
            " marts.periode_arret: drop that, make the hub, and create it again\n"
        )
        group.ask("drop view public.les_arrets", "hub_neuf", "none")
        group.make(database="hub_neuf", manifest=tmp_path / "manifest.json")
        assert list(group.rows("select * from marts.periode_arret limit 1", "hub_neuf", set())[0]) == [*columns]
        assert group.ask("select to_regclass('marts.notes_qualite')", "hub_neuf", "none") == [(None,)]
        # What somebody else has put there stays.
        assert group.ask("select * from marts.la_mienne", "hub_neuf", "none") == [(1,)]
    finally:
        group.factory._maintain("drop database hub_neuf with (force)")


def test_two_centres_of_one_name_are_told(group: Group) -> None:
    group.ask("update marts.centre_usinage set nom = 'DEM12'", "metz", "none")
    try:
        told = group.make()
    finally:
        group.ask("update marts.centre_usinage set nom = 'DEMALU'", "metz", "none")
    assert "DEM12 is a centre of lyon, metz: what names centres only adds them up; give each a nom of its own\n" in told


def test_a_hub_is_no_plants_warehouse(group: Group) -> None:
    refusal = "/hub is a hub of several plants: name a plant's warehouse in POSTGRES_DB"
    assert refusal in group.factory.load("logs", expect=1, **group.environment("hub"))
    for act in (grant, lambda environment: publish_alerts(environment, Channels.from_environ({}))):
        with pytest.raises(LoadError, match=f"{refusal}$"):
            act(group.environment("hub"))
    assert group.ask("select count(*) from pg_namespace where nspname in ('raw', 'historique', 'intermediate')") == [(0,)]


def test_only_a_superuser_makes_a_hub(group: Group, monkeypatch: pytest.MonkeyPatch) -> None:
    account = {**group.environment(), "POSTGRES_USER": "concentrateur", "POSTGRES_PASSWORD": "pw"}
    monkeypatch.setattr(group, "environment", lambda database: account)
    assert "/hub: only a superuser makes a hub, and keeps its passwords from others" in group.make(expect=1)


def test_a_plants_warehouse_is_no_hub(group: Group) -> None:
    everything = group.ask("select count(*) from marts.evenements", "tout")
    assert group.make(expect=1, database="tout").endswith("/tout is a plant's warehouse: name an empty database in POSTGRES_DB\n")
    assert group.ask("select count(*) from marts.evenements", "tout") == everything


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"lyon": {"database": "tout"}}, "lyon: its marts are of SITE='': set SITE=lyon there and build"),
        ({"brest": {"port": 1}}, 'could not connect to server "brest"'),
        ({"lyon": {"user": "personne"}}, 'could not connect to server "lyon"'),
        ({"marts": {}}, "sites.yml, marts: this cannot be a site's name"),
        ({"Lyon 2": {}}, "sites.yml, Lyon 2: this cannot be a site's name"),
        ({"brest": {"host": ""}}, "sites.yml, brest: host is missing"),
        ({"brest": {"password": "secret"}}, "sites.yml, brest: password: not known here"),
        ({"brest": {"password_env": "NULLE_PART"}}, "sites.yml, brest: give it a password_file that holds one"),
        ({"brest": {"password_file": "nulle/part"}}, "No such file or directory"),
        ({"brest": {"sslmode": "peut-etre"}}, "sites.yml, brest: sslmode is one of"),
        ({"lyon": {"port": "abc"}}, "sites.yml, lyon: port is 'abc': set it to a number from 1 to 65535"),
        ({"lyon": {"port": True}}, "sites.yml, lyon: port is True: set it to a number from 1 to 65535"),
        ({"lyon": {"host": ["a", "b"]}}, "sites.yml, lyon: host is no text"),
        ({"lyon": {"host": "a\0b"}}, "sites.yml, lyon: host is no text"),
        ({"lyon": {"password_file": "/dev/null"}}, "sites.yml, lyon: give it a password_file that holds one"),
        ({"analyses": {}}, "sites.yml, analyses: this cannot be a site's name"),
        ({"lyon\n": {}}, "sites.yml, lyon: this cannot be a site's name"),
    ],
)
def test_what_is_wrong_is_said_in_one_line_and_changes_nothing(group: Group, change: dict[str, dict[str, Any]], said: str) -> None:
    sites, before = group.sites, group.ask("select count(*) from marts.piece_production")
    group.sites = {**sites, **{name: {**sites["lyon"], **told} for name, told in change.items()}}
    try:
        told = group.make(expect=1)
    finally:
        group.sites = sites
    assert said in told
    assert told.count("\n") == 1
    assert "pw" not in told
    assert group.ask("select count(*) from marts.piece_production") == before


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("lyon:\n  host: h\n  password: hun: ter2\n", ", line 3: mapping values are not allowed here is no YAML"),
        ("lyon: {host: h}\nmetz: {host: h}\nlyon: {host: i}\n", ": 'lyon' is there twice: take one of them out"),
        ("lyon:\n  host: h\n  host: i\n", ": 'host' is there twice: take one of them out"),
        ("- lyon\n", ": give each site a line with its name and a colon"),
        ("[" * 3000, ": it is no YAML"),
        ("\udcff\udcfe", ": it is no YAML"),
    ],
)
def test_a_file_that_is_not_understood_is_said_in_one_line_without_what_is_in_it(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "sites.yml").write_text(text, errors="surrogateescape")
    with pytest.raises(LoadError) as error:
        read_sites({"SITES_FILE": str(tmp_path / "sites.yml")})
    assert str(error.value).startswith(f"{tmp_path / 'sites.yml'}{said}")
    assert "ter2" not in str(error.value)


@pytest.mark.parametrize(("text", "said"), [("[]", "cannot be read"), ("{", "cannot be read"), ('{"nodes": {}}', "has no marts")])
def test_what_is_no_manifest_is_said_in_one_line(group: Group, tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "manifest.json").write_text(text)
    told = group.make(expect=1, manifest=tmp_path / "manifest.json")
    assert told == f"{tmp_path / 'manifest.json'} {said}: have it written by dbt parse\n"
