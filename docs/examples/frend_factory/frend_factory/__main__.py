"""Format a file, or serve.

Usage:
    python -m frend_factory format CATALOGUE.json
    python -m frend_factory serve [PORT]
"""

from __future__ import annotations

import sys
from pathlib import Path

from .catalogue import NotACatalogue, format_json
from .server import make_server


def main(arguments: list[str]) -> None:
    """Do what the command line says."""
    match arguments:
        case ["format", path]:
            try:
                print(format_json(Path(path).read_bytes()))  # noqa: T201  # a program that prints
            except (NotACatalogue, OSError) as error:
                sys.exit(f"{path}: {error}")
        case ["serve", *rest] if len(rest) <= 1 and all(port.isdecimal() for port in rest):
            server = make_server(int(rest[0]) if rest else 8000)
            print(f"http://127.0.0.1:{server.server_address[1]}", flush=True)  # noqa: T201
            server.serve_forever()
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
