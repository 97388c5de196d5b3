"""Units, UNLIMITED, exact shares, and money in minor units."""

import copy
import math
import operator
import pickle
from decimal import Decimal, localcontext
from enum import IntEnum

import pytest

from preorder_kit import (
    UNLIMITED,
    InvalidArgument,
    Unlimited,
    add_units,
    apportion,
    minor_digits,
    minor_units,
    take_units,
)
from preorder_kit.quantities import _bounded, _currency_code, _money_text, _quantity


class _Number(IntEnum):
    SEVEN = 7


_NUMBERS = {"negative": -5, "zero": 0, "one": 1, "large": 10**30}


_COMPARE = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "==": operator.eq,
    "!=": operator.ne,
}


@pytest.mark.parametrize(
    ("sign", "left", "right", "itself"),
    [
        ("<", False, True, False),
        ("<=", False, True, True),
        (">", True, False, False),
        (">=", True, False, True),
        ("==", False, False, True),
        ("!=", True, True, False),
    ],
    ids=_COMPARE,
)
@pytest.mark.parametrize("number", _NUMBERS.values(), ids=_NUMBERS)
def test_unlimited_is_above_every_number_and_equal_to_itself(number, sign, left, right, itself):
    compare = _COMPARE[sign]
    assert compare(UNLIMITED, number) is left
    assert compare(number, UNLIMITED) is right
    assert compare(UNLIMITED, Unlimited("unlimited")) is itself


@pytest.mark.parametrize("number", _NUMBERS.values(), ids=_NUMBERS)
def test_the_smaller_of_a_number_and_unlimited_is_the_number(number):
    assert min(UNLIMITED, number) == min(number, UNLIMITED) == number
    assert max(UNLIMITED, number) is max(number, UNLIMITED) is UNLIMITED
    assert sorted([UNLIMITED, number, -9]) == [-9, number, UNLIMITED]


@pytest.mark.parametrize("sign", ["<", "<=", ">", ">="])
@pytest.mark.parametrize("other", [5.0, math.inf, "5", None, Decimal(5)], ids=repr)
def test_unlimited_compares_with_nothing_but_quantities(other, sign):
    for pair in ((UNLIMITED, other), (other, UNLIMITED)):
        with pytest.raises(TypeError, match="not supported between"):
            _COMPARE[sign](*pair)


_ARITHMETIC = {
    "plus": lambda: UNLIMITED + 1,
    "plus on the right": lambda: 1 + UNLIMITED,
    "minus": lambda: UNLIMITED - 1,
    "times": lambda: UNLIMITED * 2,
    "divided": lambda: UNLIMITED // 2,
    "negative": lambda: -UNLIMITED,
    "as a number": lambda: int(UNLIMITED),
    "sum": lambda: sum([1, UNLIMITED]),
}


@pytest.mark.parametrize("calculate", _ARITHMETIC.values(), ids=_ARITHMETIC)
def test_unlimited_has_no_arithmetic(calculate):
    with pytest.raises(TypeError, match=r"unsupported operand|bad operand|int\(\) argument"):
        calculate()


def test_unlimited_is_one_whatever_happens_to_it():
    again = [
        copy.copy(UNLIMITED),
        copy.deepcopy(UNLIMITED),
        *(pickle.loads(pickle.dumps(UNLIMITED, n)) for n in range(6)),
    ]
    assert all(item is UNLIMITED for item in again)
    assert list(Unlimited) == [UNLIMITED]
    assert (repr(UNLIMITED), UNLIMITED.value) == ("UNLIMITED", "unlimited")
    assert len({UNLIMITED, Unlimited.UNLIMITED}) == 1


_SUMS = {
    "nothing": ([], 0),
    "numbers": ([5, -2, 4], 7),
    "unlimited first": ([UNLIMITED, 3], UNLIMITED),
    "unlimited last": ([3, -9, UNLIMITED], UNLIMITED),
    "a generator's": (range(4), 6),
}


@pytest.mark.parametrize(("quantities", "total"), _SUMS.values(), ids=_SUMS)
def test_quantities_add_up(quantities, total):
    assert add_units(quantities) == total


