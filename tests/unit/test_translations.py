"""Every message in every language, as reviewed in messages.json, and what languages have in common.

For each case the document has the code, the parameters, and per locale three texts: of a listing page, a line of the
cart, and a confirmation.
"""

import json
import re
import string
from pathlib import Path

import pytest

from preorder_kit import InvalidArgument, Message
from preorder_kit._languages import LANGUAGES as TEXTS
from preorder_kit._wording import ENGLISH
from preorder_kit.translations import LANGUAGES, translate

GOLDEN = json.loads((Path(__file__).parents[1] / "golden" / "messages.json").read_text(encoding="utf-8"))
PLACES = ("listing_page", "cart_line", "confirmation")
LOCALES = ("da", "de", "de_AT", "en_GB", "en_US", "es", "fr", "ja", "nb", "nl", "sv")
ROWS = {**TEXTS, "en": ENGLISH.texts}
# Rows that only stand around others, or inside them.
AROUND = {"dated", "undated", "units", "parcel"}


def message(code, params, place="cart_line"):
    return Message(code=code, params=params, place=place, text="-")


def said(case, locale):
    found = GOLDEN[case]
    return [translate(message(found["code"], found["params"], place), locale=locale) for place in PLACES]


def dates(days, year=2026):
    first, _, last = days.partition("/")
    return message("delivery.dated", {"earliest": first, "latest": last or first, "year": year}, "listing_page")


def slots(text):
    return {name for form in text.split("|") for _, name, _, _ in string.Formatter().parse(form) if name}


@pytest.mark.parametrize("case", GOLDEN)
def test_the_texts_are_those_that_were_reviewed(case):
    assert {locale: said(case, locale) for locale in LOCALES} == GOLDEN[case]["texts"]


def test_every_row_has_a_reviewed_text():
    codes = {found["code"] for found in GOLDEN.values()}
    rows = (
        codes | {code.rpartition(".")[0] for code in codes} | {found["params"].get("why") for found in GOLDEN.values()}
    )
    assert set(ENGLISH.texts) - AROUND <= rows
    assert {locale.partition("_")[0] for locale in LOCALES} == set(LANGUAGES)


