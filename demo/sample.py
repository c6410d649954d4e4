"""Fills the servers of the trial with the sample data: `python -m demo.sample FOLDER`.

The ERP is the one of `MYSQL_…`, the folder is the root of the FTP server. An ERP that has tables, and a folder that is not empty,
are left as they are.
"""

import os
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pymysql

from common.errors import LoadError, one_line
from common.settings import MysqlSettings
from demo.factory import fill_erp, write_logs


def main(argv: Sequence[str]) -> int:
    """Run the command line; return 0, or 1 after an error, which is printed in one line."""
    folder = Path(argv[0])
    try:
        if not any(folder.iterdir()):
            write_logs(folder)
            print("The FTP server has the machine logs")
        settings = MysqlSettings.from_environ(os.environ)
        with closing(
            pymysql.connect(
                host=settings.host,
                port=settings.port,
                user=settings.user,
                password=settings.password,
                database=settings.database,
                charset="utf8mb4",
            )
        ) as connection:
            with connection.cursor() as cursor:
                is_empty = cursor.execute("show tables") == 0
            if is_empty:
                fill_erp(connection)
                print("The ERP has its orders")
    except (LoadError, OSError, pymysql.Error) as error:
        print(f"demo.sample: {one_line(error)}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
