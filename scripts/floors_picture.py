"""Draw the floors of the house from the contract that holds them: writes docs/pictures/floors.svg.

Floors and modules are those of import-linter's layers in pyproject.toml, and so is what needs attrs alone.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
PICTURE = ROOT / "docs" / "pictures" / "floors.svg"
WIDTH, HEIGHT, GAP, LEFT = 860, 20, 4, 10

#: What a module is -> fill, edge. Engines are private, the core needs attrs and the standard library alone.
COLOURS = {
    (True, True): ("#eef3fb", "#3b6db3"),
    (True, False): ("#fff", "#9db6d8"),
    (False, True): ("#fbf3e6", "#b37a1d"),
    (False, False): ("#fff", "#d8bd8c"),
}
KEY = {
    (True, True): "core: attrs alone",
    (True, False): "engines of the core",
    (False, True): "edges: other libraries",
    (False, False): "engines of the edges",
}

HEAD = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0} {1}" width="{0}" height="{1}" role="img">
<title>The floors of the house: a module imports only from floors below it</title>
<g font-family="sans-serif" font-size="12" fill="#222">
<rect width="{0}" height="{1}" fill="#fff"/>"""


def draw() -> str:
    """Return the picture."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    by_id = {contract["id"]: contract for contract in contracts}
    floors = [[name.strip() for name in floor.split("|")] for floor in by_id["floors"]["layers"]]
    core = {name.rpartition(".")[2] for name in by_id["core"]["source_modules"]}
    lines = [HEAD.format(WIDTH, (HEIGHT + GAP) * (len(floors) + 2))]
    for row, modules in enumerate(floors):
        lines += _row(row, [(name, (name in core, not name.startswith("_") or name == "__main__")) for name in modules])
    lines += _row(len(floors) + 1, [(KEY[kind], kind) for kind in COLOURS])
    return "\n".join([*lines, "</g>", "</svg>", ""])


def _row(row: int, boxes: list[tuple[str, tuple[bool, bool]]]) -> list[str]:
    """Return one row of boxes, as wide together as the picture."""
    top, width = row * (HEIGHT + GAP) + GAP, (WIDTH - 2 * LEFT - GAP * (len(boxes) - 1)) / len(boxes)
    found = []
    for place, (name, kind) in enumerate(boxes):
        left, (fill, edge) = LEFT + place * (width + GAP), COLOURS[kind]
        weight = ' font-weight="bold"' if kind[1] and name not in KEY.values() else ""
        found += [
            f'<rect x="{left:g}" y="{top}" width="{width:g}" height="{HEIGHT}" rx="4" fill="{fill}" stroke="{edge}"/>',
            f'<text x="{left + width / 2:g}" y="{top + 14}" text-anchor="middle"{weight}>{name}</text>',
        ]
    return found


if __name__ == "__main__":
    PICTURE.write_text(draw(), encoding="utf-8")
