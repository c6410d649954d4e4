"""The page of `make report`, opened in a browser without network, and compared with the marts."""

import datetime as dt
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg2
import pytest
from selenium.webdriver import ActionChains, Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select, WebDriverWait

from demo.stack import Stack
from publication.__main__ import main
from publication.marts import Marts
from publication.pictures import PICTURES
from publication.settings import reader_settings
from tests.browser import browser, complaints
from tests.factory import ROOT, Factory

# A hostile text from a machine or the ERP: it ends scripts and tables, and would run if it were taken for HTML.
HOSTILE = "</script></td><img src=x onerror=\"document.title='vole'\"><!--<script>document.title='vole'</script>"
FOLDERS = {"DEM12 (PVC)": "DEM12", "SU12 (HYBRIDE)": "SU12", "ESSAI (PVC)": None}
FIRST_DAY = dt.date(2025, 5, 26)
DAYS = 5
# A session of these, the first, has all of its events after midnight but one, so that no hour of it is like another's.
QUIET = ("SU12 (HYBRIDE)", FIRST_DAY + dt.timedelta(2))


def log(folder: str, day: dt.date) -> bytes:
    """Write a machine's day: pieces of two profiles every few minutes, waits, a stop; more of them from day to day."""
    number = (day - FIRST_DAY).days
    clock = dt.datetime(day.year, day.month, day.day, 5 + number)
    lines = []

    def tell(event: str, minutes: float) -> None:
        nonlocal clock
        lines.append(f"{clock:%Y%m%d %H:%M:%S}|@{event}")
        clock += dt.timedelta(minutes=minutes)

    tell(f"JobProfiel: R:2150{number} L:6500.0 C:7016 G PVC", 1)
    for piece in range(30 + 5 * number):
        tell(f"StukUitgevoerd: {HOSTILE if piece == 3 else f'25{piece:03} Dormant, côté gauche 1180 mm'}", 4)
        if piece % 4 == 0:
            tell("MachineWait: 75,5 sec", 2)
    tell("MachineStop", 17 + number)
    tell("MachineStart", 1)
    tell("StukUitgevoerd", 1)
    tell("MachineWait: sec", 0)
    return "\r\n".join(lines).encode()


def erp() -> dict[str, list[dict[str, Any]]]:
    orders = range(40)
    return {
        "a_kopf": [
            {
                "id": f"K{order}",
                "aunummer": 25100 + order,
                "aualpha": "A",
                "aufstatus": "Planifiée",
                "kommission": f"{HOSTILE} {order}",
            }
            for order in orders
        ],
        "a_logbuch": [
            {"id_a_kopf": f"K{order}", "datum": f"2025-05-{day:02} 10:{order:02}:00", "notiz": f"cde Planifiée {HOSTILE}"}
            for order in orders
            for day in (3, 5 + order % 20)
        ],
        "p_zubeh": [{"id_a_kopf": f"K{order}", "zcode": "VR-40", "text": HOSTILE} for order in orders],
        "a_vorgang": [],
    }


def report(factory: Factory, page: Path, *words: str) -> int:
    return main(["report", "--page", str(page), *words], factory.environment)


@pytest.fixture(scope="module")
def platform(stack: Stack, scratch: Path) -> Factory:
    """A warehouse with all marts, built; one centre is of a type that no other project has."""
    factory = Factory(stack, scratch)
    seed = factory.own_project() / "dbt_project/seeds/centres.csv"
    seed.write_text(seed.read_text().replace(",HYBRIDE,", ",BOIS & ACIER,"))
    days = [FIRST_DAY + dt.timedelta(number) for number in range(DAYS)]
    factory.put_logs(
        {(folder, f"{day:%Y%m%d}.LOG"): log(folder, day) for folder in FOLDERS for day in days if (folder, day) != QUIET}
        # A wrong clock: this day is not in the report.
        | {("DEM12 (PVC)", "99991231.LOG"): b"99991231 10:00:00|@StukUitgevoerd: 1\n"}
    )
    factory.put_erp(erp())
    factory.load()
    factory.build_only()
    return factory


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("rapport")


@pytest.fixture(scope="module")
def page(platform: Factory, folder: Path) -> Path:
    assert report(platform, folder / "rapport.html") == 0
    return folder / "rapport.html"


@pytest.fixture(scope="module")
def driver(folder: Path) -> Iterator[Chrome]:
    with browser(folder) as driver:
        yield driver


@pytest.fixture
def shown(driver: Chrome, page: Path) -> Chrome:
    """The page as it opens: the first centre, the last day."""
    show(driver, page)
    return driver


def show(driver: Chrome, page: Path) -> None:
    driver.get(page.as_uri())
    drawn(driver)


