"""Dutch."""

from __future__ import annotations

from .._checks import FrozenMapping
from .._wording import Texts

TEXTS: FrozenMapping[str, Texts] = FrozenMapping(
    {
        "in_stock": ("Op voorraad", "We kunnen direct verzenden."),
        "low_stock": ("Nog maar enkele", "Er zijn er nog maar enkele."),
        "low_stock.left": ("Nog maar {left} over", "Nog maar {left} op voorraad."),
        "preorder": ("Pre-order", "Deze pre-order wordt na de release verzonden."),
        "preorder.released": (
            "Pre-order, {day}",
            "Pre-order, verschijnt op {day}",
            "Deze pre-order wordt na de release op {day} verzonden.",
        ),
        "backorder": ("In nabestelling", "Deze nabestelling wordt verzonden zodra er nieuwe voorraad is."),
        "ships_now": ("Wordt nu verzonden", "Dit wordt nu verzonden."),
        "ships_later": (
            "Wordt later verzonden",
            "Wordt later verzonden, zodra op voorraad",
            "Dit wordt later verzonden, zodra het op voorraad is.",
        ),
        "digital": ("Digitaal", "Digitaal geleverd", "Dit wordt digitaal geleverd, zonder pakket."),
        "out_of_stock": ("Niet op voorraad", "Dit is niet op voorraad."),
        "unknown": ("Beschikbaarheid onbekend", "We weten niet of dit beschikbaar is."),
        "dated": ("{text}", "{text}, levering {days}", "{text} Verwachte levering: {days}."),
        "undated": ("{text}", "{text}, datum volgt", "{text} De leverdatum is nog niet bekend."),
        "units": ("{units} artikel: {text}|{units} artikelen: {text}",),
        "parcel": ("Pakket {parcel} van {parcels}: {text}",),
        "delivery.dated": ("{days}", "Levering {days}", "Verwachte levering: {days}."),
        "delivery.undated": ("Datum volgt", "De leverdatum is nog niet bekend."),
        "estimate.dated": (
            "Ongeveer {days}",
            "Geschatte levering {days}",
            "Geschatte levering: {days}. Deze datum is niet bevestigd.",
        ),
        "estimate.weeks": (
            "Over {from} tot {until} weken",
            "Geschatte levering over {from} tot {until} weken",
            "Geschatte levering: {days}. Deze datum is niet bevestigd.",
        ),
        "estimate.within": (
            "Binnen {until} weken",
            "Geschatte levering binnen {until} weken",
            "Geschatte levering: {days}. Deze datum is niet bevestigd.",
        ),
        "no_date": ("Nog geen datum", "We kunnen nog geen leverdatum geven."),
        "quote.split": (
            "Nu verzonden: {now}, later: {later}",
            "Hiervan kunnen we er {now} nu verzenden en {later} later, zodra ze op voorraad zijn.",
        ),
        "quote.nothing": ("Geen artikelen", "Er zijn geen artikelen."),
        "quote.cap": ("Maximaal {available} te bestellen. {rest}",),
        "quote.not_enough": ("Slechts {available} van {asked} te bestellen. {rest}",),
        "quote.cap_reached": ("Meer is niet te bestellen", "U hebt het maximale aantal besteld."),
        "cancelled.out_of_stock": (
            "Geannuleerd",
            "Geannuleerd: niet op voorraad",
            "Dit deel van uw bestelling is geannuleerd, omdat het niet op voorraad is.",
        ),
        "cancelled.backorder_limit": (
            "Geannuleerd",
            "Geannuleerd: niet op voorraad",
            "Dit deel van uw bestelling is geannuleerd: niet op voorraad en niet meer na te bestellen.",
        ),
        "cancelled.nothing_ships": (
            "Vervalt",
            "Vervalt: niets te leveren",
            "Deze kosten vervallen, omdat er niets te leveren is.",
        ),
        "cancelled.mixed_cart": (
            "Geannuleerd",
            "Geannuleerd: apart te bestellen",
            "Dit deel van uw bestelling is geannuleerd, omdat het apart besteld moet worden.",
        ),
        "cancelled.customer": (
            "Geannuleerd",
            "Geannuleerd op uw verzoek",
            "Dit deel van uw bestelling is op uw verzoek geannuleerd.",
        ),
        "delay.dated": (
            "Vertraagd",
            "Vertraagd, nu verwacht {days}",
            "Helaas is de levering vertraagd. Oude datum: {was}. Nieuwe datum: {days}. {why}",
        ),
        "delay.undated": (
            "Vertraagd",
            "Vertraagd, datum volgt",
            "Helaas is de levering vertraagd. Oude datum: {was}. De nieuwe is nog niet bekend. {why}",
        ),
        "why.receipt_late": ("De goederen komen later dan gepland in ons magazijn aan.",),
        "why.receipt_gone": ("De goederen zijn niet zoals gepland in ons magazijn aangekomen.",),
        "why.too_few": ("We hebben minder artikelen dan verwacht.",),
        "why.street_date": ("De releasedatum is verschoven.",),
        "why.date_passed": ("De goederen hebben ons magazijn niet op tijd verlaten.",),
        "why.companion": ("De levering wordt samen met een vertraagd artikel verzonden.",),
    }
)
