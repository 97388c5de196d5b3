"""Pictures: what can be promised of a SKU, into what an order is split, and who gets what of what arrived.

They need the extra ``plot``. No window is opened, and how other figures look stays as it is. The same arguments give
the same picture, whatever the language of the machine and the settings of its matplotlib. Bars are told apart by
lightness and hatches too, and each picture says in words what it shows, for those who do not see it.
"""

from __future__ import annotations

import datetime as dt
import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from xml.sax.saxutils import escape

import matplotlib as mpl
from matplotlib.figure import Figure

from ._checks import instance, instant, member
from ._plot_layout import refuse_too_large
from ._plot_rows import allocation_rows, plan_rows
from ._plot_style import Look, told
from ._rows_picture import draw_days, draw_units
from ._supply import Supply
from ._timeline import timeline as timeline_of
from ._timeline_picture import draw_timeline
from .splitting import SplitPlan
from .waiting_room import Allocation

__all__ = ["PictureFormat", "allocation_picture", "picture_bytes", "plan_picture", "timeline_picture"]

_STYLE: Look = {
    "font.size": 10,
    "text.parse_math": False,  # a SKU may hold dollar signs
    "hatch.linewidth": 0.8,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "svg.fonttype": "none",  # letters stay letters: to be searched, copied and read aloud
    "svg.hashsalt": "preorder_kit",
}


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
    for day in line.days:
        refuse_too_large((day.received, day.owed, day.balance, line.safety_stock), "supply")
    with _settings():
        return draw_timeline(line)


def plan_picture(plan: SplitPlan, /, *, at: dt.datetime, zone: str) -> Figure:
    """Draw what becomes of an order: each part from the day on which it is ready to the last on which it can arrive.

    A row for each part says its units, its id and what a shopper is told of it; the bar tells apart how long it waits,
    how long it is handled and on its way, and when it can arrive. Below are the units that are cancelled, with the
    reason. A part without a date that waits does so as far as the picture goes. The first 40 rows are drawn.

    Args:
        plan: What `split_order` made of the order; it has days if it was made with times.
        at: Now.
        zone: The IANA name of the time zone in which days are counted.

    Returns:
        A figure of matplotlib that belongs to no window; `picture_bytes` writes it.

    Raises:
        InvalidArgument: If ``plan`` is no plan, ``at`` has no offset, ``zone`` is no time zone, or a number of units is
            too large to be drawn.

    Examples:
        Eight ordered, three there, and one too many to wait:

        >>> import datetime as dt
        >>> from preorder_kit import LeadTime, Order, OrderLine, ShippingTimes, Supply, split_order
        >>> from preorder_kit.plots import picture_bytes, plan_picture
        >>> now = dt.datetime(2026, 11, 23, 9, tzinfo=dt.timezone.utc)
        >>> order = Order(id="O1", placed_at=now, lines=[OrderLine(id="1", sku="CD", quantity=8, when_short="wait")])
        >>> times = ShippingTimes(handling=LeadTime(0, 1), transit=LeadTime(2, 3))
        >>> plan = split_order(order, supply=Supply(on_hand={"CD": 3}), at=now, times=times, room={"CD": 4})
        >>> svg = picture_bytes(plan_picture(plan, at=now, zone="UTC"), format="svg").decode()
        >>> [words in svg for words in ("Ships now, arrives 25 to 27 Nov", "On backorder, date to follow", "Cancelled")]
        [True, True, True]

        All of it has been sent:

        >>> done = split_order(order, supply=Supply(on_hand={"CD": 8}), at=now).parts
        >>> rest = split_order(order, supply=Supply(on_hand={}), at=now, shipped=done)
        >>> plan_picture(rest, at=now, zone="UTC").texts[0].get_text()
        'Order O1 on 23 Nov 2026: nothing is left to send'
    """
    rows = plan_rows(instance(plan, "plan", of=SplitPlan), at=instant(at, "at"), zone=zone)
    with _settings():
        return draw_days(rows)


def allocation_picture(allocation: Allocation, /) -> Figure:
    """Draw who gets what of what arrived: a row for each line of the queue, in the order of their places.

    The bar is the line's claim: what it was granted before, what it is granted now and what it lacks, where lines on
    hold and lines that are not due are told apart. Under it stands the reason, in the words of `explain`. The first 40
    lines are drawn; what is granted in all counts the others too.

    Args:
        allocation: What `allocate` found.

    Returns:
        A figure of matplotlib that belongs to no window; `picture_bytes` writes it.

    Raises:
        InvalidArgument: If ``allocation`` is none, or a number of units is too large to be drawn.

    Examples:
        Two units, and three orders that want one each:

        >>> import datetime as dt
        >>> from preorder_kit import WaitingLine, allocate
        >>> from preorder_kit.plots import allocation_picture, picture_bytes
        >>> now = dt.datetime(2026, 11, 22, 9, tzinfo=dt.timezone.utc)
        >>> def line(order, **more):
        ...     return WaitingLine(order_id=order, line_id="1", sku="LP", quantity=1, placed_at=now, **more)
        >>> queue = [line("O1"), line("O2", hold="unpaid"), line("O3")]
        >>> figure = allocation_picture(allocate(queue, available={"LP": 2}, at=now))
        >>> [words.get_text() for words in figure.texts]
        ['2 of 3 units granted', 'left over: 0 LP']
        >>> "it is on hold (unpaid) and keeps its place" in picture_bytes(figure, format="svg").decode()
        True

        An empty queue:

        >>> allocation_picture(allocate([], available={"LP": 2}, at=now)).texts[0].get_text()
        'Nobody waits'
    """
    rows = allocation_rows(instance(allocation, "allocation", of=Allocation))
    with _settings():
        return draw_units(rows)


def picture_bytes(figure: Figure, /, *, format: PictureFormat) -> bytes:
    """Write a figure as a picture.

    Args:
        figure: What a function of this module drew.
        format: What to write it in.

    Returns:
        The content of the file; without the day and the version of matplotlib, so that the same figure gives the same
        bytes. An SVG says in a title and a description what it shows, a PNG in the texts of those names. Letters that
        the font of matplotlib does not have are empty boxes in a PNG.

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
    title, words = told(figure)
    said = {"Title": title, "Description": words} if title else {}
    written = io.BytesIO()
    with _settings():
        figure.savefig(written, format=wanted.value, dpi=150, metadata={**unsaid[wanted], **said})
    picture = written.getvalue()
    return _read_aloud(picture, words) if said and wanted is PictureFormat.SVG else picture


@contextmanager
def _settings() -> Iterator[None]:
    """Draw as this module says, whatever is set elsewhere, and leave that as it was."""
    with mpl.rc_context(), warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing from")
        mpl.rcdefaults()
        mpl.rcParams.update(_STYLE)  # type: ignore[arg-type]  # its keys are named one by one
        yield


def _read_aloud(svg: bytes, words: str) -> bytes:
    """Return an SVG that is one picture to who listens to it, with its description behind its title."""
    described = f"</title>\n <desc>{escape(words)}</desc>".encode()
    return svg.replace(b"<svg ", b'<svg role="img" ', 1).replace(b"</title>", described, 1)