_LEFT = {
    "some": (5, 3, 2),
    "nothing": (3, 3, 0),
    "less than nothing": (3, 5, -2),
    "nothing taken": (-1, 0, -1),
    "of no bound": (UNLIMITED, 10**30, UNLIMITED),
}


@pytest.mark.parametrize(("available", "units", "left"), _LEFT.values(), ids=_LEFT)
def test_what_is_taken_is_no_longer_there(available, units, left):
    assert take_units(available, units=units) == left


@pytest.mark.parametrize(
    ("units", "bound", "expected"), [(5, 3, 3), (3, 5, 3), (3, 3, 3), (3, UNLIMITED, 3), (0, -1, -1)]
)
def test_a_bound_number_is_a_number(units, bound, expected):
    assert _bounded(units, bound) == expected


@pytest.mark.parametrize(
    ("value", "options"), [(0, {}), (UNLIMITED, {}), (-3, {"least": None}), (_Number.SEVEN, {})], ids=str
)
def test_a_quantity_passes_its_check(value, options):
    assert _quantity(value, "it", **options) == value


_NO_QUANTITY = {"negative": -1, "True": True, "float": 5.0, "infinity": math.inf, "text": "unlimited", "None": None}


@pytest.mark.parametrize(
    ("call", "path"),
    [
        pytest.param(lambda: take_units("few", units=1), "available", id="taken from a word"),
        pytest.param(lambda: take_units(True, units=1), "available", id="taken from a flag"),
        pytest.param(lambda: take_units(5, units=1.0), "units", id="a fraction is taken"),
        pytest.param(lambda: take_units(UNLIMITED, units="1"), "units", id="text is taken from no bound"),
        pytest.param(lambda: take_units(UNLIMITED, units=UNLIMITED), "units", id="no bound is taken"),
        pytest.param(lambda: add_units([1, 2.0]), "quantities[1]", id="a fraction is added"),
        pytest.param(lambda: add_units(7), "quantities", id="a number is added up"),
    ],
)
def test_what_is_no_quantity_is_neither_taken_nor_added(call, path):
    with pytest.raises(InvalidArgument) as caught:
        call()
    assert caught.value.path == path


@pytest.mark.parametrize("value", _NO_QUANTITY.values(), ids=_NO_QUANTITY)
def test_no_bound_is_said_as_unlimited_alone(value):
    with pytest.raises(InvalidArgument, match=r"^it: must be a whole number >= 0 \(got ") as caught:
        _quantity(value, "it")
    assert (caught.value.code, caught.value.path, caught.value.value) == ("units.invalid", "it", value)


_SHARES = {
    "ten in three": (1000, [1, 1, 1], (334, 333, 333)),
    "mirrored": (-1000, [1, 1, 1], (-334, -333, -333)),
    "two left over": (1001, [1, 1, 1], (334, 334, 333)),
    "two left over, mirrored": (-1001, [1, 1, 1], (-334, -334, -333)),
    "by weight": (100, [1, 2, 7], (10, 20, 70)),
    "a tie of three": (10, [1, 1, 4], (2, 2, 6)),  # 1.67, 1.67, 6.67: two left over, to the earlier
    "largest remainder last": (7, [2, 2, 3], (2, 2, 3)),
    "later remainder larger": (5, [3, 4], (2, 3)),  # 2.14, 2.86
    "one unit": (1, [1, 1], (1, 0)),
    "fewer units than shares": (2, [5, 5, 5, 5], (1, 1, 0, 0)),
    "a weight of 0": (5, [0, 1, 0, 1], (0, 3, 0, 2)),
    "one share": (-7, [3], (-7,)),
    "nothing to divide": (0, [2, 1], (0, 0)),
    "nothing to divide, no weight": (0, [0, 0], (0, 0)),
    "nothing to divide, no share": (0, [], ()),
    "large numbers": (10**30 + 1, [1, 1], (5 * 10**29 + 1, 5 * 10**29)),
    "many small remainders": (3, [1] * 7, (1, 1, 1, 0, 0, 0, 0)),
    "more seats than voters": (21, [6, 6, 2], (9, 9, 3)),
    "the paradox's smaller house": (10, [6, 6, 2], (4, 4, 2)),  # 4.29, 4.29, 1.43
    "the paradox's larger house": (11, [6, 6, 2], (5, 5, 1)),  # 4.71, 4.71, 1.57
}


