"""Mails over SMTP, to a real server: with and without encryption and login, and what is said when it does not take one."""

import ssl
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

from common.errors import LoadError
from common.mail import MailSettings, send
from demo.stack import HOST
from tests.tls import Authority

TEXT = "- [critique] DEM12 : aucun événement depuis 6 h 49.\n- [terminé] Œuvre du côté €"


class Mailbox:
    """What the server has taken. It refuses the recipients that it is told, and answers with the codes that it is told first."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.recipients: list[str] = []
        self.refused: set[str] = set()
        self.answers: list[str] = []
        self.greeted: list[str] = []
        self.farewell = "221 Bye"

    async def handle_RCPT(  # noqa: N802  # the library's name
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if address in self.refused:
            return "550 no such user here"
        if address in self.greeted:
            self.greeted.remove(address)
            return "450 greylisted"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        if self.answers:
            return self.answers.pop(0)
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        self.recipients += envelope.rcpt_tos
        return "250 OK"

    async def handle_QUIT(self, _server: Any, _session: Any, _envelope: Any) -> str:  # noqa: N802
        return self.farewell


@pytest.fixture
def mailbox() -> Mailbox:
    return Mailbox()


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("mail"), "The factory's authority")


def checked(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
    good = isinstance(data, LoginPassword) and (data.login, data.password) == (b"usine", b"p@ss %:w")
    return AuthResult(success=good, handled=False)


def served(mailbox: Mailbox, authority: Authority, tls: str) -> Iterator[dict[str, str]]:
    """A server that speaks TLS from the start, after STARTTLS, or not at all."""
    certificate = authority.issue(HOST)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate.file, certificate.key)
    login: dict[str, Any] = {"authenticator": checked, "auth_require_tls": False}
    if tls == "starttls":
        login |= {"tls_context": context, "require_starttls": True}

    class Server(Controller):
        def factory(self) -> SMTP:
            return SMTP(self.handler, **login)

        def _trigger_server(self) -> None:
            self.port = self.server.sockets[0].getsockname()[1]  # type: ignore[union-attr]  # the one that the system has given it
            super()._trigger_server()  # type: ignore[no-untyped-call]

    controller = Server(mailbox, hostname=HOST, port=0, ssl_context=context if tls == "tls" else None)
    controller.start()
    yield {
        "SMTP_HOST": HOST,
        "SMTP_PORT": str(controller.port),
        "SMTP_TLS": tls,
        "MAIL_FROM": "usine@example.com",
        "MAIL_TO": "marie@example.com, chef@example.com",
        **({"SMTP_TLS_CA": str(authority.file), "SMTP_USER": "usine", "SMTP_PASSWORD": "p@ss %:w"} if tls != "none" else {}),
    }
    controller.stop()


@pytest.fixture(params=["starttls", "tls", "none"])
def server(request: pytest.FixtureRequest, mailbox: Mailbox, authority: Authority) -> Iterator[dict[str, str]]:
    yield from served(mailbox, authority, request.param)


@pytest.fixture
def plain(mailbox: Mailbox, authority: Authority) -> Iterator[dict[str, str]]:
    yield from served(mailbox, authority, "none")


@pytest.fixture
def encrypted(mailbox: Mailbox, authority: Authority) -> Iterator[dict[str, str]]:
    yield from served(mailbox, authority, "starttls")


def settings(environ: dict[str, str]) -> MailSettings:
    read = MailSettings.from_environ(environ)
    assert read
    return read


def refusal(environ: dict[str, str]) -> str:
    with pytest.raises(LoadError) as error:
        send(settings(environ), "Usine", TEXT)
    assert "\n" not in str(error.value)
    assert "p@ss" not in str(error.value)
    return str(error.value)


def test_a_mail_arrives_as_it_was_written(server: dict[str, str], mailbox: Mailbox) -> None:
    send(settings(server), "Usine : 1 alerte critique, 1 terminée", TEXT)
    (mail,) = mailbox.mails
    assert mail["Subject"] == "Usine : 1 alerte critique, 1 terminée"
    assert mail["From"] == "usine@example.com"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Date"]
    assert mail.get_content().splitlines() == TEXT.splitlines()
    assert mailbox.recipients == ["marie@example.com", "chef@example.com"]


def test_a_temporary_refusal_is_retried_and_a_lasting_one_is_said(plain: dict[str, str], mailbox: Mailbox) -> None:
    mailbox.answers = ["451 try again later"]
    send(settings(plain), "Usine", TEXT)
    assert len(mailbox.mails) == 1
    mailbox.answers = ["554 we do not like this"]
    assert refusal(plain) == f"mail server {HOST}:{plain['SMTP_PORT']} answers 554 we do not like this"


def test_who_is_not_taken_is_named_and_the_others_get_their_mail_once(
    plain: dict[str, str], mailbox: Mailbox, caplog: pytest.LogCaptureFixture
) -> None:
    mailbox.refused = {"chef@example.com"}
    send(settings(plain), "Usine", TEXT)
    assert caplog.messages == [f"mail server {HOST}:{plain['SMTP_PORT']}: not all addresses of MAIL_TO are taken: chef@example.com"]
    assert mailbox.recipients == ["marie@example.com"]
    mailbox.refused |= {"marie@example.com"}
    assert refusal(plain).endswith("no address of MAIL_TO is taken: marie@example.com, chef@example.com")


def test_who_is_not_taken_for_now_is_asked_again(plain: dict[str, str], mailbox: Mailbox) -> None:
    mailbox.greeted = ["marie@example.com", "chef@example.com"]
    send(settings(plain), "Usine", TEXT)
    assert mailbox.recipients == ["marie@example.com", "chef@example.com"]


def test_a_mail_that_was_taken_is_not_sent_again_whatever_the_server_says_at_the_end(
    plain: dict[str, str], mailbox: Mailbox
) -> None:
    mailbox.farewell = "421 I am going away"
    send(settings(plain), "Usine", TEXT)
    assert len(mailbox.mails) == 1


def test_a_wrong_password_and_a_certificate_that_is_not_trusted_are_said(encrypted: dict[str, str], mailbox: Mailbox) -> None:
    assert refusal({**encrypted, "SMTP_PASSWORD": "p@ss"}).endswith("the login is refused: set SMTP_USER and SMTP_PASSWORD")
    assert "CERTIFICATE_VERIFY_FAILED: check SMTP_TLS, SMTP_HOST and SMTP_TLS_CA" in refusal({**encrypted, "SMTP_TLS_CA": ""})
    assert mailbox.mails == []


def test_encryption_that_the_server_lacks_and_a_server_that_is_not_there_are_said(plain: dict[str, str]) -> None:
    assert refusal({**plain, "SMTP_TLS": "starttls"}).endswith("set SMTP_TLS to what the server offers")
    assert "cannot be reached" in refusal({**plain, "SMTP_PORT": "1"})


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"MAIL_TO": ""}, "MAIL_TO is not set"),
        ({"MAIL_TO": "marie"}, "MAIL_TO is 'marie', which is no mail address"),
        ({"MAIL_FROM": "Usine <usine@example.com>"}, "MAIL_FROM is 'Usine <usine@example.com>', which is no mail address"),
        ({"SMTP_TLS": "yes"}, "SMTP_TLS is 'yes': set it to starttls, tls or none"),
        ({"SMTP_PASSWORD": "é"}, "SMTP_USER or SMTP_PASSWORD has other characters than ASCII"),
        ({"MAIL_TO": " , "}, "MAIL_TO names nobody: set it to one or more mail addresses"),
        ({"MAIL_TO": "andré@example.com"}, "MAIL_TO is 'andré@example.com', which is no mail address"),
        ({"SMTP_HOST": "mail..example.com"}, "SMTP_HOST is 'mail..example.com': set it to the name or address of the mail server"),
        ({"SMTP_PORT": "smtp"}, "SMTP_PORT is 'smtp': set it to a whole number from 1 to 65535"),
    ],
)
def test_a_wrong_setting_is_said_in_one_line(wrong: dict[str, str], said: str) -> None:
    environ = {"SMTP_HOST": HOST, "MAIL_FROM": "usine@example.com", "MAIL_TO": "marie@example.com"}
    with pytest.raises(LoadError, match="^" + said.replace("(", r"\(")):
        MailSettings.from_environ({**environ, **wrong})


def test_without_a_server_there_is_no_mail() -> None:
    assert MailSettings.from_environ({"SMTP_HOST": "", "MAIL_TO": "x"}) is None
