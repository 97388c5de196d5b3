"""German."""

from __future__ import annotations

from .._checks import FrozenMapping
from .._wording import Texts

TEXTS: FrozenMapping[str, Texts] = FrozenMapping(
    {
        "in_stock": ("Auf Lager", "Wir können sofort versenden."),
        "low_stock": ("Nur noch wenige", "Es sind nur noch wenige da."),
        "low_stock.left": ("Nur noch {left} verfügbar", "Nur noch {left} auf Lager."),
        "preorder": ("Vorbestellung", "Die Vorbestellung wird nach dem Erscheinen versandt."),
        "preorder.released": (
            "Vorbestellung, {day}",
            "Vorbestellung, erscheint am {day}",
            "Die Vorbestellung wird nach dem Erscheinen am {day} versandt.",
        ),
        "backorder": ("Nachbestellt", "Die Ware ist nachbestellt und wird nach dem Eintreffen versandt."),
        "ships_now": ("Versand sofort", "Der Versand erfolgt sofort."),
        "ships_later": (
            "Versand später",
            "Versand später, sobald auf Lager",
            "Der Versand erfolgt später, sobald die Ware auf Lager ist.",
        ),
        "digital": ("Digital", "Digitale Lieferung", "Die Lieferung erfolgt digital, ohne Paket."),
        "out_of_stock": ("Nicht auf Lager", "Die Ware ist nicht auf Lager."),
        "unknown": ("Verfügbarkeit unbekannt", "Wir wissen nicht, ob die Ware verfügbar ist."),
        "dated": ("{text}", "{text}, Lieferung {days}", "{text} Voraussichtliche Lieferung: {days}."),
        "undated": ("{text}", "{text}, Termin folgt", "{text} Ein Liefertermin steht noch nicht fest."),
        "units": ("{units} Artikel: {text}",),
        "parcel": ("Paket {parcel} von {parcels}: {text}",),
        "delivery.dated": ("{days}", "Lieferung {days}", "Voraussichtliche Lieferung: {days}."),
        "delivery.undated": ("Termin folgt", "Ein Liefertermin steht noch nicht fest."),
        "estimate.dated": (
            "Etwa {days}",
            "Geschätzte Lieferung {days}",
            "Geschätzte Lieferung: {days}. Der Termin ist nicht bestätigt.",
        ),
        "estimate.weeks": (
            "In {from} bis {until} Wochen",
            "Geschätzte Lieferung in {from} bis {until} Wochen",
            "Geschätzte Lieferung: {days}. Der Termin ist nicht bestätigt.",
        ),
        "estimate.within": (
            "Innerhalb von {until} Wochen",
            "Geschätzte Lieferung innerhalb von {until} Wochen",
            "Geschätzte Lieferung: {days}. Der Termin ist nicht bestätigt.",
        ),
        "no_date": ("Noch kein Termin", "Wir können noch keinen Liefertermin nennen."),
        "quote.split": (
            "Versand sofort: {now}, später: {later}",
            "Davon können wir {now} sofort versenden und {later} später, sobald die Ware auf Lager ist.",
        ),
        "quote.nothing": ("Keine Artikel", "Es sind keine Artikel da."),
        "quote.cap": ("Höchstens {available} bestellbar. {rest}",),
        "quote.not_enough": ("Nur {available} von {asked} bestellbar. {rest}",),
        "quote.cap_reached": ("Mehr sind nicht bestellbar", "Sie haben die Höchstmenge bestellt."),
        "cancelled.out_of_stock": (
            "Storniert",
            "Storniert: nicht auf Lager",
            "Dieser Teil Ihrer Bestellung ist storniert, weil die Ware nicht auf Lager ist.",
        ),
        "cancelled.backorder_limit": (
            "Storniert",
            "Storniert: nicht auf Lager",
            "Dieser Teil Ihrer Bestellung ist storniert: nicht auf Lager und nicht weiter nachbestellbar.",
        ),
        "cancelled.nothing_ships": (
            "Entfällt",
            "Entfällt: nichts zu liefern",
            "Diese Gebühr entfällt, weil nichts zu liefern ist.",
        ),
        "cancelled.mixed_cart": (
            "Storniert",
            "Storniert: nur einzeln bestellbar",
            "Dieser Teil Ihrer Bestellung ist storniert, weil die Ware nur einzeln bestellt werden kann.",
        ),
        "cancelled.customer": (
            "Storniert",
            "Auf Ihren Wunsch storniert",
            "Dieser Teil Ihrer Bestellung ist auf Ihren Wunsch storniert.",
        ),
        "delay.dated": (
            "Verspätet",
            "Verspätet, Lieferung jetzt {days}",
            "Leider verspätet sich die Lieferung. Bisheriger Termin: {was}. Neuer Termin: {days}. {why}",
        ),
        "delay.undated": (
            "Verspätet",
            "Verspätet, Termin folgt",
            "Leider verspätet sich die Lieferung. Bisheriger Termin: {was}. Der neue steht noch nicht fest. {why}",
        ),
        "why.receipt_late": ("Die Ware trifft später als geplant in unserem Lager ein.",),
        "why.receipt_gone": ("Die Ware ist nicht wie geplant in unserem Lager eingetroffen.",),
        "why.too_few": ("Wir haben weniger Ware als erwartet.",),
        "why.street_date": ("Der Erscheinungstermin wurde verschoben.",),
        "why.date_passed": ("Die Ware hat unser Lager nicht rechtzeitig verlassen.",),
        "why.companion": ("Die Lieferung wird zusammen mit einem verspäteten Artikel versandt.",),
    }
)
