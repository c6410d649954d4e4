"""The metrics: a text file in Prometheus' format, for node_exporter's textfile collector or a web server.

The format: https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

from common.errors import LoadError
from common.files import replace
from common.outcomes import Outcome
from common.settings import metrics_file
from publication.marts import Marts
from publication.settings import reader_settings

# A metric's name, its help, the name and value of its label if it has one, and its value.
Sample = tuple[str, str, str | None, str | None, float | None]


def write_metrics(environ: Mapping[str, str], outcomes: Mapping[str, Outcome]) -> None:
    """Write the metrics. An existing file is replaced in one step, or not at all.

    If the warehouse cannot be reached, the file has `usine_up 0` and the metrics of the jobs.

    Args:
        environ: the settings of the warehouse, and `METRICS_FILE`, by default the project's `target/metrics.prom`. node_exporter
            wants the name to end in `.prom`.
        outcomes: how each job ended.

    Raises:
        LoadError: the warehouse cannot be asked, or has no marts yet, or the file cannot be written.
    """
    file, samples, failure, is_up = metrics_file(environ), list(_of_jobs(outcomes)), None, 0
    try:
        with Marts(reader_settings(environ, own="REPORT")) as marts:
            is_up = 1
            samples += marts.ask("metriques", {}).rows
    except LoadError as error:
        failure = error
    samples.append(("usine_up", "Whether the warehouse let the metrics in", None, None, is_up))
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        replace(file, text_of(samples))
    except OSError as error:
        raise LoadError(f"{file}: {error.strerror}: set METRICS_FILE to a file that can be written") from error
    if failure:
        raise failure


def _of_jobs(outcomes: Mapping[str, Outcome]) -> Iterator[Sample]:
    for job, outcome in outcomes.items():
        told = (
            ("last_success_timestamp_seconds", "When a job of the schedule last succeeded", outcome.succeeded_at),
            ("duration_seconds", "How long the last run of a job took, with its retries", outcome.seconds),
            ("failures_in_a_row", "How many runs of a job have failed since it last succeeded", outcome.failures),
        )
        yield from ((f"usine_job_{name}", text, "job", job, value) for name, text, value in told)


def text_of(samples: Iterable[Sample]) -> str:
    """Return samples in Prometheus' format. Those without a value are left out.

    Args:
        samples: the samples, in any order.
    """
    lines = []
    told = sorted((sample for sample in samples if sample[4] is not None), key=lambda sample: (sample[:2], sample[3] or ""))
    for (name, help_text), alike in groupby(told, key=lambda sample: sample[:2]):
        lines += [f"# HELP {name} {help_text}.", f"# TYPE {name} gauge"]
        lines += [f"{name}{_labels(label, label_value)} {value:.15g}" for _, _, label, label_value, value in alike]
    return "\n".join([*lines, ""])


def _labels(label: str | None, value: str | None) -> str:
    if label is None:
        return ""
    escaped = (value or "").replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
    return f'{{{label}="{escaped}"}}'
