"""Write the tables of docs/reference/frames.md: which columns each frame has.

Usage: python scripts/frame_columns.py
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from preorder_kit import frames
from preorder_kit.frames import Column, Schema

PAGE = Path(__file__).parent.parent / "docs" / "reference" / "frames.md"
MARK = "<!-- from here on written by make columns -->\n"


def main() -> None:
    PAGE.write_text(written(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


def written(page: str) -> str:
    """Return the page with its tables as they are now."""
    head, mark, _ = page.partition(MARK)
    return f"{head}{mark}{''.join(tables())}"


def tables() -> Iterator[str]:
    for name in frames.__all__:
        schema = getattr(frames, name)
        if isinstance(schema, Schema):
            yield _table(name, schema)


def _table(name: str, schema: Schema) -> str:
    rows = "".join(
        f"| `{it.name}` | {it.type} | {_may(it)} | {it.meaning.replace('``', '`')} |\n" for it in schema.columns
    )
    key = f" No two rows share {' and '.join(f'`{part}`' for part in schema.key)}." if schema.key else ""
    head = "| column | holds | where it is not there | meaning |\n| --- | --- | --- | --- |\n"
    data = f"```{{eval-rst}}\n.. py:data:: preorder_kit.frames.{name}\n```"
    return f"\n### {name}\n\n{data}\n\nA row is {schema.name}.{key}\n\n{head}{rows}"


def _may(column: Column) -> str:
    default = "nothing" if column.default is None else f"`{column.default}`".lower()
    absent = "refused" if column.is_required else default
    return f"{absent}; a row may be empty" if column.is_nullable and column.is_required else absent


if __name__ == "__main__":
    main()
