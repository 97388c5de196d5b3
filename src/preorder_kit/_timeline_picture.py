"""A SKU day by day as a picture: what there is and can be promised above, what comes and is owed below."""

from __future__ import annotations

import datetime as dt
import textwrap
from collections.abc import Iterator, Sequence

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.text import Annotation
from matplotlib.ticker import FuncFormatter, MaxNLocator

from ._plot_layout import (
    Name,
    Side,
    bar_width,
    cut,
    days_wide,
    named_days,
    number,
    place,
    shortages,
    side,
)
from ._plot_style import Look, tell
from ._timeline import Named, Timeline, TimelineDay, day_in_words, days_in_words
from .quantities import UNLIMITED, Quantity

# Okabe and Ito's colours, told apart by the colour-blind; lightness and hatches tell them apart in grey.
_PROMISED: Look = {"facecolor": "#56b4e9", "edgecolor": "none"}
_BALANCE: Look = {"color": "#202040", "linewidth": 1.8}
_SAFETY: Look = {"color": "#606060", "linewidth": 1.2, "linestyle": "--"}
_SHORT: Look = {"facecolor": "#f7c9a8", "edgecolor": "#b34700", "hatch": "xxxx", "linewidth": 0}
_NO_LIMIT: Look = {"facecolor": "#e8f4fb", "edgecolor": "#56b4e9", "hatch": "..", "linewidth": 0}
_COMES: Look = {"facecolor": "#009e73", "edgecolor": "#005a41", "linewidth": 0.6}
_OWED: Look = {"facecolor": "#fbe3b0", "edgecolor": "#8a5f00", "linewidth": 0.6, "hatch": "////"}
_PLATE: Look = {"facecolor": "white", "edgecolor": "none", "alpha": 0.85, "boxstyle": "round,pad=0.2"}

# In inches: the picture, its upper panel, the bars of its lower one, and what is around both.
_WIDTH, _STOCK, _BARS, _MARGINS = 8.0, 2.8, 1.1, 1.2
_NAME_SIZE = 9
_LONGEST_SKU, _LONGEST_LINE = 120, 60
_MOST_DAYS_NAMED, _MOST_DAYS_TOLD, _MOST_IN_A_LINE = 10, 30, 5


def draw_timeline(line: Timeline) -> Figure:
    """Return a figure of two panels, or of one if nothing comes and nothing is owed."""
    up, down = side(line, comes=True), side(line, comes=False)
    heights = [_STOCK, _BARS + up.depth + down.depth][: 2 if up.bars or down.bars else 1]
    figure = Figure(figsize=(_WIDTH, _MARGINS + sum(heights)), layout="constrained")
    panels = figure.subplots(len(heights), sharex=True, squeeze=False, height_ratios=heights)[:, 0]
    key = _draw_stock(panels[0], line)
    if len(heights) > 1:
        key += _draw_moves(panels[1], line, up, down)
    _name_days(panels[-1], line)
    columns = len(key) if len(key) <= _MOST_IN_A_LINE else _MOST_IN_A_LINE // 2 + 1
    figure.legend(handles=key, loc="outside lower center", ncols=columns, frameon=False)
    figure.draw_without_rendering()
    figure.set_layout_engine("none")  # laid out once: each time moves it by a billionth, and its bytes with it
    tell(figure, _title(line).replace("\n", " "), list(_in_words(line)))
    return figure


def _draw_stock(axes: Axes, line: Timeline) -> list[Artist]:
    """Draw what there is and what can be promised; return what the legend explains."""
    bounded = [day for day in line.days if day.balance is not UNLIMITED]
    unbounded = line.days[len(bounded) :]
    end = place(unbounded[0].day) if unbounded else place(line.until) + 1
    key: list[Artist] = []
    if bounded:
        key += _draw_balance(axes, line, bounded, [*(place(day.day) for day in bounded), end])
    else:
        axes.set(ylim=(0, 1), yticks=())
    if unbounded:
        key.append(_draw_no_limit(axes, end, line))
    axes.axhline(0, color="black", linewidth=0.8)
    axes.set_title(_title(line), loc="left", fontsize=11, fontweight="bold")
    return key


def _draw_balance(axes: Axes, line: Timeline, days: Sequence[TimelineDay], edges: Sequence[int]) -> list[Artist]:
    balance = [float(day.balance) for day in days if day.balance is not UNLIMITED]
    promised = [float(day.available) for day in days if day.available is not UNLIMITED]
    lowest, highest = min(0.0, *balance), max(float(line.safety_stock), *balance)
    axes.stairs(promised, edges, fill=True, **_PROMISED)
    axes.stairs(balance, edges, baseline=None, **_BALANCE)
    key: list[Artist] = [Patch(**_PROMISED, label="can be promised"), Line2D([], [], **_BALANCE, label="balance")]
    if line.safety_stock:
        axes.hlines(line.safety_stock, edges[0], edges[-1], **_SAFETY)
        key.append(Line2D([], [], **_SAFETY, label=f"safety stock, {number(line.safety_stock)}"))
    if lowest < 0:
        axes.stairs([min(0.0, units) for units in balance], edges, fill=True, **_SHORT)
        key.append(Patch(**_SHORT, label="short"))
        for name in shortages(balance, edges, line):
            words = _write(axes, name, -1, upright=False)
            words.set(color=_SHORT["edgecolor"], fontweight="bold", bbox=_PLATE)
    axes.set_ylim(lowest * 1.3, highest * 1.1 or 1)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=6, integer=True))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda units, _: number(units)))
    axes.set_ylabel("units")
    return key


