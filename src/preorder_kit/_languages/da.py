"""Danish."""

from __future__ import annotations

from .._checks import FrozenMapping
from .._wording import Texts

TEXTS: FrozenMapping[str, Texts] = FrozenMapping(
    {
        "in_stock": ("På lager", "Vi kan sende med det samme."),
        "low_stock": ("Få tilbage", "Der er kun få tilbage."),
        "low_stock.left": ("Kun {left} tilbage", "Kun {left} tilbage på lager."),
        "preorder": ("Forudbestilling", "Forudbestillingen sendes efter udgivelsen."),
        "preorder.released": (
            "Forudbestilling, {day}",
            "Forudbestilling, udkommer {day}",
            "Forudbestillingen sendes efter udgivelsen {day}.",
        ),
        "backorder": ("I restordre", "Restordren sendes, når nye varer er kommet hjem."),
        "ships_now": ("Sendes nu", "Dette sendes nu."),
        "ships_later": (
            "Sendes senere",
            "Sendes senere, når varen er på lager",
            "Dette sendes senere, når varen er på lager.",
        ),
        "digital": ("Digital", "Leveres digitalt", "Dette leveres digitalt, uden pakke."),
        "out_of_stock": ("Udsolgt", "Dette er udsolgt."),
        "unknown": ("Lagerstatus ukendt", "Vi ved ikke, om varen kan fås."),
        "dated": ("{text}", "{text}, leveres {days}", "{text} Levering forventes {days}."),
        "undated": ("{text}", "{text}, dato følger", "{text} Leveringsdatoen kendes endnu ikke."),
        "units": ("{units} vare: {text}|{units} varer: {text}",),
        "parcel": ("Pakke {parcel} af {parcels}: {text}",),
        "delivery.dated": ("{days}", "Leveres {days}", "Levering forventes {days}."),
        "delivery.undated": ("Dato følger", "Leveringsdatoen kendes endnu ikke."),
        "estimate.dated": (
            "Cirka {days}",
            "Anslået levering {days}",
            "Vi anslår, at levering sker {days}. Datoen er ikke bekræftet.",
        ),
        "estimate.weeks": (
            "Om {from} til {until} uger",
            "Anslået levering om {from} til {until} uger",
            "Vi anslår, at levering sker {days}. Datoen er ikke bekræftet.",
        ),
        "estimate.within": (
            "Inden for {until} uger",
            "Anslået levering inden for {until} uger",
            "Vi anslår, at levering sker {days}. Datoen er ikke bekræftet.",
        ),
        "no_date": ("Ingen dato endnu", "Vi kan endnu ikke oplyse en leveringsdato."),
        "quote.split": (
            "Sendes nu: {now}, senere: {later}",
            "Af disse kan {now} sendes nu og {later} senere, når varen er på lager.",
        ),
        "quote.nothing": ("Ingen varer", "Der er ingen varer."),
        "quote.cap": ("Højst {available} kan bestilles. {rest}",),
        "quote.not_enough": ("Kun {available} af {asked} kan bestilles. {rest}",),
        "quote.cap_reached": ("Flere kan ikke bestilles", "Du har bestilt så mange, du kan."),
        "cancelled.out_of_stock": (
            "Annulleret",
            "Annulleret: udsolgt",
            "Denne del af din ordre er annulleret, fordi varen er udsolgt.",
        ),
        "cancelled.backorder_limit": (
            "Annulleret",
            "Annulleret: udsolgt",
            "Denne del af din ordre er annulleret, fordi varen er udsolgt, og flere ikke kan sættes i restordre.",
        ),
        "cancelled.nothing_ships": (
            "Bortfalder",
            "Bortfalder: intet at levere",
            "Dette gebyr bortfalder, fordi der ikke er noget at levere.",
        ),
        "cancelled.mixed_cart": (
            "Annulleret",
            "Annulleret: skal bestilles for sig",
            "Denne del af din ordre er annulleret, fordi varen skal bestilles for sig.",
        ),
        "cancelled.customer": (
            "Annulleret",
            "Annulleret efter dit ønske",
            "Denne del af din ordre er annulleret efter dit ønske.",
        ),
        "delay.dated": (
            "Forsinket",
            "Forsinket, ventes nu {days}",
            "Leveringen er desværre forsinket. Den var ventet {was} og ventes nu {days}. {why}",
        ),
        "delay.undated": (
            "Forsinket",
            "Forsinket, dato følger",
            "Leveringen er desværre forsinket. Den var ventet {was}, og en ny dato kendes endnu ikke. {why}",
        ),
        "why.receipt_late": ("Varerne når vores lager senere end planlagt.",),
        "why.receipt_gone": ("Varerne nåede ikke vores lager som planlagt.",),
        "why.too_few": ("Vi har færre varer, end vi regnede med.",),
        "why.street_date": ("Udgivelsesdatoen er flyttet.",),
        "why.date_passed": ("Varerne forlod ikke vores lager i tide.",),
        "why.companion": ("Leveringen sendes sammen med en vare, der er forsinket.",),
    }
)
