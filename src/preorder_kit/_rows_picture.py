"""Rows of bars with words beside them as a picture: under `plots`."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle
from matplotlib.ticker import FuncFormatter, MaxNLocator

from ._plot_layout import named_days, number
from ._plot_rows import Row, Rows, Shade, in_words
from ._plot_style import Look, tell

# Okabe and Ito's colours, told apart by the colour-blind; lightness and hatches tell them apart in grey.
_LOOKS: dict[Shade, Look] = {
    Shade.WAITS: {"facecolor": "#f4f4f4", "edgecolor": "#606060", "linestyle": ":"},
    Shade.UNDER_WAY: {"facecolor": "#0072b2", "edgecolor": "#004a73"},
    Shade.ARRIVES: {"facecolor": "#a9dbf5", "edgecolor": "#0072b2", "hatch": "//"},
    Shade.CANCELLED: {"facecolor": "#f7c9a8", "edgecolor": "#b34700", "hatch": "xxxx"},
    Shade.HELD: {"facecolor": "#004a73", "edgecolor": "#00324d"},
    Shade.ADDED: {"facecolor": "#56b4e9", "edgecolor": "#0072b2"},
    Shade.SHORT: {"facecolor": "#f7c9a8", "edgecolor": "#b34700", "hatch": "xxxx"},
    Shade.ON_HOLD: {"facecolor": "#f4f4f4", "edgecolor": "#606060", "hatch": "----"},
    Shade.NOT_DUE: {"facecolor": "#fbe3b0", "edgecolor": "#8a5f00", "hatch": "////"},
}

# In inches: the picture, what is at the left of its axis, above it and under it, and a row's bar and lines of text.
_WIDTH, _LEFT, _RIGHT, _ABOVE, _UNDER = 8.0, 2.3, 0.25, 0.45, 0.85
_BAR, _LINE, _GAP = 0.21, 0.185, 0.1
_HEAD_SIZE, _TAIL_SIZE, _WORDS_SIZE, _TITLE_SIZE = 10.5, 9, 10, 12
_MOST_DAYS_NAMED = 7


def draw_days(rows: Rows) -> Figure:
    """Return a figure of rows whose axis is one of days."""
    figure, axes = _drawn(rows)
    first, length = dt.date.fromordinal(int(rows.begin)), int(rows.end - rows.begin)
    days = named_days(first, length, _MOST_DAYS_NAMED)
    axes.set_xticks([day.toordinal() for day in days], [*days.values()], horizontalalignment="left")
    if rows.now > rows.begin:
        axes.axvline(rows.now, color="black", linewidth=1, linestyle="--")
    return figure


def draw_units(rows: Rows) -> Figure:
    """Return a figure of rows whose axis is one of units."""
    figure, axes = _drawn(rows)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=8, integer=True))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda units, _: number(units)))
    axes.set_xlabel("units")
    return figure


def _drawn(rows: Rows) -> tuple[Figure, Axes]:
    heights = [_height(row) for row in rows.rows]
    high = max(_LINE, sum(heights))
    total = _ABOVE + _LINE * bool(rows.note) + high + _UNDER
    figure = Figure(figsize=(_WIDTH, total))
    axes = figure.add_axes((_LEFT / _WIDTH, _UNDER / total, (_WIDTH - _LEFT - _RIGHT) / _WIDTH, high / total))
    axes.set(xlim=(rows.begin, rows.end), ylim=(high, 0), yticks=())
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x", color="#e0e0e0", linewidth=0.6)
    figure.text(0.1 / _WIDTH, 1 - 0.28 / total, rows.title, fontsize=_TITLE_SIZE, fontweight="bold")
    figure.text(0.1 / _WIDTH, 1 - 0.5 / total, rows.note, fontsize=_WORDS_SIZE)
    top = 0.0
    for row, height in zip(rows.rows, heights, strict=True):
        _draw_row(axes, row, top)
        top += height
        axes.axhline(top, color="#c8c8c8", linewidth=0.6)
    _explain(figure, rows.rows)
    tell(figure, rows.title, list(filter(None, [rows.note, *in_words(rows.rows)])))
    return figure, axes


def _height(row: Row) -> float:
    bold, plain = row.left
    left = (len(bold) + len(plain)) * _LINE
    return max(left, _BAR + len(row.below) * _LINE) + 2 * _GAP


def _draw_row(axes: Axes, row: Row, top: float) -> None:
    bold, plain = row.left
    beside = -(_LEFT - 0.1) / (_WIDTH - _LEFT - _RIGHT)
    for place, words in enumerate([*bold, *plain]):
        look = {"fontsize": _HEAD_SIZE, "fontweight": "bold"} if place < len(bold) else {"fontsize": _TAIL_SIZE}
        _write(axes, words, beside, top + _GAP + place * _LINE, look)
    for bar in row.bars:
        corner = bar.begin, top + _GAP
        axes.add_patch(Rectangle(corner, bar.end - bar.begin, _BAR * 0.85, linewidth=0.8, **_LOOKS[bar.shade]))
    for place, words in enumerate(row.below):
        _write(axes, words, 0.005, top + _GAP + _BAR + place * _LINE, {"fontsize": _WORDS_SIZE})


def _write(axes: Axes, words: str, along: float, down: float, look: Look) -> None:
    """Write a line, ``along`` being a part of the axis, ``down`` inches."""
    axes.text(along, down, words, transform=axes.get_yaxis_transform(), verticalalignment="top", **look)


def _explain(figure: Figure, rows: Sequence[Row]) -> None:
    """Explain the bars that there are, and no others."""
    seen = {bar.shade for row in rows for bar in row.bars}
    key = [Patch(**_LOOKS[shade], label=shade.value) for shade in Shade if shade in seen]
    if key:
        figure.legend(handles=key, loc="lower center", ncols=len(key), frameon=False, handlelength=2.2)
