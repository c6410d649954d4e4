"""How dlt is used here: its destination `postgres`, its settings, how a source is run, and which errors are raised.

Imported only when there is something to load, because importing dlt takes longer than finding nothing new.
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
    # What is new is found by comparing with raw, not from the state that dlt keeps.
    "restore_from_destination": False,
    "schema": {"naming": "direct"},
    "normalize": {"workers": 1},
    # No retry by dlt: if the answer to a COPY is lost, it may have been done. Our own retry compares with raw first.
    "load": {"workers": 1, "raise_on_max_retries": 1, "delete_completed_jobs": True},
}


class _Credentials(PostgresCredentials):
    """Credentials with our own URI: dlt's would strip blanks from a password, and cannot hold libpq's options."""

    _uri: str = ""
    _options: str = ""

    @classmethod
    def of(cls, settings: PostgresSettings, options: str) -> "_Credentials":
        """Return resolved credentials for sessions with these options."""
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
    """Run a source into raw, by a pipeline of the same name.

    Args:
        source: what to load.
        folder: the working folder of all pipelines, for `dlt pipeline --pipelines-dir`.
        settings: the warehouse.
        options: libpq's options for every session that dlt opens.

    Returns:
        dlt's information on the load.

    Raises:
        LoadError: the source raised it, or PostgreSQL refuses something.
        ConnectionLostError: a connection broke.
        OSError: the working folder cannot be written.
    """
    # dlt would also read environment variables and files. Its settings are to be these and no others.
    Container()[PluggableRunContext].providers = ConfigProvidersContainer([CustomLoaderDocProvider("usine", lambda: _SETTINGS)])
    destination = dlt.destinations.postgres(credentials=_Credentials.of(settings, options))
    with errors_of(settings):
        try:
            pipeline = dlt.pipeline(source.name, pipelines_dir=str(folder), destination=destination, dataset_name=DATASET)
            return pipeline.run(source)
        except Exception as error:  # noqa: BLE001  # raised below
            failure = _cause(error)
        # Outside the handler: inside, Python would make dlt's error the context of its own cause.
        raise failure


def _cause(error: Exception) -> Exception:
    """Return the error of ours, the system or PostgreSQL that dlt's error wraps: dlt's own text is about its internals."""
    kinds = (LoadError, psycopg2.Error, OSError)
    return next((cause for cause in causes(error) if isinstance(cause, kinds)), error)
