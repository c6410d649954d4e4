"""Sends a message by mail, over SMTP."""

import logging
import re
import smtplib
import ssl
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import formatdate, make_msgid
from typing import Self

from common.errors import ConnectionLostError, LoadError, one_line
from common.retry import retrying
from common.settings import Reader, TlsSettings, is_host

log = logging.getLogger(__name__)

TIMEOUT_SECONDS = 15
# The port that is usual for each way of encryption.
_SMTP_PORTS = {"starttls": 587, "tls": 465, "none": 25}
_MAIL_ADDRESS = re.compile(r"[^\s@,<>\"]+@[^\s@,<>\"]+")


@dataclass(frozen=True)
class MailSettings:
    """The mail server, and from whom and to whom mails go. `ca` is a file of authorities to trust besides the system's."""

    host: str
    port: int
    tls: str
    ca: str
    user: str
    sender: str
    recipients: tuple[str, ...]
    password: str = field(repr=False)

    @classmethod
    def from_environ(cls, environ: Mapping[str, str]) -> Self | None:
        """Read `SMTP_HOST`, `_PORT`, `_TLS`, `_TLS_CA`, `_USER`, `_PASSWORD`, `MAIL_FROM` and `MAIL_TO`.

        Returns:
            The settings, or None if `SMTP_HOST` is not set.

        Raises:
            LoadError: one of them is missing or malformed.
        """
        if not environ.get("SMTP_HOST"):
            return None
        reader = Reader(environ)
        tls = reader.choice("SMTP_TLS", tuple(_SMTP_PORTS), "starttls")
        settings = cls(
            host=reader.text("SMTP_HOST"),
            port=reader.number("SMTP_PORT", _SMTP_PORTS[tls], 1, 65_535),
            tls=tls,
            ca=reader.certificates("SMTP_TLS_CA"),
            user=reader.text("SMTP_USER", ""),
            password=reader.text("SMTP_PASSWORD", ""),
            sender=reader.text("MAIL_FROM"),
            recipients=tuple(filter(None, map(str.strip, reader.text("MAIL_TO").split(",")))),
        )
        reader.check()
        if not (settings.user + settings.password).isascii():
            raise LoadError(
                "SMTP_USER or SMTP_PASSWORD has other characters than ASCII, which cannot be sent: choose a password without them"
            )
        if not is_host(settings.host):
            raise LoadError(f"SMTP_HOST is {settings.host!r}: set it to the name or address of the mail server")
        if not settings.recipients:
            raise LoadError("MAIL_TO names nobody: set it to one or more mail addresses, separated by commas")
        for name, addresses in (("MAIL_FROM", [settings.sender]), ("MAIL_TO", settings.recipients)):
            if wrong := [address for address in addresses if not (_MAIL_ADDRESS.fullmatch(address) and address.isascii())]:
                raise LoadError(f"{name} is {wrong[0]!r}, which is no mail address: set it to one (marie@example.com)")
        return settings

    def context(self) -> ssl.SSLContext:
        """Return the context for TLS connections."""
        return TlsSettings(verify=True, ca=self.ca).context()

    def __str__(self) -> str:
        """The server, as messages name it."""
        return f"mail server {self.host}:{self.port}"


def send(settings: MailSettings, subject: str, text: str) -> None:
    """Send a mail. Temporary errors are retried with exponential back-off. If only some recipients are refused, an error is logged.

    Args:
        settings: the server and the addresses.
        subject: the subject, one line.
        text: the mail's text.

    Raises:
        LoadError: the server cannot be reached, or refuses the login, the sender or all recipients. The error names the server.
    """
    mail = EmailMessage()
    mail["Subject"], mail["From"], mail["To"] = subject, settings.sender, ", ".join(settings.recipients)
    mail["Date"], mail["Message-ID"] = formatdate(localtime=True), make_msgid(domain="usine")
    # Marks it as written by a program: absence notes do not answer it (RFC 3834).
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(text)
    for attempt in retrying(lambda error: isinstance(error, ConnectionLostError)):
        with attempt:
            _talk(settings, mail)


def log_in(settings: MailSettings) -> None:
    """Log in to the server, and send nothing.

    Raises:
        LoadError: it cannot be reached, or refuses the login. The error names the server.
    """
    _talk(settings, None)


def _talk(settings: MailSettings, mail: EmailMessage | None) -> None:
    try:
        with closing(_connected(settings)) as server:
            if settings.tls == "starttls":
                server.starttls(context=settings.context())
            if settings.user:
                server.login(settings.user, settings.password)
            refused = server.send_message(mail) if mail else {}
            with suppress(OSError, smtplib.SMTPException):  # what it says to this changes nothing: it has taken the mail
                server.quit()
    except smtplib.SMTPAuthenticationError as error:
        raise _answer(settings, error, "the login is refused: set SMTP_USER and SMTP_PASSWORD") from None
    except smtplib.SMTPRecipientsRefused as error:
        said = f"{settings}: no address of MAIL_TO is taken: {', '.join(error.recipients)}"
        is_temporary = any(code < 500 for code, _ in error.recipients.values())
        raise (ConnectionLostError if is_temporary else LoadError)(said) from None
    except smtplib.SMTPNotSupportedError as error:
        raise LoadError(f"{settings}: {one_line(error)}: set SMTP_TLS to what the server offers") from None
    except ssl.SSLError as error:
        raise LoadError(f"{settings}: {error.reason or one_line(error)}: check SMTP_TLS, SMTP_HOST and SMTP_TLS_CA") from None
    except smtplib.SMTPResponseException as error:
        raise _answer(settings, error, "") from None
    except (OSError, smtplib.SMTPException) as error:
        raise ConnectionLostError(f"{settings} cannot be reached: {one_line(error)}") from None
    if refused:
        # No error: the others have their mail, and would get it again and again.
        log.error("%s: not all addresses of MAIL_TO are taken: %s", settings, ", ".join(refused))


def _connected(settings: MailSettings) -> smtplib.SMTP:
    if settings.tls == "tls":
        return smtplib.SMTP_SSL(settings.host, settings.port, timeout=TIMEOUT_SECONDS, context=settings.context())
    return smtplib.SMTP(settings.host, settings.port, timeout=TIMEOUT_SECONDS)


def _answer(settings: MailSettings, error: smtplib.SMTPResponseException, refusal: str) -> LoadError:
    """Return the error for an answer: a code below 500 is one that may be another the next time."""
    said = f"{settings} answers {error.smtp_code} {_text(error.smtp_error)}"
    return ConnectionLostError(said) if error.smtp_code < 500 else LoadError(f"{settings}: {refusal}" if refusal else said)


def _text(said: bytes | str) -> str:
    return " ".join((said.decode(errors="replace") if isinstance(said, bytes) else said).split())
