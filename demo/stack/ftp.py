"""The machines' FTP server: vsftpd, or pyftpdlib in its place."""

from __future__ import annotations

import importlib.util
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

from demo.stack.errors import StackError
from demo.stack.packages import unpack
from demo.stack.ports import HOST, free_ports, greeting
from demo.stack.programs import ACCOUNT, which, write_secret
from demo.stack.server import Server
from demo.stack.state import State

_PROJECT = Path(__file__).resolve().parents[2]
_PASSIVE_PORTS = 40  # FTP data connections: as many consecutive ports


class Ftp(Server):
    """vsftpd, or pyftpdlib in its place. Both serve one folder, read-only, to one login."""

    name = "ftp"
    label = "FTP"

    def __init__(self, home: Path, state: State) -> None:
        super().__init__(home, state)
        self.commands = home / "log" / "ftp-commands.log"
        self._unpacked = home / "vsftpd"
        self._settings = home / "vsftpd.conf"

    @property
    def marker(self) -> str:
        """The settings file of vsftpd, or the stack's folder for pyftpdlib."""
        return str(self._settings if self.state.ftp_server == "vsftpd" else self.home)

    @property
    def user(self) -> str:
        """The login. vsftpd is set to check the password of ``anonymous``."""
        return "anonymous" if self.state.ftp_server == "vsftpd" else "atelier"

    @property
    def passive_ports(self) -> range:
        """The ports of the data connections."""
        first = self.state.ports["ftp_data"]
        return range(first, first + _PASSIVE_PORTS)

    def prepare(self, say: Callable[[str], None]) -> None:
        """Unpack vsftpd, unless that is done; remember which of the two servers it is."""
        self.data.mkdir(exist_ok=True)
        self.data.chmod(0o755)  # the server's account must read it, whatever the umask
        self.commands.touch(mode=0o600)
        if not self.state.ftp_server:
            try:
                self._get_vsftpd(say)
                self.state.ftp_server = "vsftpd"
            except StackError as error:
                if importlib.util.find_spec("pyftpdlib") is None:
                    hint = "install the Python package pyftpdlib"
                    raise StackError(f"vsftpd is not available ({error}): {hint}") from None
                say(f"{self.label}: pyftpdlib takes the place of vsftpd ({error})")
                self.state.ftp_server = "pyftpdlib"

    def command(self) -> list[str]:
        """Return the command that runs it in the foreground."""
        if self.state.ftp_server == "vsftpd":
            self._write_settings()
            return [str(self._vsftpd), str(self._settings)]
        # -P: the data's folder, where it runs, holds no modules.
        python = ["env", f"PYTHONPATH={_PROJECT}", sys.executable, "-P"]
        return [*python, "-m", "demo.stack", "serve-ftp", "--home", str(self.home)]

    def ready(self, pid: int) -> bool:
        """Return whether it greets."""
        return greeting(self.port).startswith(b"220")

    def choose_ports(self) -> None:
        """Keep the ports it had; the data connections have ports of their own."""
        super().choose_ports()
        if "ftp_data" not in self.state.ports:
            self.state.ports["ftp_data"] = free_ports(_PASSIVE_PORTS)

    def serve(self) -> None:
        """Run pyftpdlib in this process until it is killed."""
        from pyftpdlib.authorizers import DummyAuthorizer  # type: ignore[import-untyped]
        from pyftpdlib.handlers import FTPHandler  # type: ignore[import-untyped]
        from pyftpdlib.servers import FTPServer  # type: ignore[import-untyped]

        commands = self.commands

        class Handler(FTPHandler):  # type: ignore[misc]
            """Answers and logs commands like vsftpd."""

            authorizer = DummyAuthorizer()
            banner = "ready"
            passive_ports = self.passive_ports
            auth_failed_timeout = 1  # seconds, as with vsftpd
            proto_cmds: ClassVar[dict[str, object]] = {
                verb: about for verb, about in FTPHandler.proto_cmds.items() if verb not in ("MLSD", "MLST")
            }

            def pre_process_command(self, line: str, cmd: str, arg: str) -> None:
                shown = "PASS <password>" if cmd == "PASS" else line
                with commands.open("a", encoding="utf-8", errors="replace") as log:
                    log.write(f'{time.ctime()} FTP command: Client "{self.remote_ip}", "{shown}"\n')
                super().pre_process_command(line, cmd, arg)

        Handler.authorizer.add_user(self.user, self.state.passwords["ftp"], str(self.data), "elr")
        FTPServer((HOST, self.port), Handler).serve_forever()

    @property
    def _vsftpd(self) -> Path:
        return which("vsftpd") or self._unpacked / "usr" / "sbin" / "vsftpd"

    def _get_vsftpd(self, say: Callable[[str], None]) -> None:
        """Unpack vsftpd into the home: installing it would start a service of the machine."""
        if os.geteuid() != 0:
            raise StackError("it needs root")
        if not self._vsftpd.exists():
            say(f"{self.label}: fetching vsftpd")
        if not which("vsftpd"):
            unpack("vsftpd", "usr/sbin/vsftpd", self._unpacked, self.log.with_name("apt.log"))

    def _write_settings(self) -> None:
        empty = self.home / "empty"
        empty.mkdir(exist_ok=True)
        passwords = self.home / "vsftpd.passwords"
        # Anonymous with a checked password: this needs neither PAM nor an account.
        settings = {
            "listen": "YES",
            "listen_ipv6": "NO",
            "listen_address": HOST,
            "listen_port": self.port,
            "background": "NO",
            "local_enable": "NO",
            "anonymous_enable": "YES",
            "anon_root": self.data,
            "anon_world_readable_only": "NO",
            "ftp_username": ACCOUNT,
            "secure_email_list_enable": "YES",
            "email_password_file": passwords,
            "write_enable": "NO",
            "use_localtime": "NO",
            "pasv_min_port": self.passive_ports[0],
            "pasv_max_port": self.passive_ports[-1],
            "secure_chroot_dir": empty,
            "xferlog_enable": "YES",
            "xferlog_std_format": "NO",
            "log_ftp_protocol": "YES",
            "vsftpd_log_file": self.commands,
            # vsftpd's own sandboxes, which containers often do not allow.
            "isolate": "NO",
            "isolate_network": "NO",
            "seccomp_sandbox": "NO",
        }
        write_secret(passwords, self.state.passwords["ftp"] + "\n")
        lines = (f"{name}={value}\n" for name, value in settings.items())
        write_secret(self._settings, "".join(lines))
