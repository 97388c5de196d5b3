"""The rows of each language but English, by its code: the same rows as the English ones, filled with the same."""

from __future__ import annotations

from collections.abc import Mapping

from .._checks import FrozenMapping
from .._wording import Texts
from . import da, de, es, fr, ja, nb, nl, sv

LANGUAGES: Mapping[str, Mapping[str, Texts]] = FrozenMapping(
    {
        "da": da.TEXTS,
        "de": de.TEXTS,
        "es": es.TEXTS,
        "fr": fr.TEXTS,
        "ja": ja.TEXTS,
        "nb": nb.TEXTS,
        "nl": nl.TEXTS,
        "sv": sv.TEXTS,
    }
)