def drawn(driver: Chrome) -> None:
    """Wait until everything that was asked for is drawn."""
    WebDriverWait(driver, 30).until(lambda _: driver.execute_script("return document.documentElement.dataset.dessine"))


def choose(driver: Chrome, name: str, value: str) -> None:
    select = Select(driver.find_element(By.ID, name))
    if select.first_selected_option.get_attribute("value") != value:  # what is chosen already changes nothing
        driver.execute_script("document.documentElement.dataset.dessine = ''")
        select.select_by_value(value)
        drawn(driver)


def marks(driver: Chrome, picture: str, kind: str) -> int:
    """How many bars, ticks, … a picture is made of."""
    return len(driver.find_elements(By.CSS_SELECTOR, f"#{picture} svg .mark-{kind}.role-mark path"))


def tile(driver: Chrome, name: str) -> str:
    return plain(driver.find_element(By.CSS_SELECTOR, f"#chiffres [data-nom={name}] dd").text)


def plain(text: str) -> str:
    return text.replace("\u202f", " ").replace("\xa0", " ")


def french(value: Any) -> str:
    """Write a number as the French do, with two decimals at most."""
    text = f"{round(value, 2):,}".replace(",", " ").replace(".", ",")
    return re.sub(r",?0+$", "", text) if "," in text else text


def figures(platform: Factory, centre: str, day: dt.date) -> tuple[Any, ...]:
    ((*row,),) = platform.ask(
        "select pieces, cadence, taux_occupation_net, temps_production_net, temps_attente_net, temps_arret_net, metres_profil"
        " from marts.production_journaliere as j join marts.centre_usinage as c on c.id = j.centre_usinage_id"
        " where c.nom = %s and j.date_production = %s",
        (centre, day),
    )
    return tuple(row)


def test_without_marts_one_line_says_what_to_do(
    stack: Stack, scratch: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    assert report(Factory(stack, scratch), tmp_path / "page.html") == 1
    (message,) = [record.getMessage() for record in caplog.records if record.name == "publication"]
    assert "marts." in message
    assert message.endswith("run make build first")
    assert list(tmp_path.iterdir()) == []


def test_the_page_needs_nothing_but_itself(shown: Chrome, page: Path) -> None:
    assert complaints(shown) == []
    assert shown.execute_script("return performance.getEntriesByType('resource').map(entry => entry.name)") == []
    assert page.stat().st_size < 2_000_000


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.name)
def test_each_picture_is_drawn_and_says_what_it_shows(shown: Chrome, picture: Any) -> None:
    figure = shown.find_element(By.ID, picture.name)
    assert figure.find_element(By.TAG_NAME, "h3").text == picture.title
    assert figure.find_element(By.CSS_SELECTOR, "svg").size["height"] > 100
    assert figure.find_elements(By.CSS_SELECTOR, "svg .mark-rect.role-mark path, svg .mark-symbol.role-mark path")
    assert not figure.find_element(By.CSS_SELECTOR, ".vide").is_displayed()


@pytest.mark.parametrize("centre", ["DEM12", "SU12"])
def test_the_selectors_choose_what_is_shown(shown: Chrome, platform: Factory, centre: str) -> None:
    day = FIRST_DAY + dt.timedelta(1)
    choose(shown, "centre", centre)
    choose(shown, "jour", day.isoformat())
    pieces, cadence, occupation, production, waiting, stopped, metres = figures(platform, centre, day)
    assert tile(shown, "pieces") == french(pieces)
    assert tile(shown, "cadence") == f"{french(cadence)} pièces/h"
    assert tile(shown, "taux_occupation_net") == f"{french(occupation)} %"
    assert tile(shown, "temps_production_net") == f"{french(production)} h"
    assert tile(shown, "temps_attente_net") == f"{french(waiting)} h"
    assert tile(shown, "temps_arret_net") == f"{french(stopped)} h"
    assert tile(shown, "metres_profil") == f"{french(metres)} m"
    ((segments,),) = platform.ask(
        "select count(*) from marts.chronologie as s join marts.session_production as p on p.id = s.session_id"
        " join marts.centre_usinage as c on c.id = p.centre_usinage_id where c.nom = %s and p.date_production = %s",
        (centre, day),
    )
    assert marks(shown, "chronologie", "rect") == segments + pieces  # a piece is a narrow rectangle
    assert marks(shown, "pieces", "rect") == (DAYS if centre == "DEM12" else DAYS - 1)
    assert marks(shown, "occupation", "rect") == 3 * marks(shown, "pieces", "rect")
    ((hours,),) = platform.ask(
        "select count(*) from marts.production_horaire as h join marts.centre_usinage as c on c.id = h.centre_usinage_id"
        " where c.nom = %s and h.date_production < '9999-01-01'",
        (centre,),
    )
    assert marks(shown, "heures", "rect") == hours