@pytest.mark.parametrize(("total", "weights", "shares"), _SHARES.values(), ids=_SHARES)
def test_a_total_is_divided_by_the_largest_remainders(total, weights, shares):
    assert apportion(total, weights=weights) == shares
    assert sum(shares) == total


_WHOLE = r"must be a whole number.* \(got "
_NO_SHARES = {
    "no share": (1, [], ("weights.zero", "weights", []), r"^weights: must not all be 0 .* \(got \[\]\)$"),
    "no weight": (-1, [0, 0], ("weights.zero", "weights", [0, 0]), r"^weights: must not all be 0 .* \(got \[0, 0\]\)$"),
    "negative weight": (5, [1, -1], ("units.invalid", "weights[1]", -1), _WHOLE + r"-1\)$"),
    "float weight": (5, [0.5, 0.5], ("units.invalid", "weights[0]", 0.5), _WHOLE + r"0\.5\)$"),
    "bool weight": (5, [1, True], ("units.invalid", "weights[1]", True), _WHOLE + r"True\)$"),
    "float total": (5.0, [1], ("units.invalid", "total", 5.0), _WHOLE + r"5\.0\)$"),
    "bool total": (True, [1], ("units.invalid", "total", True), _WHOLE + r"True\)$"),
    "unlimited total": (UNLIMITED, [1], ("units.invalid", "total", UNLIMITED), _WHOLE + r"UNLIMITED\)$"),
    "weights as text": (5, "11", ("type.invalid", "weights", "11"), "must be a sequence"),
    "one weight": (5, 1, ("type.invalid", "weights", 1), "must be a sequence"),
}


@pytest.mark.parametrize(("total", "weights", "found", "message"), _NO_SHARES.values(), ids=_NO_SHARES)
def test_what_cannot_be_divided_is_refused(total, weights, found, message):
    with pytest.raises(InvalidArgument, match=message) as caught:
        apportion(total, weights=weights)
    assert (caught.value.code, caught.value.path, caught.value.value) == found


_IN_DIGITS = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    2: "AUD EUR NOK USD MGA MRU HUF TWD ZZZ",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
_DIGITS = {code: digits for digits, codes in _IN_DIGITS.items() for code in codes.split()}


@pytest.mark.parametrize(("currency", "digits"), _DIGITS.items(), ids=_DIGITS)
def test_a_currency_has_its_decimals(currency, digits):
    assert minor_digits(currency) == digits
    assert minor_units(Decimal(7), currency=currency) == 7 * 10**digits


_NO_CURRENCY = ["eur", "EU", "EURO", "", "EUR ", "EUR\n", "\uff25UR", "E1R", None, 978, b"EUR"]


@pytest.mark.parametrize("currency", _NO_CURRENCY, ids=ascii)
def test_a_currency_is_three_capital_letters(currency):
    for call in (minor_digits, lambda code: minor_units(Decimal(1), currency=code)):
        with pytest.raises(InvalidArgument, match=r"^currency: must be an ISO 4217 code such as EUR \(got ") as caught:
            call(currency)
        assert (caught.value.code, caught.value.path, caught.value.value) == ("currency.invalid", "currency", currency)


def test_a_currency_code_passes_its_check():
    assert _currency_code("EUR", "it") == "EUR"


_AMOUNTS = {
    "cents": ("18.18", "AUD", 1818),
    "a refund": ("-18.18", "AUD", -1818),
    "no decimals written": ("5", "EUR", 500),
    "one decimal written": ("5.5", "EUR", 550),
    "zeros beyond the currency's": ("5.500000", "EUR", 550),
    "yen": ("500", "JPY", 500),
    "yen with zeros": ("500.00", "JPY", 500),
    "dinar": ("1.234", "KWD", 1234),
    "four decimals": ("1.2345", "CLF", 12345),
    "exponent": ("1E+3", "EUR", 100000),
    "zero": ("0.00", "EUR", 0),
    "zero, written small": ("0E-30", "EUR", 0),
    "zero, written large": ("0E+30", "EUR", 0),
    "minus zero": ("-0.00", "EUR", 0),
    "a cent": ("0.01", "EUR", 1),
    "large": ("9999999999999999999", "JPY", 9999999999999999999),
}


