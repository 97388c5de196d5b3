"""Draw the life of a part from its table: python scripts/lifecycle_diagram.py writes docs/pictures/lifecycle.svg.

States and arrows are the table's, and so are their names. Where they stand is laid out by hand, here.
"""

from __future__ import annotations

from pathlib import Path

from preorder_kit.lifecycle import GUARDS, TRANSITIONS, PartState

PICTURE = Path(__file__).parent.parent / "docs" / "pictures" / "lifecycle.svg"
SIZE = (960, 420)
HEIGHT = 48

#: State -> the left edge, the top and the width of its box.
BOXES = {
    PartState.HELD: (20, 40, 130),
    PartState.DUE: (290, 40, 130),
    PartState.ALLOCATED: (580, 40, 150),
    PartState.SHIPPED: (830, 40, 110),
    PartState.UNFULFILLABLE: (130, 200, 160),
    PartState.BACKORDERED: (430, 200, 150),
    PartState.CANCELLED: (20, 350, 710),
}

#: (from, to) -> where the arrow begins and ends, and where its words begin.
ARROWS = {
    (PartState.HELD, PartState.DUE): ((150, 64), (290, 64), (158, 56)),
    (PartState.HELD, PartState.CANCELLED): ((70, 88), (70, 350), (78, 310)),
    (PartState.DUE, PartState.ALLOCATED): ((420, 64), (580, 64), (470, 56)),
    (PartState.DUE, PartState.BACKORDERED): ((400, 88), (470, 200), (450, 150)),
    (PartState.DUE, PartState.UNFULFILLABLE): ((310, 88), (230, 200), (205, 150)),
    (PartState.DUE, PartState.CANCELLED): ((355, 88), (355, 350), (363, 310)),
    (PartState.BACKORDERED, PartState.ALLOCATED): ((530, 200), (600, 88), (510, 120)),
    (PartState.ALLOCATED, PartState.BACKORDERED): ((640, 88), (570, 200), (612, 150)),
    (PartState.BACKORDERED, PartState.UNFULFILLABLE): ((430, 214), (290, 214), (366, 208)),
    (PartState.UNFULFILLABLE, PartState.BACKORDERED): ((290, 236), (430, 236), (372, 252)),
    (PartState.BACKORDERED, PartState.CANCELLED): ((505, 248), (505, 350), (513, 310)),
    (PartState.UNFULFILLABLE, PartState.CANCELLED): ((210, 248), (210, 350), (218, 310)),
    (PartState.ALLOCATED, PartState.SHIPPED): ((730, 64), (830, 64), (738, 56)),
    (PartState.ALLOCATED, PartState.CANCELLED): ((700, 88), (700, 350), (708, 310)),
}

HEAD = """<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {0} {1}" width="{0}" height="{1}" role="img">
<title>The life of a part</title>
<defs><marker id="tip" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" markerHeight="8" orient="auto">
<path d="M0 0 8 4 0 8z" fill="#555"/></marker></defs>
<g font-family="sans-serif" font-size="13" fill="#222">
<rect width="{0}" height="{1}" fill="#fff"/>"""


def draw() -> str:
    """Return the picture."""
    boxes = [line for state in PartState for line in _box(state)]
    arrows = [line for pair in _between_states() for line in _arrow(*pair)]
    return "\n".join([HEAD.format(*SIZE), *boxes, *arrows, "</g>", "</svg>", ""])


def _between_states() -> list[tuple[PartState, PartState]]:
    """Return each way from one state to another, once."""
    return list(dict.fromkeys((state, end) for (state, _), end in TRANSITIONS.items() if end is not state))


def _box(state: PartState) -> list[str]:
    left, top, width = BOXES[state]
    middle, stays = left + width / 2, _actions(state, state)
    first = 29 if not stays else 20
    return [
        f'<rect x="{left}" y="{top}" width="{width}" height="{HEIGHT}" rx="8" fill="#eef3fb" stroke="#3b6db3"/>',
        f'<text x="{middle:g}" y="{top + first}" text-anchor="middle" font-weight="bold">{state.name}</text>',
        *(
            f'<text x="{middle:g}" y="{top + 38}" text-anchor="middle" font-size="11">stays: {name}</text>'
            for name in [", ".join(stays)]
            if stays
        ),
    ]


def _arrow(state: PartState, end: PartState) -> list[str]:
    (x1, y1), (x2, y2), (x, y) = ARROWS[state, end]
    words = _actions(state, end)
    guards = [f"[{name}]" for action in words for name in GUARDS.get(action, {})]
    return [
        f'<line x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}" stroke="#555" marker-end="url(#tip)"/>',
        f'<text x="{x}" y="{y}">{", ".join(words)}</text>',
        *(f'<text x="{x}" y="{y + 24 + 14 * row}" font-size="11">{name}</text>' for row, name in enumerate(guards)),
    ]


def _actions(state: PartState, end: PartState) -> list[str]:
    return [action for (start, action), found in TRANSITIONS.items() if start is state and found is end]


if __name__ == "__main__":
    PICTURE.write_text(draw(), encoding="utf-8")
