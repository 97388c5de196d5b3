"""Write the JSON Schema of each kind of document: python scripts/schemas.py writes docs/schemas/<name>.json."""

from __future__ import annotations

import json
from pathlib import Path

from preorder_kit.serialization import _TYPES, json_schema

FOLDER = Path(__file__).parent.parent / "docs" / "schemas"


def schemas() -> dict[str, str]:
    """Return the name of each file -> its text."""
    return {
        f"{name}.json": json.dumps(json_schema(kind), indent=1, ensure_ascii=False) for name, kind in _TYPES.items()
    }


def main() -> None:
    """Write the files, and remove those of kinds that are no more."""
    FOLDER.mkdir(exist_ok=True)
    written = schemas()
    for path in FOLDER.glob("*.json"):
        if path.name not in written:
            path.unlink()
    for name, text in sorted(written.items()):
        (FOLDER / name).write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
