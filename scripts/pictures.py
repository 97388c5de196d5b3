"""Draw the pictures of the documents: python scripts/pictures.py writes those that examples draw to docs/pictures.

An example on a page calls a picture that it has drawn ``drawn``, and the next picture on that page is this one.
"""

from __future__ import annotations

import contextlib
import doctest
import io
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
EXAMPLE_OR_PICTURE = re.compile(r"^```python\n(.*?)^```|!\[[^\]]*\]\(([^)]*)\)", re.MULTILINE | re.DOTALL)


def pictures() -> dict[Path, bytes]:
    """Return each picture that examples draw, and where it is."""
    with contextlib.chdir(ROOT), contextlib.redirect_stdout(io.StringIO()):
        return dict(found for page in sorted(DOCS.rglob("*.md")) for found in pictures_of(page))


def pictures_of(page: Path) -> Iterator[tuple[Path, bytes]]:
    """Yield the pictures of one page; a page without them is not run."""
    text = page.read_text(encoding="utf-8")
    if "\n>>> drawn = " not in text:
        return
    names: dict[str, bytes] = {}
    draws = False
    for example, picture in EXAMPLE_OR_PICTURE.findall(text):
        for step in doctest.DocTestParser().get_examples(example):
            if step.exc_msg is None:  # what is refused draws nothing
                exec(step.source, names)
        if picture and draws:
            yield (page.parent / picture).resolve(), names["drawn"]
        draws = ">>> drawn = " in example


if __name__ == "__main__":
    for path, content in pictures().items():
        path.write_bytes(content)