@pytest.mark.parametrize("language", TEXTS)
def test_every_language_has_every_row_and_fills_it_with_the_same(language):
    rows = TEXTS[language]
    assert list(rows) == list(ENGLISH.texts)
    for code, english in ENGLISH.texts.items():
        for tone in range(3):
            here, there = (texts[tone * len(texts) // 3] for texts in (rows[code], english))
            assert slots(here) == slots(there), (code, tone)
            assert [slots(form) for form in here.split("|")] == [slots(here)] * (here.count("|") + 1)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_ends_and_a_phrase_does_not(language):
    for code, texts in ROWS[language].items():
        if code in AROUND or len(texts) == 1:
            continue
        *phrases, sentence = texts
        assert sentence.endswith((".", "。", "{why}")), code
        assert not any(phrase.endswith((".", "。")) for phrase in phrases), code


def test_no_two_codes_read_the_same_in_a_confirmation_unless_they_do_in_english():
    for language, rows in ROWS.items():
        for code, texts in rows.items():
            same = {other for other in rows if rows[other][-1] == texts[-1]}
            assert same == {other for other in rows if ENGLISH.texts[other][-1] == ENGLISH.texts[code][-1]}, language


_SHORT = {"January": "Jan", "February": "Feb", "March": "Mar", "April": "Apr", "August": "Aug", "September": "Sep"}
_SHORT |= {"October": "Oct", "November": "Nov", "December": "Dec"}


@pytest.mark.parametrize("case", GOLDEN)
def test_english_differs_in_how_days_are_written_alone(case):
    british = said(case, "en_GB")
    for whole, short in _SHORT.items():
        british = [text.replace(whole, short) for text in british]
    assert [re.sub(" ?– ?", " to ", text) for text in british] == GOLDEN[case]["built_in"]  # noqa: RUF001


# locale: one day, in one month, over the end of a month, over the end of a year
_DAYS = {
    "en_US": ("May 3", "May 20 – 23", "May 28 – June 2", "December 30, 2026 – January 3, 2027"),  # noqa: RUF001
    "en_GB": ("3 May", "20–23 May", "28 May – 2 June", "30 December 2026 – 3 January 2027"),  # noqa: RUF001
    "sv": ("3 maj", "20–23 maj", "28 maj – 2 juni", "30 december 2026–3 januari 2027"),  # noqa: RUF001
    "nb": ("3. mai", "20.–23. mai", "28. mai–2. juni", "30. desember 2026–3. januar 2027"),  # noqa: RUF001
    "da": ("3. maj", "20.–23. maj", "28. maj–2. juni", "30. december 2026–3. januar 2027"),  # noqa: RUF001
    "de": ("3. Mai", "20.–23. Mai", "28. Mai – 2. Juni", "30. Dezember 2026 – 3. Januar 2027"),  # noqa: RUF001
    "de_AT": ("3. Mai", "20.–23. Mai", "28. Mai – 2. Juni", "30. Dezember 2026 – 3. Jänner 2027"),  # noqa: RUF001
    "fr": ("3 mai", "20–23 mai", "28 mai – 2 juin", "30 décembre 2026 – 3 janvier 2027"),  # noqa: RUF001
    "nl": ("3 mei", "20–23 mei", "28 mei – 2 juni", "30 december 2026 – 3 januari 2027"),  # noqa: RUF001
    "es": (
        "3 de mayo",
        "20–23 de mayo",  # noqa: RUF001
        "28 de mayo – 2 de junio",  # noqa: RUF001
        "30 de diciembre de 2026 – 3 de enero de 2027",  # noqa: RUF001
    ),
    "ja": ("5月3日", "5月20日～23日", "5月28日～6月2日", "2026年12月30日～2027年1月3日"),  # noqa: RUF001
}
_GIVEN = ("2026-05-03", "2026-05-20/2026-05-23", "2026-05-28/2026-06-02", "2026-12-30/2027-01-03")


@pytest.mark.parametrize(("locale", "written"), _DAYS.items(), ids=_DAYS)
def test_days_are_written_as_is_usual_there(locale, written):
    assert tuple(translate(dates(given), locale=locale) for given in _GIVEN) == written


@pytest.mark.parametrize("locale", LOCALES)
def test_a_year_is_shown_just_where_it_is_not_the_present_one(locale):
    for given in _GIVEN[:3]:
        assert "2026" not in translate(dates(given), locale=locale)
        assert "2026" in translate(dates(given, year=2025), locale=locale)
    for year in (2026, 2027):
        written = translate(dates(_GIVEN[3], year=year), locale=locale)
        assert ("2026" in written, "2027" in written) == (True, True)


# what is asked for: what is answered like it
_LOCALES = {
    "de-AT": "de_AT",
    "de-XX": "de",
    "de_XX_foo_bar": "de",
    " sv_SE ": "sv",
    "SV": "sv",
    "nb-NO": "nb",
    "no": "nb",
    "nn_NO": "nb",
    "en": "en_US",
    "en-Latn-GB": "en_GB",
    "fr_CA": "fr_CA",
    "ja_JP": "ja",
}


@pytest.mark.parametrize(("asked", "answered"), _LOCALES.items(), ids=_LOCALES)
def test_a_locale_is_answered_with_what_is_nearest(asked, answered):
    for case in GOLDEN:
        assert said(case, asked) == said(case, answered)


@pytest.mark.parametrize("locale", ["tlh", "fi", "zh_Hant_TW", "x", "-", "_", "english"])
def test_a_language_without_words_is_refused_with_the_list(locale):
    with pytest.raises(InvalidArgument, match="must be one of da, de, en, es, fr, ja, nb, nl, sv, or a reg") as caught:
        translate(dates("2026-05-03"), locale=locale)
    assert caught.value.code == "locale.unknown"
    assert caught.value.value == locale


@pytest.mark.parametrize(("locale", "error"), [("", "locale: must be text"), (None, "locale: must be text")])
def test_a_locale_is_text(locale, error):
    with pytest.raises(InvalidArgument, match=error):
        translate(dates("2026-05-03"), locale=locale)


def test_what_is_no_message_is_refused():
    with pytest.raises(InvalidArgument, match="message: must be a Message"):
        translate("in_stock", locale="de")


def test_numbers_are_written_as_is_usual_there():
    many = message("in_stock", {"units": 12_000}, "cart_line")
    assert translate(many, locale="de") == "12.000 Artikel: Auf Lager"
    assert translate(many, locale="en") == "12,000 items: In stock"


def test_one_and_many_are_told_apart():
    one, two = (message("in_stock", {"units": units}) for units in (1, 2))
    assert [translate(item, locale="sv") for item in (one, two)] == ["1 vara: I lager", "2 varor: I lager"]
    assert [translate(item, locale="ja") for item in (one, two)] == ["1点：在庫あり", "2点：在庫あり"]  # noqa: RUF001
    million = message("in_stock", {"units": 1_000_000})
    assert translate(million, locale="es") == "1.000.000 artículos: En stock"
