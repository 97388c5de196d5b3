"""Pictures for planners: what comes of a SKU, what is owed of it, and what can be promised. Needs the extra ``plot``.

No window is opened, and how other figures look stays as it is. The same arguments give the same picture, whatever the
language of the machine and the settings of its matplotlib.
"""

from __future__ import annotations

import datetime as dt
import io
import textwrap
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import StrEnum
from typing import Any

import matplotlib as mpl
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.text import Annotation
from matplotlib.ticker import FuncFormatter, MaxNLocator

from ._checks import instance, member, refused
from ._plot_layout import Name, Side, bar_width, cut, days_wide, number, place, shortages, side
from ._supply import Supply
from ._timeline import Timeline, TimelineDay, day_in_words, days_in_words, short_day, ticks
from ._timeline import timeline as timeline_of
from .quantities import UNLIMITED

__all__ = ["PictureFormat", "picture_bytes", "timeline_picture"]

_Look = dict[str, Any]  # keyword arguments of matplotlib, whose types are as many as they are

_STYLE: _Look = {
    "font.size": 9,
    "text.parse_math": False,  # a SKU may hold dollar signs
    "hatch.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "svg.fonttype": "none",  # letters stay letters: to be searched, copied and read aloud
    "svg.hashsalt": "preorder_kit",
}
# Okabe and Ito's colours, told apart by the colour-blind; lightness and hatches tell them apart in grey.
_PROMISED: _Look = {"facecolor": "#56b4e9", "edgecolor": "none"}
_BALANCE: _Look = {"color": "#202040", "linewidth": 1.8}
_SAFETY: _Look = {"color": "#606060", "linewidth": 1.2, "linestyle": "--"}
_SHORT: _Look = {"facecolor": "#f7c9a8", "edgecolor": "#b34700", "hatch": "xxxx", "linewidth": 0}
_NO_LIMIT: _Look = {"facecolor": "#e8f4fb", "edgecolor": "#56b4e9", "hatch": "..", "linewidth": 0}
_COMES: _Look = {"facecolor": "#009e73", "edgecolor": "#005a41", "linewidth": 0.6}
_OWED: _Look = {"facecolor": "#fbe3b0", "edgecolor": "#8a5f00", "linewidth": 0.6, "hatch": "////"}
_PLATE: _Look = {"facecolor": "white", "edgecolor": "none", "alpha": 0.85, "boxstyle": "round,pad=0.2"}

# In inches: the picture, its upper panel, the bars of its lower one, and what is around both.
_WIDTH, _STOCK, _BARS, _MARGINS = 10.0, 3.4, 1.1, 1.2
_NAME_SIZE = 8
_LONGEST_SKU, _LONGEST_LINE = 120, 60
_MOST_DAYS_NAMED = 11
_LARGEST = 10**300


class PictureFormat(StrEnum):
    """What a picture is written in.

    SVG: scales, and its words can be searched. PNG: shown everywhere.
    """

    SVG = "svg"
    PNG = "png"


def timeline_picture(
    supply: Supply,
    /,
    *,
    sku: str,
    start: dt.date,
    until: dt.date | None = None,
    overdue: int | None = None,
    but_for: str = "",
) -> Figure:
    """Draw what `balance_timeline` and `atp_timeline` say of ``sku``.

    Above, the balance is a line, and what can be promised an area under it; what is owed and not covered hangs below
    zero, hatched, with the most that is short. From a replenishment on there is no limit, and no line. Below it, what
    comes stands up with its reference, and what is owed hangs down with its order. Where there is no room for all
    names, the largest have theirs.

    Args:
        supply: One location.
        sku: A SKU on a shelf, not a bundle.
        start: Today, at the location: the first day.
        until: The last day; ``None``: a week after the last day on which something changes.
        overdue: How many days from ``start`` on the receipts count whose day has passed; ``None``: they do not count.
        but_for: An order whose own commitments are left out.

    Returns:
        A figure of matplotlib that belongs to no window; `picture_bytes` writes it.

    Raises:
        InvalidArgument: If ``start`` or ``until`` is no day, ``until`` before ``start``, ``sku`` no text, ``overdue``
            negative, or a number of units too large to be drawn.
        NoWorkingDay: If the calendar of the SKU's replenishment has no working day for 366 days.

    Examples:
        A picture as SVG:

        >>> import datetime as dt
        >>> from preorder_kit import Receipt, Supply
        >>> from preorder_kit.plots import picture_bytes, timeline_picture
        >>> receipt = Receipt(sku="CD", quantity=40, expected=dt.date(2026, 12, 10), reference="PO2002")
        >>> supply = Supply(on_hand={"CD": 10}, receipts=[receipt])
        >>> figure = timeline_picture(supply, sku="CD", start=dt.date(2026, 11, 22))
        >>> b"40 PO2002" in picture_bytes(figure, format="svg")
        True

        A SKU that the supply does not name has nothing, and a picture that says so:

        >>> figure = timeline_picture(supply, sku="LP", start=dt.date(2026, 11, 22))
        >>> figure.axes[0].get_title(loc="left")
        'LP, 22 Nov to 29 Nov 2026'
    """
    line = timeline_of(supply, sku=sku, start=start, until=until, overdue=overdue, but_for=but_for)
    _refuse_numbers_too_large(line)
    up, down = side(line, comes=True), side(line, comes=False)
    heights = [_STOCK, _BARS + up.depth + down.depth][: 2 if up.bars or down.bars else 1]
    with _settings():
        figure = Figure(figsize=(_WIDTH, _MARGINS + sum(heights)), layout="constrained")
        panels = figure.subplots(len(heights), sharex=True, squeeze=False, height_ratios=heights)[:, 0]
        key = _draw_stock(panels[0], line)
        if len(heights) > 1:
            key += _draw_moves(panels[1], line, up, down)
        _name_days(panels[-1], line)
        figure.legend(handles=key, loc="outside lower center", ncols=len(key), frameon=False)
        figure.draw_without_rendering()
        figure.set_layout_engine("none")  # laid out once: each time moves it by a billionth, and its bytes with it
    return figure


