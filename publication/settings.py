"""The settings of the report and the alerts, read from the environment."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import urlsplit

from common.errors import LoadError
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


@dataclass(frozen=True)
class WebhookSettings:
    """The chat channel's incoming webhook. Its address is a secret and is never shown."""

    url: str = field(repr=False)

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Self | None:
        """Read `ALERT_WEBHOOK_URL`.

        Returns:
            The webhook, or None if the variable is not set.

        Raises:
            LoadError: it is not the address of a web server.
        """
        url = environ.get("ALERT_WEBHOOK_URL", "").strip()
        if not url:
            return None
        try:
            parts = urlsplit(url)
            sound = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        except ValueError:
            sound = False
        if not sound or not url.isascii() or not url.isprintable() or " " in url:
            raise LoadError(
                "ALERT_WEBHOOK_URL is not the address of a web server: set it to the one that the chat shows (https://…)"
            )
        return cls(url)
