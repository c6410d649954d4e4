"""The command line: ``python -m demo.stack up|down|destroy|status|env [--home DIR]``."""

from __future__ import annotations

import argparse
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path

from demo.stack.errors import StackError
from demo.stack.stack import Stack


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line.

    Args:
        argv: its arguments; those of the process if None.

    Returns:
        The exit code: 0, or 1 after an error, which is reported in one line.
    """
    parser = argparse.ArgumentParser(prog="python -m demo.stack", description="A local stack of real servers.")
    parser.add_argument("command", choices=["up", "down", "destroy", "status", "env", "serve-ftp"])
    parser.add_argument("--home", type=Path, default=Path(".stack"), help="default: .stack")
    arguments = parser.parse_args(argv)
    stack = Stack(arguments.home)
    try:
        match arguments.command:
            case "up":
                stack.up()
            case "down":
                stack.down()
            case "destroy":
                stack.destroy()
            case "status":
                for part, runs in stack.running().items():
                    print(f"{part}: {'running' if runs else 'stopped'}")
            case "env":
                for name, value in stack.environment().items():
                    print(f"export {name}={shlex.quote(value)}")
            case "serve-ftp":
                stack.serve_ftp()
    except (StackError, OSError) as error:
        print(f"demo.stack: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