def test_a_centre_is_of_the_type_that_the_seed_gives_it(shown: Chrome) -> None:
    centres = [option.text for option in Select(shown.find_element(By.ID, "centre")).options]
    assert centres == ["DEM12 (PVC)", "DEMALU (ALU)", "SU12 (BOIS & ACIER)"]


def test_an_hour_chosen_is_drawn_alone(shown: Chrome) -> None:
    choose(shown, "tranche", "10")
    labels = [label.text for label in shown.find_elements(By.CSS_SELECTOR, "#chronologie svg .role-axis-label text")]
    times = [label for label in labels if ":" in label]
    assert times
    assert {time[:3] for time in times} <= {"10:", "11:"}


def test_the_rows_behind_a_picture_can_be_read(shown: Chrome, platform: Factory) -> None:
    shown.find_element(By.CSS_SELECTOR, "#arrets summary").click()
    # The table is filled when it is opened, which a busy browser does a moment later.
    found = WebDriverWait(shown, 20).until(lambda page: page.find_elements(By.CSS_SELECTOR, "#arrets tbody tr"))
    rows = [plain(row.text).split(" ") for row in found]
    expected = platform.ask(
        "select round(duree_secondes / 60, 1), timestamp_debut from marts.periode_arret as a"
        " join marts.session_production as p on p.id = a.session_id join marts.centre_usinage as c on c.id = p.centre_usinage_id"
        " where c.nom = 'DEM12' order by duree_secondes desc limit 10"
    )
    assert [row[-1] for row in rows] == [french(minutes) for minutes, _ in expected]
    assert [row[1:3] for row in rows] == [[f"{start:%d/%m/%Y}", f"{start:%H:%M:%S}"] for _, start in expected]


def test_a_day_without_a_session_says_so(shown: Chrome) -> None:
    choose(shown, "centre", "SU12")
    choose(shown, "jour", QUIET[1].isoformat())
    assert shown.find_element(By.ID, "chiffres-vides").is_displayed()
    assert shown.find_element(By.CSS_SELECTOR, "#chronologie .vide").is_displayed()
    assert not shown.find_element(By.CSS_SELECTOR, "#chronologie .image").is_displayed()
    assert complaints(shown) == []


def test_orders_loads_and_alerts_are_those_of_the_marts(shown: Chrome, platform: Factory) -> None:
    ((entries,),) = platform.ask(
        "select count(*) from marts.commandes_volets_planifications where id_commande in"
        " (select id_commande from marts.commandes_volets order by date_modification desc, id_commande limit 30)"
    )
    assert marks(shown, "commandes", "symbol") == entries
    ((files,),) = platform.ask("select count(*) from marts.suivi_chargement where fichier < '9999'")
    assert marks(shown, "chargements", "symbol") == files
    alerts = platform.ask("select message from marts.alertes")
    assert alerts
    told = [row.text for row in shown.find_elements(By.CSS_SELECTOR, "#alertes tbody td:last-child")]
    assert sorted(" ".join(text.split()) for text in told) == sorted(" ".join(text.split()) for (text,) in alerts)


def test_what_machines_and_people_write_stays_text(shown: Chrome) -> None:
    for picture in ("chronologie", "commandes"):
        shown.find_element(By.CSS_SELECTOR, f"#{picture} summary").click()
    assert HOSTILE in shown.find_element(By.CSS_SELECTOR, "#chronologie table").text
    assert HOSTILE in shown.find_element(By.CSS_SELECTOR, "#commandes table").text
    ActionChains(shown).move_to_element(shown.find_element(By.CSS_SELECTOR, "#commandes svg .mark-symbol.role-mark path")).perform()
    WebDriverWait(shown, 10).until(lambda _: HOSTILE in shown.find_element(By.ID, "vg-tooltip-element").text)
    assert shown.find_elements(By.TAG_NAME, "img") == []
    assert shown.title == "Rapport de production"


def test_nothing_is_wider_than_a_phone(driver: Chrome, page: Path) -> None:
    phone = {"width": 390, "height": 844, "deviceScaleFactor": 2, "mobile": True}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", phone)
    try:
        show(driver, page)
        driver.find_element(By.CSS_SELECTOR, "#commandes summary").click()
        assert driver.execute_script("return document.documentElement.scrollWidth") <= 390
        assert all(svg.size["width"] > 250 for svg in driver.find_elements(By.CSS_SELECTOR, ".image svg"))
    finally:
        driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_it_prints_on_a_few_sheets_as_wide_as_they_are(shown: Chrome) -> None:
    shown.execute_script(
        "window.widths = []; addEventListener('beforeprint', () => widths.push(...[...document.querySelectorAll('.image svg')]"
        ".map(svg => Number(svg.getAttribute('width')))))"
    )
    shown.print_page()
    printed = shown.execute_script("return widths")
    assert len(printed) == len(PICTURES)
    assert max(printed) < 1000


