"""The page of `make report`, opened in a browser without network, and compared with the marts."""

import base64
import csv
import datetime as dt
import json
import re
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import psycopg2
import pytest
import yaml
from selenium.webdriver import ActionChains, Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select, WebDriverWait

import publication.report
from demo.stack import Stack
from operation.grants import grant
from publication.__main__ import main
from publication.marts import Marts
from publication.pictures import PICTURES
from publication.settings import reader_settings
from tests.browser import browser, complaints
from tests.factory import ROOT, Factory

# A hostile text from a machine or the ERP: it ends scripts and tables, and would run if it were taken for HTML, or for a formula.
HOSTILE = "=</script></td><img src=x onerror=\"document.title='vole'\"><!--<script>document.title='vole'</script>"
FOLDERS = {"DEM12 (PVC)": "DEM12", "SU12 (HYBRIDE)": "SU12", "ESSAI (PVC)": None}
FIRST_DAY = dt.date(2025, 5, 19)
DAYS = [day for number in range(12) if (day := FIRST_DAY + dt.timedelta(number)).weekday() < 5]
# It is noon of the last day, which is not finished.
NOW, FINISHED = DAYS[-1], DAYS[-2]
# Days without a session: of a centre that has declared no shifts, and of one that has.
QUIET, SILENT = ("SU12 (HYBRIDE)", DAYS[2]), ("DEM12 (PVC)", DAYS[6])
# A stop of three hours, of which a break is a part.
TROUBLE = ("DEM12 (PVC)", DAYS[7])
SHIFTS = "centre,jours,poste,debut,fin,valable_du,valable_au\nDEM12,1-5,matin,05:00,13:00,,\nDEM12,1-5,soir,13:00,23:00,,\n"
BREAKS = "centre,poste,jours,debut,fin,valable_du,valable_au\n,soir,,18:00,18:25,,\n"


def log(folder: str, day: dt.date) -> bytes:
    """Write a machine's day: pieces of two profiles every few minutes, waits, a stop; more of them from day to day."""
    number = DAYS.index(day)
    clock = dt.datetime(day.year, day.month, day.day, 5 + number)
    lines = []

    def tell(event: str, minutes: float) -> None:
        nonlocal clock
        lines.append(f"{clock:%Y%m%d %H:%M:%S}|@{event}")
        clock += dt.timedelta(minutes=minutes)

    tell(f"JobProfiel: R:2150{number} L:6500.0 C:7016 G PVC", 1)
    for piece in range(30 + 5 * number):
        tell(f"StukUitgevoerd: {HOSTILE if piece == 3 else f'25{piece:03} Dormant, côté gauche 0{piece} mm'}", 4)
        if piece % 4 == 0:
            tell("MachineWait: 75,5 sec", 2)
        if piece == 20:
            tell("MachineStop", 3)
            tell("MachineStart", 1)
            tell(f"JobProfiel: R:2160{number} L:6500.0 C:9016 BLANC", 1)
    tell("MachineStop", 180 if (folder, day) == TROUBLE else 17 + number)
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
                "aunummer": 25000 + order,
                "aualpha": "A",
                "aufstatus": "Planifiée",
                "kommission": f"{HOSTILE} {order}",
            }
            for order in range(45)
        ],
        "a_logbuch": [
            {
                "id_a_kopf": f"K{order}",
                "datum": f"2025-05-{day:02} 10:{order:02}:00",
                "notiz": f"cde Planifiée S{21 + order % 3} {HOSTILE}",
            }
            for order in orders
            for day in (3, 5 + order % 20)
        ],
        "p_zubeh": [{"id_a_kopf": f"K{order}", "zcode": "VR-40", "text": HOSTILE} for order in [*range(45), "orphelin"]],
        "a_vorgang": [],
    }


def report(factory: Factory, page: Path, *words: str) -> int:
    return main(["report", "--page", str(page), *words], factory.environment)


@contextmanager
def beside(factory: Factory, template: str) -> Iterator[tuple[dict[str, str], Any]]:
    """Another warehouse, made like a template: that of the factory is other tests' too, which may come later."""
    environment = {**factory.environment, "POSTGRES_DB": "beside"}
    login: Any = factory.stack.warehouse_admin
    with closing(psycopg2.connect(**{**login, "dbname": "postgres"})) as server, server.cursor() as cursor:
        server.autocommit = True
        cursor.execute(f"create database beside template {template}")
        grant(environment)
        try:
            with closing(psycopg2.connect(**{**login, "dbname": "beside"})) as warehouse:
                warehouse.autocommit = True
                yield environment, warehouse
        finally:
            cursor.execute("drop database beside with (force)")


