"""dlt as it is used here: its destination `postgres`, its settings, a run of a source, and whose errors it passes on.

Imported only when there is something to load: importing dlt costs more than finding out that nothing is new.
"""

from pathlib import Path
from typing import Any

import dlt
import psycopg2
from dlt.common.configuration.container import Container
from dlt.common.configuration.providers import CustomLoaderDocProvider
from dlt.common.configuration.specs.config_providers_context import ConfigProvidersContainer
from dlt.common.configuration.specs.pluggable_run_context import PluggableRunContext
from dlt.common.pipeline import LoadInfo
from dlt.destinations.impl.postgres.configuration import PostgresCredentials
from dlt.extract import DltSource

from common.errors import LoadError, causes
from common.postgres import errors_of
from common.settings import PostgresSettings

DATASET = "raw"

_SETTINGS: dict[str, Any] = {
    "runtime": {"dlthub_telemetry": False, "log_level": "CRITICAL", "intercept_signals": False},
    # A run begins with what raw holds, not with what dlt remembers.
    "restore_from_destination": False,
    "schema": {"naming": "direct"},
    "normalize": {"workers": 1},
    # A COPY whose answer was lost may have been done: whoever tries again looks at raw first.
    "load": {"workers": 1, "raise_on_max_retries": 1, "delete_completed_jobs": True},
}


class _Credentials(PostgresCredentials):
    """Our own connection URI: dlt's would lose blanks at a password's ends, and has no place for libpq's options."""

    _uri: str = ""
    _options: str = ""

    @classmethod
    def of(cls, settings: PostgresSettings, options: str) -> "_Credentials":
        """Make the credentials, already resolved, of sessions with these options."""
        credentials = cls()
        credentials.database, credentials.username = settings.database, settings.user
        credentials.host, credentials.port, credentials.password = settings.host, settings.port, settings.password or "none"
        credentials._uri, credentials._options = settings.uri(), options
        credentials.resolve()
        return credentials

    def to_native_representation(self) -> str:
        return self._uri

    def get_query(self) -> dict[str, Any]:
        return {"options": self._options}


def run(source: DltSource, folder: Path, settings: PostgresSettings, options: str) -> LoadInfo:
    """Run a source's pipeline, named like it, into raw.

    Args:
        source: what to load.
        folder: the working folders of all pipelines, which `dlt pipeline --pipelines-dir` looks at.
        settings: the warehouse.
        options: libpq's options for every session that dlt opens.

    Returns:
        What dlt tells of the load.

    Raises:
        LoadError: extraction failed with this error, or PostgreSQL refuses something.
        ConnectionLostError: a connection broke.
        OSError: the working folder cannot be written.
    """
    # dlt would read any variable of the environment that looks like its own, and files: its settings are these and no others.
    Container()[PluggableRunContext].providers = ConfigProvidersContainer([CustomLoaderDocProvider("usine", lambda: _SETTINGS)])
    destination = dlt.destinations.postgres(credentials=_Credentials.of(settings, options))
    with errors_of(settings):
        try:
            pipeline = dlt.pipeline(source.name, pipelines_dir=str(folder), destination=destination, dataset_name=DATASET)
            return pipeline.run(source)
        except Exception as error:  # noqa: BLE001  # raised below
            failure = _cause(error)
        # Not where dlt's error is handled, which would make it the context of its own cause.
        raise failure


def _cause(error: Exception) -> Exception:
    """Find our own error, the system's or PostgreSQL's behind dlt's, which speak of its insides."""
    kinds = (LoadError, psycopg2.Error, OSError)
    return next((cause for cause in causes(error) if isinstance(cause, kinds)), error)
