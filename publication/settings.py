"""The settings of the report and the alerts, read from the environment."""

from collections.abc import Mapping

from common.settings import PostgresSettings, with_account


def reader_settings(environ: Mapping[str, str], own: str) -> PostgresSettings:
    """Read the warehouse's settings with the command's own account, or dbt's, or the loaders', whichever is set first.

    Args:
        environ: the settings.
        own: `REPORT` or `ALERTS`, with which the variables of the command's own account begin.

    Raises:
        LoadError: one of them is missing or malformed.
    """
    return PostgresSettings.from_environ(with_account(environ, ["DBT", own]))
