"""Posts a message to a chat channel, by an incoming webhook of Slack, Teams or Mattermost; tells a watchdog of a success."""

import http.client
import json
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import urlsplit

from common.errors import ConnectionLostError, LoadError
from common.retry import retrying
from common.settings import is_host

TIMEOUT_SECONDS = 15


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """Refuses redirects: a redirected POST would become a GET without the message."""

    def redirect_request(self, *_: object) -> None:
        """Return no new request."""


_OPENER = urllib.request.build_opener(_NoRedirect)


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
        url = web_address(environ, "ALERT_WEBHOOK_URL", "the one that the chat shows")
        return cls(url) if url else None


def web_address(environ: Mapping[str, str], name: str, which: str) -> str:
    """Read the address of a web server; an empty text if it is not set.

    Args:
        environ: the settings.
        name: the variable. Its value is a secret and is never shown.
        which: what to set it to.

    Raises:
        LoadError: it is not one.
    """
    url = environ.get(name, "").strip()
    try:
        parts = urlsplit(url)
        sound = parts.scheme in ("http", "https") and is_host(parts.hostname or "") and parts.port != 0
    except ValueError:
        sound = False
    if url and (not sound or not url.isascii() or not url.isprintable() or " " in url):
        raise LoadError(f"{name} is not the address of a web server: set it to {which} (https://…)")
    return url


def post(settings: WebhookSettings, text: str) -> None:
    """Post a message. Temporary errors are retried with exponential back-off.

    Args:
        settings: the webhook.
        text: the message, in the Markdown that all three understand.

    Raises:
        LoadError: the webhook refuses the message, or cannot be reached. The error does not contain its address.
    """
    _ask(settings.url, "the webhook of ALERT_WEBHOOK_URL", json.dumps({"text": text}).encode())


def ping(environ: Mapping[str, str]) -> None:
    """Ask `HEARTBEAT_URL`, if it is set, which tells a watchdog that all is well. Temporary errors are retried.

    Raises:
        LoadError: it is malformed, or its server refuses the request or cannot be reached. The error does not contain the address.
    """
    url = web_address(environ, "HEARTBEAT_URL", "the one that the watchdog gives")
    if url:
        _ask(url, "the server of HEARTBEAT_URL", None)


def _ask(url: str, name: str, content: bytes | None) -> None:
    """Post some JSON, or ask for an address without content."""
    for attempt in retrying(lambda error: isinstance(error, ConnectionLostError)):
        with attempt:
            _ask_once(url, name, content)


def _ask_once(url: str, name: str, content: bytes | None) -> None:
    request = urllib.request.Request(url, content, {"Content-Type": "application/json", "User-Agent": "usine"})
    # Not chained: the original exceptions would show the address in a traceback.
    try:
        with _OPENER.open(request, timeout=TIMEOUT_SECONDS):
            return
    except urllib.error.HTTPError as error:
        error.close()
        message = f"{name} answers {error.code}"
        if error.code in (408, 429) or error.code >= 500:
            raise ConnectionLostError(message) from None
        raise LoadError(f"{message}: check that it is still valid") from None
    except urllib.error.URLError as error:
        raise ConnectionLostError(f"{name} cannot be reached: {_reason(error.reason)}") from None
    except (OSError, http.client.HTTPException) as error:
        raise ConnectionLostError(f"{name} does not answer: {_reason(error)}") from None


def _reason(reason: object) -> str:
    """Return a reason without the address: the operating system's message, or the error's class."""
    return reason.strerror if isinstance(reason, OSError) and reason.strerror else type(reason).__name__
