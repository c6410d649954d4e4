"""The arithmetic of `make capacity`, with unit costs that make it easy to check."""

import math

import pytest

from demo import capacity
from demo.capacity import BEGIN, DAYS, END, LINE, LINES, QUARTER, Bottleneck, Costs, bottlenecks, day, lines_by, run_at

NOTHING: dict[str, dict[str, float]] = {
    "ftp": {"folder_s": 0, "listed_file_s": 0, "listed_file_bytes": 0, "modification_time_s": 0},
    "load": {"run_s": 0, "changed_file_s": 0, "line_s": 0, "wal_line_bytes": 0},
    "build": {"run_s": 0, "changed_session_s": 0, "line_s": 0, "wal_line_bytes": 0, "wal_session_bytes": 0},
    "disk": {"raw_line_bytes": 0, "intermediate_line_bytes": 0, "marts_line_bytes": 0},
    "backup": {"dump_line_s": 0, "restore_line_s": 0, "dump_line_bytes": 0},
    "history": {"load_session_s": 0, "build_session_s": 0, "ledger_row_bytes": 0, "loader_mb": 0},
}


def costs(**parts: dict[str, float]) -> Costs:
    """Unit costs: zero, except those given."""
    return {name: values | parts.get(name, {}) for name, values in NOTHING.items()}


@pytest.fixture(autouse=True)
def a_network_without_delay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(capacity, "ROUND_TRIP", 0.0)
    monkeypatch.setattr(capacity, "LINK", math.inf)


def test_a_file_grows_evenly_through_the_production_day() -> None:
    assert [lines_by(moment) for moment in (0, BEGIN, (BEGIN + END) // 2, END, 24 * 3600)] == [0, 0, LINES / 2, LINES, LINES]


def test_a_day_without_overruns_has_a_run_each_quarter_of_an_hour() -> None:
    runs = day(costs(), machines=3, years=1)
    assert [run.begin for run in runs] == list(range(0, 24 * 3600, QUARTER))


def test_a_growing_file_is_sent_whole_in_each_run_so_that_bytes_grow_with_the_square_of_the_runs() -> None:
    quarters = (END - BEGIN) // QUARTER
    sent = sum(run.read for run in day(costs(), machines=1, years=1))
    assert sent == pytest.approx(LINES * LINE * (quarters + 1) / 2)


def test_outside_production_nothing_is_transferred_and_nothing_built() -> None:
    priced = costs(load={"line_s": 1}, build={"line_s": 1, "changed_session_s": 1})
    assert run_at(priced, 5, 1, moment=BEGIN, before=BEGIN - QUARTER).seconds == 0
    assert run_at(priced, 5, 1, moment=END + 2 * QUARTER, before=END + QUARTER).seconds == 0


def test_a_run_adds_up_what_its_machines_files_lines_and_history_cost() -> None:
    priced = costs(
        ftp={"folder_s": 0.1, "listed_file_s": 0.001},
        load={"run_s": 1, "changed_file_s": 0.2, "line_s": 0.0001},
        build={"run_s": 7, "changed_session_s": 0.3, "line_s": 0.0002},
        history={"load_session_s": 0.01, "build_session_s": 0.02},
    )
    run = run_at(priced, machines=2, years=2, moment=END, before=END - QUARTER)
    sessions = 2 * 2 * DAYS
    assert run.listing == pytest.approx(2 * 0.1 + sessions * 0.001)
    assert run.transfer == pytest.approx(2 * 0.2 + 2 * LINES * 0.0001)
    assert run.load == pytest.approx(1 + run.listing + run.transfer + sessions * 0.01)
    assert run.build == pytest.approx(7 + 2 * 0.3 + 2 * LINES * 0.0002 + sessions * 0.02)


def test_the_network_costs_round_trips_of_which_transfers_share_the_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(capacity, "ROUND_TRIP", 0.01)
    run = run_at(costs(), machines=1, years=1, moment=END, before=END - QUARTER)
    assert run.listing == pytest.approx(0.01 * (capacity.LISTING_TRIPS + capacity.RECENT_FILES * capacity.TIME_TRIPS))
    assert run.transfer == pytest.approx(0.01 * capacity.TRANSFER_TRIPS / capacity.CONNECTIONS)


def test_runs_that_overrun_leave_out_those_due_meanwhile_and_send_less() -> None:
    runs = day(costs(build={"run_s": 2.5 * QUARTER}), machines=1, years=1)
    assert [run.begin for run in runs[:3]] == [0, 3 * QUARTER, 6 * QUARTER]
    assert sum(run.read for run in runs) < sum(run.read for run in day(costs(), machines=1, years=1))


@pytest.mark.parametrize(("limit", "machines"), [(900, 91), (0.5, 1), (1e9, None)])
def test_a_bottleneck_is_saturated_by_the_first_machine_too_many(limit: float, machines: int | None) -> None:
    assert Bottleneck("runs", "s", limit, lambda number: 10.0 * number).saturated_at(most=10_000) == machines


def test_the_measured_unit_costs_answer_every_question_and_are_not_free() -> None:
    measured, known = capacity.unit_costs()
    assert measured
    assert {part: set(values) for part, values in known.items()} == {part: set(values) for part, values in NOTHING.items()}
    for bottleneck in bottlenecks(known, 5):
        assert 0 < bottleneck.load(1) < bottleneck.load(100), bottleneck.name


def test_the_report_names_each_bottleneck_with_the_machines_that_it_stops_at(capsys: pytest.CaptureFixture[str]) -> None:
    assert capacity.main(["--machines", "10000", "--years", "5"]) == 0
    printed = capsys.readouterr().out
    _, known = capacity.unit_costs()
    for bottleneck in bottlenecks(known, 5):
        at = bottleneck.saturated_at()
        (row,) = [line for line in printed.splitlines() if line.startswith(f"| {bottleneck.name} |")]
        assert row.endswith(f"| {f'{at:,}' if at else 'never'} |")
    assert "- first to run short: disk of the warehouse, from " in printed