@pytest.fixture(scope="module")
def platform(stack: Stack, scratch: Path) -> Factory:
    """A warehouse with all marts, built; one centre is of a type that no other project has."""
    factory = Factory(stack, scratch)
    project = factory.own_project()
    seeds = project / "dbt_project/seeds"
    (seeds / "centres.csv").write_text((seeds / "centres.csv").read_text().replace(",HYBRIDE,", ",BOIS & ACIER,"))
    (seeds / "postes.csv").write_text(SHIFTS)
    (seeds / "pauses.csv").write_text(BREAKS)
    settings = (project / "dbt_project.yml").read_text()
    settings = settings.replace("maintenant: now", f'maintenant: "{NOW} 12:00:00+02:00"')
    (project / "dbt_project.yml").write_text(settings.replace('numero_commande_motif: ""', "numero_commande_motif: '^([0-9]+) '"))
    factory.put_logs(
        {
            (folder, f"{day:%Y%m%d}.LOG"): log(folder, day)
            for folder in FOLDERS
            for day in DAYS
            if (folder, day) not in (QUIET, SILENT)
        }
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
    """The page as it opens: the first centre, the last finished day."""
    show(driver, page)
    return driver


def show(driver: Chrome, page: Path, address: str = "") -> None:
    driver.get("about:blank")  # a page of which only the address changes is not loaded again
    driver.get(page.as_uri() + address)
    drawn(driver)


def drawn(driver: Chrome) -> None:
    """Wait until everything that the address chooses is drawn."""
    WebDriverWait(driver, 30).until(
        lambda _: driver.execute_script("return document.documentElement.dataset.dessine === (location.hash || '#')")
    )


def address(driver: Chrome) -> str:
    return str(driver.execute_script("return location.hash"))


def choose(driver: Chrome, name: str, value: str) -> None:
    select = Select(driver.find_element(By.ID, name))
    if select.first_selected_option.get_attribute("value") != value:  # what is chosen already changes nothing
        before = address(driver)
        select.select_by_value(value)
        WebDriverWait(driver, 10).until(lambda _: address(driver) != before)
        drawn(driver)


def press(driver: Chrome, key: str) -> None:
    before = address(driver)
    ActionChains(driver).send_keys(key).perform()
    WebDriverWait(driver, 10).until(lambda _: address(driver) != before)
    drawn(driver)


def click(driver: Chrome, selector: str) -> None:
    """Click on a thing that leads elsewhere."""
    before = address(driver)
    found = driver.find_element(By.CSS_SELECTOR, selector)
    driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", found)
    ActionChains(driver).move_to_element(found).click().perform()
    WebDriverWait(driver, 10).until(lambda _: address(driver) != before)
    drawn(driver)


def marks(driver: Chrome, picture: str, kind: str) -> int:
    """How many bars, ticks, … a picture is made of."""
    return len(driver.find_elements(By.CSS_SELECTOR, f"#{picture} svg .mark-{kind}.role-mark path"))


def text(driver: Chrome, selector: str) -> str:
    return plain(driver.find_element(By.CSS_SELECTOR, selector).text)


def tile(driver: Chrome, name: str) -> str:
    return text(driver, f"#chiffres [data-nom={name}] dd")


def plain(text: str) -> str:
    return text.replace("\u202f", " ").replace("\xa0", " ")


def french(value: Any, decimals: int = 0) -> str:
    """Write a number as the French do, rounded as SQL rounds."""
    exact = Decimal(value).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return f"{exact:,}".replace(",", " ").replace(".", ",")


def duration(hours: Any) -> str:
    """Write hours as 6 h 49, 47 min, 38 s."""
    seconds = int((Decimal(hours) * 3600).to_integral_value(ROUND_HALF_UP))
    minutes = int((Decimal(hours) * 60).to_integral_value(ROUND_HALF_UP))
    if seconds == 0:
        return "0 min"
    if seconds < 60:
        return f"{seconds} s"
    return f"{minutes} min" if minutes < 60 else f"{french(minutes // 60)} h {minutes % 60:02}"


def written(name: str, value: Any) -> str:
    """Write a figure as the page does."""
    match name.split("_")[0]:
        case "temps":
            return duration(value)
        case "taux":
            return f"{french(value, 1)} %"
        case "cadence":
            return french(value, 1)
        case "metres":
            return f"{french(value)} m"
    return french(value)


def reached(driver: Chrome, expected: str) -> None:
    """Wait until the address is this one, and all of it is drawn."""
    WebDriverWait(driver, 10).until(lambda _: address(driver) == expected)
    drawn(driver)


def figures(platform: Factory, mart: str, date: str, centre: str, day: dt.date) -> dict[str, str]:
    """The tiles of a centre's day or week, from its mart."""
    names = ["pieces", "cadence", "taux_disponibilite", "taux_occupation_net", "metres_profil", "nombre_arrets"]
    names += [f"temps_{name}" for name in ("production_net", "attente_net", "arret_net", "sans_piece_en_horaire")]
    ((*row,),) = platform.ask(f"select {', '.join(names)} from marts.{mart} where centre = %s and {date} = %s", (centre, day))
    return {name: written(name, value) for name, value in zip(names, row, strict=True) if value is not None}


def saved(driver: Chrome, name: str) -> list[list[str]]:
    """The rows of the CSV file that a button saves, its head first."""
    content = driver.execute_async_script(
        """
        const done = arguments[1];
        const make = URL.createObjectURL;
        URL.createObjectURL = (blob) => {
          URL.createObjectURL = make;
          new Response(blob).arrayBuffer().then((bytes) => done([...new Uint8Array(bytes)]));
          return "#";
        };
        HTMLAnchorElement.prototype.click = () => {};
        document.querySelector(`[data-jeu=${arguments[0]}]`).click();
        """,
        name,
    )
    text = bytes(content).decode()
    assert text.startswith("\ufeff")
    return list(csv.reader(text.removeprefix("\ufeff").splitlines(), delimiter=";"))


def test_without_marts_one_line_says_what_to_do(platform: Factory, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with beside(platform, "template1") as (environment, _):
        assert main(["report", "--page", str(tmp_path / "page.html")], environment) == 1
    (message,) = [record.getMessage() for record in caplog.records if record.name == "publication"]
    assert "marts." in message
    assert message.endswith("run make build first")
    assert list(tmp_path.iterdir()) == []


def test_the_page_needs_nothing_but_itself(shown: Chrome, page: Path) -> None:
    assert complaints(shown) == []
    assert shown.execute_script("return performance.getEntriesByType('resource').map(entry => entry.name)") == []
    assert page.stat().st_size < 1_000_000


def test_each_picture_is_drawn_and_says_what_it_shows(shown: Chrome) -> None:
    for picture in PICTURES:
        figure = shown.find_element(By.ID, picture.name)
        assert figure.find_element(By.TAG_NAME, "h3").text == picture.title
        assert (figure.find_element(By.CSS_SELECTOR, ".dessin").get_attribute("aria-label") or "").startswith(picture.title)
        assert figure.find_element(By.CSS_SELECTOR, "svg").size["height"] > 60, picture.name
        found = figure.find_elements(By.CSS_SELECTOR, "svg .mark-rect.role-mark path, svg .mark-symbol.role-mark path")
        assert found, picture.name
        assert not figure.find_element(By.CSS_SELECTOR, ".vide").is_displayed()


def test_it_opens_on_the_last_finished_day(shown: Chrome) -> None:
    assert address(shown) == f"#centre=DEM12&jour={FINISHED}"
    assert text(shown, "#centre-titre") == "DEM12 jeudi 29 mai 2025"


def test_a_day_that_is_not_finished_says_how_far_it_goes_and_is_compared_with_nothing(
    driver: Chrome, page: Path, platform: Factory
) -> None:
    show(driver, page, f"#centre=DEM12&jour={NOW}")
    ((last,),) = platform.ask(
        "select max(horodatage) from marts.evenements where session_id in"
        " (select id from marts.session_production where centre = 'DEM12' and date_production = %s)",
        (NOW,),
    )
    told = f"en cours, dernières données à {last:%H:%M}"
    assert told in text(driver, "#centres tr.choisi")
    assert told in text(driver, "#fait")
    assert "d'habitude" not in text(driver, "#fait")
    assert "%" not in text(driver, "#centres tr.choisi td[data-titre=Écart]")
    finished = text(driver, "#quand option:nth-child(2)")
    assert text(driver, "#quand option:nth-child(1)").endswith("(en cours)")
    assert "en cours" not in finished


@pytest.mark.parametrize("centre", ["DEM12", "SU12"])
def test_the_selectors_choose_what_is_shown(shown: Chrome, platform: Factory, centre: str) -> None:
    day = DAYS[1]
    choose(shown, "centre", centre)
    choose(shown, "quand", day.isoformat())
    expected = figures(platform, "production_journaliere", "date_production", centre, day)
    assert {name: tile(shown, name) for name in expected} == expected
    ((segments, pieces),) = platform.ask(
        "select (select count(*) from marts.chronologie where session_id = s.id), s.total_pieces"
        " from marts.session_production as s where s.centre = %s and s.date_production = %s",
        (centre, day),
    )
    assert marks(shown, "chronologie", "rect") == segments + pieces  # a piece is a narrow rectangle
    ((sessions, usual),) = platform.ask(
        "select count(*), count(pieces_habituelles) from marts.production_journaliere"
        " where centre = %s and date_production < '9999-01-01'",
        (centre,),
    )
    assert marks(shown, "pieces", "rect") == sessions + usual
    assert marks(shown, "occupation", "rect") == 3 * sessions
    ((hours, here),) = platform.ask(
        "select count(*), count(*) filter (where date_production = %s) from marts.production_horaire"
        " where centre = %s and date_production < '9999-01-01'",
        (day, centre),
    )
    assert marks(shown, "carte", "rect") == hours
    assert marks(shown, "heures", "rect") == 3 * here


def test_a_day_is_called_good_or_bad_as_the_marts_compare_it(shown: Chrome, platform: Factory) -> None:
    ((pieces, usual, comparable, deviation),) = platform.ask(
        "select pieces, pieces_habituelles, comparables, ecart_habituel from marts.production_journaliere"
        " where centre = 'DEM12' and date_production = %s",
        (FINISHED,),
    )
    assert text(shown, "#fait").startswith(
        f"{pieces} pièces. Une journée meilleure que d’ordinaire : {french(usual)} d'habitude"
        f" ({comparable} journées comparables), soit +{french(deviation, 1)} %."
    )
    row = text(shown, "#centres tr.choisi")
    assert f"▲ +{french(deviation, 1)} %" in row


def test_all_centres_stand_side_by_side(shown: Chrome, platform: Factory) -> None:
    rows = [plain(row.text).split("\n") for row in shown.find_elements(By.CSS_SELECTOR, "#centres tbody tr")]
    assert [row[0].split(" ")[0] for row in rows] == ["DEM12", "DEMALU", "SU12"]
    assert "Pas encore de session à cette date." in rows[1][0]
    for row in (rows[0], rows[2]):
        centre = row[0].split(" ")[0]
        expected = figures(platform, "production_journaliere", "date_production", centre, FINISHED)
        whole = " ".join(row)
        for name in ("pieces", "temps_production_net", "temps_attente_net", "temps_arret_net"):
            assert expected[name] in whole
        # Net occupation where no shift is declared, and called so.
        assert expected.get("taux_disponibilite", f"{expected['taux_occupation_net']} occupation nette") in whole
    assert "Disponibilité" in text(shown, "#centres thead")


def test_a_week_is_that_of_its_mart(driver: Chrome, page: Path, platform: Factory) -> None:
    show(driver, page, f"#centre=DEM12&semaine={FIRST_DAY}")
    assert text(driver, "#centre-titre") == "DEM12 semaine 21, du 19/05/2025 au 25/05/2025"
    expected = figures(platform, "production_hebdomadaire", "date_debut", "DEM12", FIRST_DAY)
    assert {name: tile(driver, name) for name in expected} == expected
    assert not driver.find_element(By.ID, "chronologie").is_displayed()
    # Two shifts are planned, and the machine works a few hours.
    told = f"La plus grande perte : temps sans pièce, {expected['temps_sans_piece_en_horaire']} ("
    assert told in text(driver, "#fait")
    # A week that goes on is compared with nothing.
    press(driver, Keys.ARROW_RIGHT)
    assert address(driver) == "#centre=DEM12&semaine=2025-05-26"
    assert "en cours, dernières données le 30/05/2025 à " in text(driver, "#fait")
    assert "une semaine en cours n'est comparée à rien" in text(driver, "#fait")
    assert "d'habitude" not in text(driver, "#fait")
    assert "%" not in text(driver, "#centres tr.choisi td[data-titre=Écart]")


def test_a_period_is_the_sum_of_its_days(driver: Chrome, page: Path, platform: Factory) -> None:
    show(driver, page, "#centre=SU12&periode=7")
    ((*sums,),) = platform.ask(
        "select sum(pieces), sum(temps_production_net), sum(temps_attente_net), sum(temps_arret_net)"
        " from marts.production_journaliere where centre = 'SU12' and date_production between %s and %s",
        (DAYS[-7], NOW),
    )
    assert tile(driver, "pieces") == french(sums[0])
    names = ("temps_production_net", "temps_attente_net", "temps_arret_net")
    assert [tile(driver, name) for name in names] == [duration(hours) for hours in sums[1:]]
    # A day without a session is lost, too, and the last is not over.
    show(driver, page, "#centre=DEM12&periode=7")
    ((without,),) = platform.ask(
        "select sum(coalesce(j.temps_sans_piece_en_horaire, c.temps_prevu)) from marts.calendrier as c"
        " left join marts.production_journaliere as j using (centre_usinage_id, date_production)"
        " where c.centre = 'DEM12' and date_production between %s and %s",
        (DAYS[-7], FINISHED),
    )
    assert tile(driver, "temps_sans_piece_en_horaire") == duration(without)
    show(driver, page, "#centre=SU12&periode=7")
    ((production, hours),) = platform.ask(
        "select round(sum(secondes_production) / 60, 1), count(distinct heure - date_production) from marts.production_horaire"
        " where centre = 'SU12' and date_production between %s and %s",
        (DAYS[-7], NOW),
    )
    saved_hours = saved(driver, "heures")[1:]
    assert len(saved_hours) == hours
    assert sum(Decimal(row[2].replace(",", ".")) for row in saved_hours) == pytest.approx(production, abs=Decimal("1"))


def test_a_centre_is_of_the_type_that_the_seed_gives_it(shown: Chrome) -> None:
    centres = [option.text for option in Select(shown.find_element(By.ID, "centre")).options]
    assert centres == ["DEM12 (PVC)", "DEMALU (ALU)", "SU12 (BOIS & ACIER)"]


def test_an_hour_chosen_is_drawn_alone(shown: Chrome) -> None:
    choose(shown, "tranche", "14")
    assert address(shown).endswith("&heure=14")
    labels = [label.text for label in shown.find_elements(By.CSS_SELECTOR, "#chronologie svg .role-axis-label text")]
    times = [label for label in labels if ":" in label]
    assert times
    assert {time[:3] for time in times} <= {"14:", "15:"}


def test_the_address_keeps_the_choice_and_the_browser_goes_back_and_forward(driver: Chrome, page: Path) -> None:
    show(driver, page, f"#centre=SU12&jour={DAYS[4]}")
    assert text(driver, "#centre-titre") == "SU12 vendredi 23 mai 2025"
    press(driver, Keys.ARROW_LEFT)
    assert address(driver) == f"#centre=SU12&jour={DAYS[3]}"
    choose(driver, "centre", "DEM12")
    click(driver, "#genre label:nth-of-type(2)")
    assert address(driver) == "#centre=DEM12&semaine=2025-05-19"
    for expected in (f"#centre=DEM12&jour={DAYS[3]}", f"#centre=SU12&jour={DAYS[3]}", f"#centre=SU12&jour={DAYS[4]}"):
        driver.back()
        reached(driver, expected)
    assert text(driver, "#centre-titre") == "SU12 vendredi 23 mai 2025"
    driver.forward()
    reached(driver, f"#centre=SU12&jour={DAYS[3]}")
    assert text(driver, "#centre-titre") == "SU12 jeudi 22 mai 2025"


@pytest.mark.parametrize(
    "asked",
    ["#centre=AUTRE&jour=2025-13-45", "#jour=1999-01-01&heure=3", "#heure=99", "#%E0%A4%A", "#constructor=1&centre=__proto__"],
)
def test_an_address_that_means_nothing_is_put_right(driver: Chrome, page: Path, asked: str) -> None:
    show(driver, page, asked)
    assert address(driver) == f"#centre=DEM12&jour={FINISHED}"
    assert complaints(driver) == []


def test_the_keys_leave_fields_alone(shown: Chrome) -> None:
    before = address(shown)
    shown.find_element(By.ID, "recherche").send_keys("25", Keys.ARROW_LEFT, Keys.ARROW_LEFT)
    assert address(shown) == before


def test_bars_stops_and_alerts_lead_to_their_day(shown: Chrome, platform: Factory) -> None:
    click(shown, "#pieces svg .mark-rect.role-mark path")
    assert address(shown) == f"#centre=DEM12&jour={DAYS[0]}"
    show(shown, Path(shown.current_url.partition("#")[0].removeprefix("file://")), "#centre=DEM12&periode=7")
    click(shown, "#arrets svg .mark-rect.role-mark path")
    assert address(shown).startswith(f"#centre=DEM12&jour={TROUBLE[1]}")
    choose(shown, "centre", "SU12")
    messages = platform.ask("select message from marts.alertes where centre = 'DEM12' and date_production = %s", (TROUBLE[1],))
    shown.execute_script("document.getElementById('autres-alertes').open = true")
    links = {plain(link.text): link for link in shown.find_elements(By.CSS_SELECTOR, "#attention li a")}
    link = links[plain(messages[0][0])]
    shown.execute_script("arguments[0].scrollIntoView({block: 'center'})", link)
    link.click()
    WebDriverWait(shown, 10).until(lambda _: address(shown).startswith(f"#centre=DEM12&jour={TROUBLE[1]}"))
    drawn(shown)
    assert "alerte" in text(shown, "#centres tr.choisi")


def test_a_click_on_an_hour_shows_it_in_the_timeline(shown: Chrome) -> None:
    click(shown, "#heures svg .mark-rect.role-mark path")
    assert re.search(r"&heure=\d+$", address(shown))


def test_the_rows_behind_a_picture_can_be_read(driver: Chrome, page: Path, platform: Factory) -> None:
    show(driver, page, "#centre=DEM12&periode=10")
    driver.find_element(By.CSS_SELECTOR, "#arrets summary").click()
    # The table is filled when it is opened, which a busy browser does a moment later.
    found = WebDriverWait(driver, 20).until(lambda page: page.find_elements(By.CSS_SELECTOR, "#arrets tbody tr"))
    rows = [[plain(cell.text) for cell in row.find_elements(By.TAG_NAME, "td")] for row in found]
    expected = platform.ask(
        "select secondes_hors_pause, duree_secondes, timestamp_debut from marts.periode_arret as a"
        " join marts.session_production as p on p.id = a.session_id"
        " where p.centre = 'DEM12' and secondes_hors_pause > 0 order by secondes_hors_pause desc, timestamp_debut limit 10"
    )
    assert expected[0][0] == 180 * 60 - 25 * 60
    assert [row[-1] for row in rows] == [duration(seconds / 3600) for seconds, _, _ in expected]
    assert [row[-2] for row in rows] == [duration(seconds / 3600) for _, seconds, _ in expected]
    assert [row[2] for row in rows] == [f"{start:%d/%m/%Y %H:%M:%S}" for _, _, start in expected]


def test_csv_files_have_the_numbers_of_the_marts(shown: Chrome, platform: Factory) -> None:
    head, *days = saved(shown, "tendance")
    assert head[:4] == ["Journée", "Terminée", "Dernière donnée", "Motif"]
    expected = platform.ask(
        "select to_char(date_production, 'DD/MM/YYYY'), pieces, temps_production_net, temps_attente_net"
        " from marts.production_journaliere where centre = 'DEM12' and date_production < '9999-01-01' order by date_production"
    )
    places = [head.index(name) for name in ("Journée", "Pièces", "Production (h)", "Attente (h)")]
    found = [[row[place] for place in places] for row in days if row[places[1]]]
    assert [[row[0], *(Decimal(value.replace(",", ".")) for value in row[1:])] for row in found] == [[*row] for row in expected]

    head, *losses = saved(shown, "pertes")
    minutes = {row[0]: Decimal(row[3].replace(",", ".")) for row in losses}
    expected = platform.ask(
        "select case when en_pause then 'Pauses déclarées' else etat || ' ' || classe end, round(sum(minutes), 2)"
        " from marts.pertes where centre = 'DEM12' and date_production = %(day)s group by 1"
        " union all select 'Temps sans pièce', round(60 * temps_sans_piece_en_horaire, 2) from marts.production_journaliere"
        " where centre = 'DEM12' and date_production = %(day)s",
        {"day": FINISHED},
    )
    assert head == ["Perte", "État", "Nombre", "Durée (min)", "Part des pertes (%)", "Part cumulée (%)"]
    names = {"attente micro": "Attentes courtes", "arret micro": "Arrêts courts", "arret moyenne": "Arrêts moyens"}
    assert minutes == {names.get(name, name): lost for name, lost in expected}
    assert losses[-1][0] == "Pauses déclarées"
    assert losses[-2][5] == "100"


def test_a_csv_file_holds_no_formula(shown: Chrome) -> None:
    _, *pieces = saved(shown, "pieces")
    assert [row[2] for row in pieces if "script" in row[2]] == [f"'{HOSTILE}"]
    _, *orders = saved(shown, "commandes")
    assert all(row[1].startswith(f"'{HOSTILE}") for row in orders)


@pytest.mark.parametrize(
    ("centre", "day", "told"),
    [("SU12", QUIET[1], "Aucune session."), ("DEM12", SILENT[1], "Aucune session, alors que 17 h 35 de travail étaient prévues.")],
)
def test_a_day_without_a_session_says_why(driver: Chrome, page: Path, centre: str, day: dt.date, told: str) -> None:
    show(driver, page, f"#centre={centre}&jour={day}")
    assert text(driver, "#fait") == told
    assert told in text(driver, "#centres tr.choisi")
    assert not driver.find_element(By.CSS_SELECTOR, "#chronologie .image").is_displayed()
    assert driver.find_elements(By.CSS_SELECTOR, "#chiffres div") == []
    assert complaints(driver) == []


def test_every_day_has_its_pieces_and_states(driver: Chrome, page: Path, platform: Factory) -> None:
    show(driver, page, f"#centre=DEM12&jour={FIRST_DAY}")
    _, *pieces = saved(driver, "pieces")
    expected = platform.ask(
        "select numero_piece, to_char(timestamp_production, 'DD/MM/YYYY HH24:MI:SS'), details, reference"
        " from marts.piece_production as p left join marts.job_profil as j on j.id = p.job_profil_id"
        " join marts.session_production as s on s.id = p.session_id where centre = 'DEM12' and date_production = %s"
        " order by timestamp_production, numero_piece",
        (FIRST_DAY,),
    )
    assert [[row[0], row[1], row[2].removeprefix("'"), row[3]] for row in pieces] == [
        [str(number), moment, details or "", reference] for number, moment, details, reference in expected
    ]
    _, *states = saved(driver, "segments")
    expected = platform.ask(
        "select etat, to_char(timestamp_debut, 'DD/MM/YYYY HH24:MI:SS'), to_char(timestamp_fin, 'DD/MM/YYYY HH24:MI:SS')"
        " from marts.chronologie as c join marts.session_production as s on s.id = c.session_id"
        " where centre = 'DEM12' and date_production = %s order by numero_segment",
        (FIRST_DAY,),
    )
    assert states == [[*row] for row in expected]


def test_a_day_with_more_than_the_page_can_hold_says_so(
    driver: Chrome, platform: Factory, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(publication.report._BOUNDS, "par_journee", 20)
    assert report(platform, folder / "borne.html") == 0
    show(driver, folder / "borne.html", f"#centre=DEM12&jour={FIRST_DAY}")
    ((pieces,),) = platform.ask(
        "select total_pieces from marts.session_production where centre = 'DEM12' and date_production = %s", (FIRST_DAY,)
    )
    assert text(driver, "#chronologie .limite") == (
        f"La page ne montre que les 20 premières pièces et les 20 premiers états ; la journée a {pieces} pièces."
    )
    assert len(saved(driver, "pieces")) == 1 + 20


def test_a_day_that_the_page_cannot_hold_says_so(
    driver: Chrome, platform: Factory, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(publication.report._BOUNDS, "en_tout", 300)
    assert report(platform, folder / "recent.html") == 0
    show(driver, folder / "recent.html", f"#centre=DEM12&jour={NOW}")
    assert not driver.find_element(By.CSS_SELECTOR, "#chronologie .vide").is_displayed()
    show(driver, folder / "recent.html", f"#centre=DEM12&jour={FIRST_DAY}")
    assert text(driver, "#chronologie .vide") == (
        "Le détail de cette journée n'est pas dans la page, qui contient 300 pièces au plus : celles des journées depuis le"
        f" {FINISHED:%d/%m/%Y}."
    )


def test_orders_loads_and_alerts_are_those_of_the_marts(shown: Chrome, platform: Factory) -> None:
    ((planned, waiting, oldest),) = platform.ask(
        "select (select count(*) from marts.commandes_volets), count(*), max(age_jours) from marts.commandes_volets_a_planifier"
    )
    assert (planned, waiting, oldest) == (40, 5, None)
    assert text(shown, "#commandes-fait") == "À planifier : 5."
    assert len(shown.find_elements(By.CSS_SELECTOR, "#commandes_a_planifier tbody tr")) == waiting
    weeks = platform.ask(
        "select to_char(semaine_prevue, 'DD/MM/YYYY'), count(*)::text from marts.commandes_volets group by semaine_prevue"
        " order by semaine_prevue"
    )
    assert [row[:2] for row in saved(shown, "commandes_semaines")[1:]] == [[*row] for row in weeks]
    made = dict(platform.ask("select numero_commande || ' A', sum(pieces)::text from marts.commandes_volets_avancement group by 1"))
    head, *orders = saved(shown, "commandes")
    assert {row[0]: row[head.index("Pièces")] for row in orders} == made
    assert marks(shown, "avancement", "rect") == 10
    ((files,),) = platform.ask("select count(*) from marts.suivi_chargement where fichier < '9999'")
    assert marks(shown, "chargements", "symbol") == files
    for mart, place in (("alertes", "#attention li"), ("notes_qualite", "#notes_qualite td[data-titre=Message]")):
        messages = [" ".join(message.split()) for (message,) in platform.ask(f"select message from marts.{mart}")]
        assert messages
        told = [
            " ".join(plain(row.get_attribute("textContent") or "").removeprefix("en cours").split())
            for row in shown.find_elements(By.CSS_SELECTOR, place)
        ]
        assert sorted(told) == sorted(messages)
    rejected = platform.ask("select ligne from marts.lignes_rejetees")
    assert len(shown.find_elements(By.CSS_SELECTOR, "#rejets tbody tr")) == min(50, len(rejected))


def test_an_order_is_found_by_its_number_or_name(shown: Chrome) -> None:
    shown.find_element(By.ID, "recherche").send_keys("25007")
    rows = shown.find_elements(By.CSS_SELECTOR, "#commandes tbody tr")
    assert [row.find_element(By.TAG_NAME, "td").text for row in rows] == ["25007 A"]
    assert text(shown, "#commandes_a_planifier .vide") == "Aucune commande de cette liste ne correspond."


def test_where_labels_tell_no_order_the_page_says_so(driver: Chrome, platform: Factory, folder: Path) -> None:
    ((view,),) = platform.ask("select pg_get_viewdef('marts.commandes_volets_avancement')")
    told = "create or replace view marts.commandes_volets_avancement as"
    platform.ask(f"{told} select * from ({view.rstrip(' ;')}) as avancement where false")
    try:
        assert report(platform, folder / "muet.html") == 0
    finally:
        platform.ask(f"{told} {view}")
    show(driver, folder / "muet.html")
    assert "les étiquettes des machines ne disent pas la commande" in text(driver, "#commandes-fait")
    assert driver.find_element(By.CSS_SELECTOR, "#avancement .vide").is_displayed()


def test_how_old_the_data_are_is_said_first(shown: Chrome, platform: Factory) -> None:
    rows = [row.text for row in shown.find_elements(By.CSS_SELECTOR, "#derniers_evenements tbody tr")]
    last = platform.ask(
        "select centre, to_char(max(horodatage), 'DD/MM/YYYY HH24:MI') from marts.evenements as e"
        " join marts.session_production as s on s.id = e.session_id where date_production < '9999-01-01' group by centre order by 1"
    )
    assert [" ".join(row.split()[:3]) for row in rows if not row.startswith("DEMALU")] == [" ".join(row) for row in last]
    sources = text(shown, "#sources tbody")
    assert [word in sources for word in ("Machines (fichiers LOG)", "Commandes (ERP)", "Calcul des tables")] == [True] * 3


def test_a_report_of_the_day_before_yesterday_says_so(driver: Chrome, page: Path) -> None:
    show(driver, page)
    assert "plus d'un jour" not in text(driver, "#periode")
    old = page.with_name("ancien.html")
    old.write_text(re.sub(r'"etabli_le":"[^"]*"', '"etabli_le":"2025-06-01T05:30:00+00:00"', page.read_text()))
    show(driver, old)
    assert text(driver, "#periode").endswith("ce rapport a plus d'un jour")


def test_a_browser_that_is_too_old_is_told_so(driver: Chrome, page: Path) -> None:
    script = {"source": "delete window.DecompressionStream"}
    found = driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", script)
    try:
        driver.get("about:blank")
        driver.get(page.as_uri())
        assert text(driver, "#ancien").startswith("Ce navigateur est trop ancien pour ce rapport")
        assert complaints(driver) == []
    finally:
        driver.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", found)


def test_what_machines_and_people_write_stays_text(shown: Chrome) -> None:
    shown.find_element(By.CSS_SELECTOR, "#chronologie summary").click()
    WebDriverWait(shown, 20).until(lambda page: page.find_elements(By.CSS_SELECTOR, "#chronologie table"))
    assert HOSTILE in shown.find_element(By.CSS_SELECTOR, "#chronologie table").text
    assert HOSTILE in shown.find_element(By.CSS_SELECTOR, "#commandes table").text
    bar = shown.find_element(By.CSS_SELECTOR, "#avancement svg .mark-rect.role-mark path")
    shown.execute_script("arguments[0].scrollIntoView({block: 'center'})", bar)
    ActionChains(shown).move_to_element(bar).perform()
    WebDriverWait(shown, 10).until(lambda _: HOSTILE in shown.find_element(By.ID, "vg-tooltip-element").text)
    assert shown.find_elements(By.TAG_NAME, "img") == []
    assert shown.title.startswith("Rapport de production")


def test_readers_of_the_screen_hear_french(shown: Chrome) -> None:
    spoken = shown.execute_script(
        "return [...document.querySelectorAll('*')].flatMap(each =>"
        " [...each.attributes].filter(({name}) => name.startsWith('aria-') || name === 'role' || name === 'title')"
        ".map(({name, value}) => [name, value]))"
    )
    roles = {value for name, value in spoken if name == "role"}
    assert roles <= {"img", "region"}
    assert {name for name, _ in spoken} <= {"aria-label", "aria-labelledby", "aria-hidden", "aria-live", "role", "title"}
    labels = " ".join(value for name, value in spoken if name in ("aria-label", "title"))
    assert not re.search(r"\b(axis|chart|mark|legend|scale|with|values?|for|click)\b", labels, re.IGNORECASE)
    levels = [int(tag[1]) for tag in shown.execute_script("return [...document.querySelectorAll('h1,h2,h3')].map(e => e.tagName)")]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_nothing_is_wider_than_a_phone(driver: Chrome, page: Path) -> None:
    phone = {"width": 390, "height": 844, "deviceScaleFactor": 2, "mobile": True}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", phone)
    try:
        for address in ("", f"#centre=DEM12&semaine={FIRST_DAY}", "#centre=DEM12&periode=10", f"#centre=DEM12&jour={NOW}"):
            show(driver, page, address)
            for summary in driver.find_elements(By.CSS_SELECTOR, "figure summary"):
                driver.execute_script("arguments[0].click()", summary)
            assert driver.execute_script("return document.documentElement.scrollWidth") <= 390
            drawings = [svg.size["width"] for svg in driver.find_elements(By.CSS_SELECTOR, ".image svg") if svg.is_displayed()]
            assert all(width > 250 for width in drawings)
    finally:
        driver.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


def test_it_prints_on_a_few_sheets_as_wide_as_they_are(shown: Chrome) -> None:
    shown.execute_script(
        "window.widths = []; addEventListener('beforeprint', () => widths.push(...[...document.querySelectorAll('.image svg')]"
        ".map(svg => Number(svg.getAttribute('width')))))"
    )
    pdf = base64.b64decode(shown.print_page())
    printed = shown.execute_script("return widths")
    assert len(printed) == len(PICTURES)
    assert max(printed) < 1000
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) <= 7


def luminance(colour: str) -> float:
    """The relative luminance of a colour (WCAG)."""
    parts = [int(part) / 255 for part in re.findall(r"\d+", colour)[:3]]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_can_be_read_in_the_light_and_in_the_dark(driver: Chrome, page: Path, scheme: str) -> None:
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": scheme}]})
    try:
        show(driver, page)
        ground = driver.execute_script("return getComputedStyle(document.body).backgroundColor")
        assert (luminance(ground) < 0.1) == (scheme == "dark")
        pairs = driver.execute_script(
            "const back = (e) => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor;"
            " if (c !== 'rgba(0, 0, 0, 0)') return c; } };"
            "return [...document.querySelectorAll('h1,h2,h3,p,a,td,th,dt,dd,li,span,small,summary,button,label,svg text')]"
            ".filter(e => e.textContent.trim() && e.getClientRects().length && !e.disabled)"
            ".map(e => [e.tagName + ' ' + e.textContent.trim().slice(0, 30),"
            " getComputedStyle(e)[e.tagName === 'text' ? 'fill' : 'color'], back(e)])"
        )
        assert len(pairs) > 200
        for what, ink, paper in pairs:
            light, dark = sorted((luminance(ink), luminance(paper)), reverse=True)
            assert (light + 0.05) / (dark + 0.05) >= 4.5, f"{what}: {ink} on {paper}"
    finally:
        driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})


def test_it_holds_as_many_days_as_it_is_told_to(platform: Factory, folder: Path) -> None:
    assert report(platform, folder / "court.html", "--days", "3") == 0
    (content,) = re.findall(r'<script type="application/json" id="donnees">(.*?)</script>', (folder / "court.html").read_text())
    tables = json.loads(content)["tables"]
    days = [choice[1] for choice in tables["choix"]["lignes"] if choice[0] == "jour"]
    assert days == [day.isoformat() for day in DAYS[:-4:-1]]
    assert [*tables["journees"]["lignes"]["DEM12"]] == sorted(days)


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


def marts_read() -> dict[str, set[str]]:
    """The tables that each query reads."""
    read = {}
    for query in (ROOT / "publication" / "queries").glob("*.sql"):
        text = re.sub(r"--.*|extract\([^)]*\)", "", query.read_text())
        steps = {"unnest", "lateral", *re.findall(r"(\w+) as \(", text)}
        read[query.name] = set(re.findall(r"(?<!distinct )\b(?:from|join)\s+([\w.]+)", text)) - steps
        # They add up what the marts have; they measure nothing anew.
        assert not re.search(r"\b(avg|percentile_cont|stddev|regr_\w+|range_agg)\b", text), f"{query.name} works something out"
    return read


def test_the_queries_read_marts_only_and_the_exposure_names_them() -> None:
    read = marts_read()
    assert all(read.values())
    exposures = yaml.safe_load((ROOT / "dbt_project/models/_usages__exposures.yml").read_text())["exposures"]
    named = {exposure["name"]: set(exposure["depends_on"]) for exposure in exposures}
    of_metrics = set.union(*(read.pop(f"{query}.sql") for query in ("metriques", "echecs")))
    for exposure, names in (("rapport", set.union(*read.values())), ("metriques", of_metrics - {"pg_locks", "pg_stat_activity"})):
        assert {name.partition(".")[0] for name in names} == {"marts"}
        assert {f"ref('{name.partition('.')[2]}')" for name in names} == named[exposure]


def variant(page: Path, name: str, change: Callable[[dict[str, Any]], None]) -> Path:
    """Write the page anew with other data in it, as another factory would have them."""
    before, start, rest = page.read_text().partition('<script type="application/json" id="donnees">')
    written, end, after = rest.partition("</script>")
    data = json.loads(written)
    change(data["tables"])
    escaped = json.dumps(data).replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    other = page.with_name(name)
    other.write_text("".join([before, start, escaped, end, after]))
    return other


def without_days(tables: dict[str, Any]) -> None:
    for table in tables.values():
        if table["choisie_par"]:
            table["lignes"] = {}
    tables["choix"]["lignes"] = []
    for order in tables["commandes"]["lignes"]:
        for column, value in enumerate(tables["commandes"]["colonnes"]):
            if value["nom"] in ("pieces", "pieces_par_centre", "derniere_piece"):
                order[column] = None


def without_orders(tables: dict[str, Any]) -> None:
    for name in ("commandes", "commandes_a_planifier", "commandes_semaines"):
        tables[name]["lignes"] = []
    tables["sources"]["lignes"] = [row for row in tables["sources"]["lignes"] if "ERP" not in row[0]]


def labels(driver: Chrome, picture: str) -> list[list[str]]:
    """The names on a picture's axis, and where they are."""
    found: list[list[str]] = driver.execute_script(
        "return [...document.querySelectorAll(`#${arguments[0]} .role-axis-label text`)]"
        ".map((label) => [label.textContent, label.getAttribute('transform')])",
        picture,
    )
    return found


def test_bars_are_in_the_same_order_however_one_comes_to_them(driver: Chrome, page: Path) -> None:
    pictures = ("pertes", "arrets", "pertes_profils", "profils")
    target = f"#centre=DEM12&jour={TROUBLE[1]}"
    show(driver, page, target)
    fresh = {name: labels(driver, name) for name in pictures}
    assert all(fresh.values())
    show(driver, page, f"#centre=DEM12&jour={DAYS[0]}")
    for step in ("#centre=SU12&periode=10", target):
        driver.execute_script("location.hash = arguments[0]", step)
        reached(driver, step)
    assert {name: labels(driver, name) for name in pictures} == fresh


def test_where_only_the_erp_is_loaded_the_page_shows_it(driver: Chrome, page: Path) -> None:
    show(driver, variant(page, "erp.html", without_days))
    assert marks(driver, "commandes_semaines", "rect") > 0
    assert "étiquettes" not in text(driver, "#commandes-fait")
    ActionChains(driver).send_keys(Keys.ARROW_LEFT).perform()
    assert complaints(driver) == []


def test_where_the_erp_was_never_read_no_order_is_denied(driver: Chrome, page: Path) -> None:
    show(driver, variant(page, "journaux.html", without_orders))
    for name in ("commandes", "commandes_a_planifier", "avancement", "commandes_semaines"):
        assert text(driver, f"#{name} .vide") == "Les commandes n'ont pas encore été chargées."


def test_a_duration_is_rounded_once(driver: Chrome, page: Path) -> None:
    def short(tables: dict[str, Any]) -> None:
        place = [column["nom"] for column in tables["pertes"]["colonnes"]].index("minutes")
        tables["pertes"]["lignes"]["DEM12"][str(FINISHED)][0][place] = 0.6333

    show(driver, variant(page, "courte.html", short), f"#centre=DEM12&jour={FINISHED}")
    assert ", 38 s (" in text(driver, "#fait")
    assert "0,63" in [row[3] for row in saved(driver, "pertes")]


def test_a_centre_without_a_session_is_not_given_up_while_the_day_goes_on(driver: Chrome, page: Path) -> None:
    def late(tables: dict[str, Any]) -> None:
        (row,) = tables["journees"]["lignes"]["SU12"][str(NOW)]
        row[1:] = [None] * (len(row) - 1)

    show(driver, variant(page, "tard.html", late), f"#centre=SU12&jour={NOW}")
    assert text(driver, "#fait") == "Aucune session pour l'instant : la journée est en cours."


def test_all_alerts_are_on_paper(driver: Chrome, page: Path) -> None:
    def many(tables: dict[str, Any]) -> None:
        tables["alertes"]["lignes"] = (tables["alertes"]["lignes"] * 20)[:20]

    show(driver, variant(page, "alertes.html", many))
    driver.execute_script("dispatchEvent(new Event('beforeprint'))")
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    try:
        alerts = driver.find_elements(By.CSS_SELECTOR, "#attention li")
        assert len(alerts) == 20
        assert all(alert.is_displayed() for alert in alerts)
    finally:
        driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
        driver.execute_script("dispatchEvent(new Event('afterprint'))")
    assert not alerts[-1].is_displayed()


@pytest.mark.parametrize(
    ("asked", "told"),
    [("jour=2026-11-22", "le 22/11/2026"), ("semaine=2026-11-22", "la semaine du 16/11/2026")],
)
def test_a_date_that_is_not_in_the_page_is_said_to_be_missing(driver: Chrome, page: Path, asked: str, told: str) -> None:
    show(driver, page, f"#centre=DEM12&{asked}")
    assert address(driver) == f"#centre=DEM12&jour={FINISHED}"
    assert text(driver, "#fait").startswith(f"Rien à montrer pour {told} ; voici le jeudi 29 mai 2025. ")


def test_a_date_chooses_its_week(driver: Chrome, page: Path) -> None:
    show(driver, page, f"#centre=DEM12&semaine={DAYS[2]}")
    assert address(driver) == f"#centre=DEM12&semaine={FIRST_DAY}"
    assert "Rien à montrer" not in text(driver, "#fait")


def test_what_is_outside_the_shifts_is_apart(driver: Chrome, platform: Factory, folder: Path) -> None:
    stops = platform.ask(
        "select id::text, poste from marts.pertes"
        " where centre = 'DEM12' and date_production = %s and etat = 'arret' and not en_pause and poste is not null",
        (FINISHED,),
    )
    assert stops
    platform.ask("update marts.pertes set poste = null where id::text = any(%s)", ([stop for stop, _ in stops],))
    try:
        assert report(platform, folder / "hors.html") == 0
    finally:
        for stop, shift in stops:
            platform.ask("update marts.pertes set poste = %s where id::text = %s", (shift, stop))
    show(driver, folder / "hors.html", f"#centre=DEM12&jour={FINISHED}")
    _, *losses = saved(driver, "pertes")
    assert [row[4:] for row in losses if row[0] == "Hors des postes"] == [["", ""]]
    assert not [row for row in losses if row[0].startswith("Arrêts")]
    assert "hors des pauses et pendant les postes)" in text(driver, "#fait")


def test_empty_marts_make_a_page_of_sentences(platform: Factory, folder: Path, driver: Chrome) -> None:
    tables = platform.ask(
        "select string_agg(format('marts.%I', table_name), ', ') from information_schema.tables"
        " where table_schema = 'marts' and table_type = 'BASE TABLE'"
    )
    with beside(platform, platform.environment["POSTGRES_DB"]) as (environment, warehouse):
        warehouse.cursor().execute(f"truncate {tables[0][0]}")
        assert main(["report", "--page", str(folder / "vide.html")], environment) == 0
    show(driver, folder / "vide.html")
    for picture in PICTURES:
        assert driver.find_element(By.CSS_SELECTOR, f"#{picture.name} .vide").text == picture.empty
    assert "Aucune journée de production" in driver.find_element(By.ID, "periode").text
    assert driver.find_element(By.ID, "alertes").text == "Aucune alerte."
    assert driver.find_element(By.ID, "commandes").text.endswith("Aucune commande de volets n'est planifiée.")
    assert complaints(driver) == []