def picture_bytes(figure: Figure, /, *, format: PictureFormat) -> bytes:
    """Write a figure as a picture.

    Args:
        figure: What `timeline_picture` drew.
        format: What to write it in.

    Returns:
        The content of the file; without the day and the version of matplotlib, so that the same figure gives the same
        bytes. Letters that the font of matplotlib does not have are empty boxes in a PNG.

    Raises:
        InvalidArgument: If ``format`` is none, or ``figure`` no figure.

    Examples:
        Two formats:

        >>> import datetime as dt
        >>> from preorder_kit import Supply
        >>> from preorder_kit.plots import picture_bytes, timeline_picture
        >>> figure = timeline_picture(Supply(on_hand={"CD": 3}), sku="CD", start=dt.date(2026, 11, 22))
        >>> picture_bytes(figure, format="png")[1:4].decode()
        'PNG'

        Another one is refused:

        >>> picture_bytes(figure, format="pdf")
        Traceback (most recent call last):
        ...
        preorder_kit.errors.InvalidArgument: format: must be one of svg, png (got 'pdf')
    """
    instance(figure, "figure", of=Figure)
    unsaid = {PictureFormat.SVG: {"Date": None, "Creator": None}, PictureFormat.PNG: {"Software": None}}
    wanted = member(format, "format", of=PictureFormat)
    written = io.BytesIO()
    with _settings():
        figure.savefig(written, format=wanted.value, dpi=150, metadata=unsaid[wanted])
    return written.getvalue()


@contextmanager
def _settings() -> Iterator[None]:
    """Draw as this module says, whatever is set elsewhere, and leave that as it was."""
    with mpl.rc_context(), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing from")
        mpl.rcdefaults()
        mpl.rcParams.update(_STYLE)  # type: ignore[arg-type]  # its keys are named one by one
        yield


def _refuse_numbers_too_large(line: Timeline) -> None:
    for day in line.days:
        for quantity in (day.received, day.owed, day.balance, line.safety_stock):
            if quantity is not UNLIMITED and abs(quantity) >= _LARGEST:
                raise refused(
                    "supply", "must have fewer than 10**300 units to be drawn", quantity, code="units.invalid"
                )


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


def _draw_side(axes: Axes, drawn: Side, width: float, *, look: _Look, label: str) -> list[Artist]:
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
    """Name some days under the axis, and the year where it changes."""
    days = ticks(line.start, line.length, _MOST_DAYS_NAMED)
    years = [None, *(day.year for day in days)]
    names = [
        short_day(day) if day.year == before else f"{short_day(day)}\n{day.year}"
        for day, before in zip(days, years, strict=False)
    ]
    axes.set_xlim(place(line.start), place(line.until) + 1)
    axes.set_xticks([place(day) + 0.5 for day in days], names)
    for panel in axes.figure.axes:
        panel.grid(axis="x", color="#e0e0e0", linewidth=0.6)


def _title(line: Timeline) -> str:
    sku, days = cut(line.sku, _LONGEST_SKU), days_in_words(line.start, line.until)
    together = f"{sku}, {days}"
    return together if len(together) <= _LONGEST_LINE else "\n".join([*textwrap.wrap(sku, _LONGEST_LINE), days])