def _draw_no_limit(axes: Axes, begin: int, line: Timeline) -> Patch:
    end = place(line.until) + 1
    said = "no limit" if begin == place(line.start) else f"no limit from {day_in_words(dt.date.fromordinal(begin))} on"
    axes.axvspan(begin, end, **_NO_LIMIT)
    axes.text(
        (begin + end) / 2,
        0.5,
        said,
        transform=axes.get_xaxis_transform(),
        rotation="horizontal" if end - begin > days_wide(said, line) else "vertical",
        horizontalalignment="center",
        verticalalignment="center",
        bbox=_PLATE,
    )
    return Patch(**_NO_LIMIT, label="no limit")


def _draw_moves(axes: Axes, line: Timeline, up: Side, down: Side) -> list[Artist]:
    """Draw what comes and what is owed, on one scale, with room for the names above and below."""
    key = [
        *_draw_side(axes, up, bar_width(line), look=_COMES, label="comes"),
        *_draw_side(axes, down, bar_width(line), look=_OWED, label="owed"),
    ]
    an_inch = (up.reach + down.reach) / _BARS or 1
    axes.set_ylim(-down.reach - down.depth * an_inch, up.reach + up.depth * an_inch)
    marks = MaxNLocator(nbins=4, integer=True).tick_values(-down.reach, up.reach)
    axes.set_yticks([units for units in marks if -down.reach <= units <= up.reach])
    axes.yaxis.set_major_formatter(FuncFormatter(lambda units, _: number(abs(units))))
    axes.axhline(0, color="black", linewidth=0.8)
    axes.set_ylabel("units a day")
    named, bars = len(up.names) + len(down.names), len(up.bars) + len(down.bars)
    if named < bars:
        axes.set_xlabel(f"{named} of {bars} bars are named")
    return key


def _draw_side(axes: Axes, drawn: Side, width: float, *, look: Look, label: str) -> list[Artist]:
    if not drawn.bars:
        return []
    axes.bar([bar.place for bar in drawn.bars], [drawn.sign * bar.size for bar in drawn.bars], width, **look)
    for name in drawn.names:
        _write(axes, name, drawn.sign, upright=drawn.upright)
    return [Patch(**look, label=label)]


def _write(axes: Axes, name: Name, sign: int, *, upright: bool) -> Annotation:
    """Write a name at the end of its bar, which stands up or hangs down."""
    return axes.annotate(
        name.words,
        (name.place, sign * name.size),
        xytext=(0, 3 * sign),
        textcoords="offset points",
        rotation="vertical" if upright else "horizontal",
        horizontalalignment="center",
        verticalalignment="bottom" if sign > 0 else "top",
        fontsize=_NAME_SIZE,
    )


def _name_days(axes: Axes, line: Timeline) -> None:
    """Name some days under the axis."""
    days = named_days(line.start, line.length, _MOST_DAYS_NAMED)
    axes.set_xlim(place(line.start), place(line.until) + 1)
    axes.set_xticks([place(day) + 0.5 for day in days], [*days.values()])
    for panel in axes.figure.axes:
        panel.grid(axis="x", color="#e0e0e0", linewidth=0.6)


def _title(line: Timeline) -> str:
    sku, days = cut(line.sku, _LONGEST_SKU), days_in_words(line.start, line.until)
    together = f"{sku}, {days}"
    return together if len(together) <= _LONGEST_LINE else "\n".join([*textwrap.wrap(sku, _LONGEST_LINE), days])


def _in_words(line: Timeline) -> Iterator[str]:
    """Yield what the picture shows of each day, for those who do not see it; of very many days of the first ones."""
    yield f"On hand: {_units(line.on_hand)}. Safety stock: {number(line.safety_stock)}."
    for day in line.days[:_MOST_DAYS_TOLD]:
        moves = [*_moves("comes", day.receipts), *_moves("owed", day.orders)]
        if day.short:
            moves.append(f"{number(day.short)} short")
        facts = [*moves, f"balance {_units(day.balance)}", f"can be promised {_units(day.available)}"]
        yield f"{day_in_words(day.day)}: {', '.join(facts)}."
    if len(line.days) > _MOST_DAYS_TOLD:
        yield f"{len(line.days) - _MOST_DAYS_TOLD} more days on which something changes."


def _moves(what: str, entries: Named) -> Iterator[str]:
    if entries:
        yield f"{number(sum(units for _, units in entries))} {what}"


def _units(units: Quantity) -> str:
    return "no limit" if units is UNLIMITED else number(units)