@pytest.mark.parametrize(("amount", "currency", "minor"), _AMOUNTS.values(), ids=_AMOUNTS)
def test_an_amount_becomes_minor_units_exactly(amount, currency, minor):
    found = minor_units(Decimal(amount), currency=currency)
    assert (found, type(found)) == (minor, int)


_TEXTS = {
    "cents": (1818, "AUD", "18.18"),
    "a refund": (-1818, "AUD", "-18.18"),
    "whole": (500, "EUR", "5.00"),
    "a cent": (1, "EUR", "0.01"),
    "a refunded cent": (-1, "EUR", "-0.01"),
    "nothing": (0, "EUR", "0.00"),
    "yen": (500, "JPY", "500"),
    "dinar": (1234, "KWD", "1.234"),
    "four decimals": (12345, "CLF", "1.2345"),
}


@pytest.mark.parametrize(("minor", "currency", "text"), _TEXTS.values(), ids=_TEXTS)
def test_minor_units_are_written_with_the_decimals_of_their_currency(minor, currency, text):
    assert _money_text(minor, currency) == text


_TOO_FINE = {
    "a tenth of a cent": ("18.185", "AUD", "2 decimals, those of AUD"),
    "a refund's": ("-18.185", "AUD", "2 decimals, those of AUD"),
    "half a yen": ("0.5", "JPY", "0 decimals, those of JPY"),
    "dinar": ("1.2345", "KWD", "3 decimals, those of KWD"),
}


@pytest.mark.parametrize(("amount", "currency", "message"), _TOO_FINE.values(), ids=_TOO_FINE)
def test_an_amount_finer_than_its_currency_is_never_rounded(amount, currency, message):
    requirement = f"must have no more than {message}; round it where it comes from"
    with pytest.raises(InvalidArgument, match=rf"^amount: {requirement} \(got ") as caught:
        minor_units(Decimal(amount), currency=currency)
    assert (caught.value.code, caught.value.path, str(caught.value.value)) == ("money.too_fine", "amount", amount)


_NO_MONEY = {
    "not a number": Decimal("NaN"),
    "signalling": Decimal("sNaN"),
    "infinity": Decimal("Infinity"),
    "minus infinity": Decimal("-Infinity"),
    "astronomic": Decimal("1E+19"),
    "microscopic": Decimal("1E-19"),
}


@pytest.mark.parametrize("amount", _NO_MONEY.values(), ids=_NO_MONEY)
def test_an_amount_is_ordinary_money(amount):
    with pytest.raises(InvalidArgument, match=r"^amount: must be an ordinary amount of money \(got ") as caught:
        minor_units(amount, currency="EUR")
    assert (caught.value.code, caught.value.path, str(caught.value.value)) == ("money.invalid", "amount", str(amount))


@pytest.mark.parametrize("amount", [18.18, 18, "18.18", None], ids=repr)
def test_an_amount_is_a_decimal(amount):
    with pytest.raises(InvalidArgument, match=r"^amount: must be a Decimal \(got ") as caught:
        minor_units(amount, currency="EUR")
    assert (caught.value.code, caught.value.path, caught.value.value) == ("type.invalid", "amount", amount)


def test_the_decimal_context_does_not_change_an_amount():
    with localcontext(prec=3):
        assert minor_units(Decimal("1234.56"), currency="EUR") == 123456


@pytest.mark.parametrize(("precision", "amount"), [(4, "12.345"), (28, "1." + "0" * 28 + "1")], ids=["few", "usual"])
def test_the_decimal_context_does_not_round_an_amount(precision, amount):
    with localcontext(prec=precision), pytest.raises(InvalidArgument, match="no more than 2 decimals"):
        minor_units(Decimal(amount), currency="EUR")