def test_it_holds_as_many_days_as_it_is_told_to(platform: Factory, folder: Path) -> None:
    assert report(platform, folder / "court.html", "--days", "3", "--detailed-days", "1") == 0
    (text,) = re.findall(r'<script type="application/json" id="donnees">(.*?)</script>', (folder / "court.html").read_text())
    data = json.loads(text)
    last = FIRST_DAY + dt.timedelta(DAYS - 1)
    assert data["jours"] == [(last - dt.timedelta(number)).isoformat() for number in range(3)]
    assert [*data["tables"]["pieces"]["lignes"]["DEM12"]] == [last.isoformat()]
    assert len(data["tables"]["journees"]["lignes"]["DEM12"]) == 3


def role_of(environment: dict[str, str]) -> str:
    with Marts(reader_settings(environment, own="REPORT")) as marts, marts._connection.cursor() as cursor:
        cursor.execute("select current_user::text")
        ((role,),) = cursor.fetchall()
        with pytest.raises(psycopg2.errors.ReadOnlySqlTransaction):
            cursor.execute("create table marts.t (i int)")
    return str(role)


def test_an_analyst_may_write_it_and_a_loader_is_told_why_not(
    platform: Factory, folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    platform.ask("drop role if exists marie")
    platform.ask("create role marie login password 'marie' in role analyst")
    as_analyst = {**platform.environment, "REPORT_POSTGRES_USER": "marie", "REPORT_POSTGRES_PASSWORD": "marie"}
    try:
        assert main(["report", "--page", str(folder / "marie.html")], as_analyst) == 0
    finally:
        platform.ask("drop role marie")
    admin = platform.stack.warehouse_admin
    as_admin = {**platform.environment, "DBT_POSTGRES_USER": admin["user"], "DBT_POSTGRES_PASSWORD": admin["password"]}
    # The role that each account takes; the last account is for unsplit rights.
    assert [role_of(environment) for environment in (platform.environment, as_admin)] == ["analyst", "analyst"]
    platform.ask("revoke usage on schema marts from analyst")
    assert role_of(as_admin) == admin["user"]
    platform.ask("grant usage on schema marts to analyst")
    as_loader = {name: value for name, value in platform.environment.items() if not name.startswith("DBT_")}
    caplog.clear()
    assert main(["report", "--page", str(folder / "loader.html")], as_loader) == 1
    (message,) = [record.getMessage() for record in caplog.records if record.name == "publication"]
    assert "permission denied for schema marts: name dbt's or an analyst's account" in message


def test_a_page_that_cannot_be_written_is_one_line(platform: Factory, page: Path, caplog: pytest.LogCaptureFixture) -> None:
    assert report(platform, page / "below.html") == 1
    (message,) = [record.getMessage() for record in caplog.records if record.name == "publication"]
    assert message == f"{page / 'below.html'}: File exists: name another file with --page"


def test_the_queries_read_marts_only() -> None:
    queries = [*(ROOT / "publication" / "queries").glob("*.sql")]
    assert queries
    for query in queries:
        text = re.sub(r"--.*|extract\([^)]*\)", "", query.read_text())
        steps = set(re.findall(r"(\w+) as \(", text))
        read = set(re.findall(r"\b(?:from|join)\s+([\w.]+)", text)) - steps
        assert read, query.name
        assert {name.partition(".")[0] for name in read} == {"marts"}, query.name
        assert not re.search(r"\b(sum|avg|count|min|max|group\s+by)\b", text), f"{query.name} works something out"


def test_empty_marts_make_a_page_of_sentences(platform: Factory, folder: Path, driver: Chrome) -> None:
    tables = platform.ask(
        "select string_agg(format('marts.%I', table_name), ', ') from information_schema.tables"
        " where table_schema = 'marts' and table_type = 'BASE TABLE'"
    )
    platform.ask(f"truncate {tables[0][0]}")
    assert report(platform, folder / "vide.html") == 0
    show(driver, folder / "vide.html")
    for picture in PICTURES:
        assert driver.find_element(By.CSS_SELECTOR, f"#{picture.name} .vide").text == picture.empty
    assert "Aucune journée de production" in driver.find_element(By.ID, "periode").text
    assert driver.find_element(By.ID, "alertes").text == "Aucune alerte."
    assert complaints(driver) == []
