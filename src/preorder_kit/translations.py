"""The messages of `messages` in other languages: the words from here, days, numbers and plurals by Babel.

Days are written as is usual where the shopper is, day first in the United Kingdom and month first in the United States,
with whole months, and ranges with a dash. English differs in this alone from a message's own text, in which a range is
``20 to 23 May 2027`` for everybody. Needs the extra ``i18n``.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.numbers import format_decimal

from ._checks import instance, refused, text
from ._languages import LANGUAGES as _TEXTS
from ._wording import ENGLISH, Language, write
from .messages import Message

__all__ = ["LANGUAGES", "translate"]

#: The codes of the languages that there are words for.
LANGUAGES: tuple[str, ...] = tuple(sorted([*_TEXTS, "en"]))

_WORDS = {**_TEXTS, "en": ENGLISH.texts}
# Who asks for Norwegian, or for Nynorsk, reads Bokmål.
_STAND_INS = {"nn": "nb", "no": "nb"}
_SHORT_MONTH = re.compile(r"(?<!M)MMM(?!M)")
_THIN_SPACES = re.compile("[\N{THIN SPACE}\N{NARROW NO-BREAK SPACE}]")


def translate(message: Message, /, *, locale: str) -> str:
    """Write a message in another language.

    Args:
        message: What is said, as `describe` and its companions return it.
        locale: A language, with or without a region and a script, as in ``de``, ``de_AT`` or ``de-AT``. A region that
            nothing is known of is left out.

    Returns:
        The text, for the message's place. No range is reversed, and a year is shown just where the message's own text
        shows one.

    Raises:
        InvalidArgument: If there are no words for the language (``locale.unknown``): `LANGUAGES` lists those that there
            are.

    Examples:
        A backorder in Austria and in Japan:

        >>> import datetime as dt
        >>> from preorder_kit import DateRange, Stock
        >>> from preorder_kit import describe_stock
        >>> from preorder_kit.translations import translate
        >>> message = describe_stock(
        ...     Stock(availability="backorder", quantity=12),
        ...     delivery=DateRange(dt.date(2027, 1, 18), dt.date(2027, 1, 18)),
        ...     place="product_page",
        ...     at=dt.datetime(2026, 11, 22, 9, tzinfo=dt.timezone.utc),
        ...     zone="Europe/Vienna",
        ... )
        >>> translate(message, locale="de_AT")
        'Nachbestellt, Lieferung 18. Jänner 2027'
        >>> translate(message, locale="ja")
        'お取り寄せ、お届け予定 2027年1月18日'

        A language without words:

        >>> translate(message, locale="tlh")  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        ...
        preorder_kit.errors.InvalidArgument: locale: must be one of da, de, en, es, ... (got 'tlh')
    """
    instance(message, "message", of=Message)
    language = _language(text(locale, "locale"))
    return write(message.code, message.params, place=message.place, language=language)


def _language(name: str) -> Language:
    for candidate in _parents(name.strip().replace("-", "_")):
        try:
            found = Locale.parse(candidate)
        except (UnknownLocaleError, ValueError):
            continue
        code = _STAND_INS.get(found.language, found.language)
        if code in _WORDS:
            return _spoken(code, found)
    raise refused("locale", f"must be one of {', '.join(LANGUAGES)}, or a region's", name, code="locale.unknown")


def _parents(name: str) -> Iterator[str]:
    """Yield a name, then what is left of it without its last part, until one part is left."""
    parts = name.split("_")
    for length in range(len(parts), 0, -1):
        yield "_".join(parts[:length])


def _spoken(code: str, locale: Locale) -> Language:
    return Language(
        texts=_WORDS[code],
        days=lambda first, last, year: _days(first, last, year, locale),
        number=lambda number: format_decimal(number, locale=locale),
        plural=locale.plural_form,
    )


def _days(first: dt.date, last: dt.date, year: int, locale: Locale) -> str:
    with_year = not first.year == last.year == year
    skeletons = ("yMMMMd", "yMMMd") if with_year else ("MMMMd", "MMMd")
    if first == last:
        patterns = locale.datetime_skeletons
        pattern = next(patterns[name].pattern for name in skeletons if name in patterns)
        return _formatted(last, pattern, locale)
    intervals = locale.interval_formats
    begin, end = next(intervals[name] for name in skeletons if name in intervals)[_apart(first, last)]
    return _formatted(first, begin, locale) + _formatted(last, end, locale)


def _apart(first: dt.date, last: dt.date) -> str:
    """Return the field of a date pattern in which two days of a range differ first."""
    if first.year != last.year:
        return "y"
    return "M" if first.month != last.month else "d"


def _formatted(day: dt.date, pattern: str, locale: Locale) -> str:
    # A short month may end in a full stop, which no sentence can take.
    whole = _SHORT_MONTH.sub("MMMM", pattern)
    return _THIN_SPACES.sub(" ", format_date(day, whole, locale=locale))
