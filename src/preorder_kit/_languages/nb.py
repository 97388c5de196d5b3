"""Norwegian, Bokmål."""

from __future__ import annotations

from .._checks import FrozenMapping
from .._wording import Texts

TEXTS: FrozenMapping[str, Texts] = FrozenMapping(
    {
        "in_stock": ("På lager", "Vi kan sende med en gang."),
        "low_stock": ("Få igjen", "Det er bare noen få igjen."),
        "low_stock.left": ("Bare {left} igjen", "Bare {left} igjen på lager."),
        "preorder": ("Forhåndsbestilling", "Forhåndsbestillingen sendes etter lanseringen."),
        "preorder.released": (
            "Forhåndsbestilling, {day}",
            "Forhåndsbestilling, lanseres {day}",
            "Forhåndsbestillingen sendes etter lanseringen {day}.",
        ),
        "backorder": ("I restordre", "Restordren sendes når nye varer er kommet inn."),
        "ships_now": ("Sendes nå", "Dette sendes nå."),
        "ships_later": (
            "Sendes senere",
            "Sendes senere, når varen er på lager",
            "Dette sendes senere, når varen er på lager.",
        ),
        "digital": ("Digital", "Leveres digitalt", "Dette leveres digitalt, uten pakke."),
        "out_of_stock": ("Utsolgt", "Dette er utsolgt."),
        "unknown": ("Lagerstatus ukjent", "Vi vet ikke om varen er tilgjengelig."),
        "dated": ("{text}", "{text}, leveres {days}", "{text} Forventet levering er {days}."),
        "undated": ("{text}", "{text}, dato kommer senere", "{text} Leveringsdatoen er ikke kjent ennå."),
        "units": ("{units} vare: {text}|{units} varer: {text}",),
        "parcel": ("Pakke {parcel} av {parcels}: {text}",),
        "delivery.dated": ("{days}", "Leveres {days}", "Forventet levering er {days}."),
        "delivery.undated": ("Dato kommer senere", "Leveringsdatoen er ikke kjent ennå."),
        "estimate.dated": (
            "Omtrent {days}",
            "Anslått levering {days}",
            "Vi anslår at leveringen skjer {days}. Datoen er ikke bekreftet.",
        ),
        "estimate.weeks": (
            "Om {from} til {until} uker",
            "Anslått levering om {from} til {until} uker",
            "Vi anslår at leveringen skjer {days}. Datoen er ikke bekreftet.",
        ),
        "estimate.within": (
            "Innen {until} uker",
            "Anslått levering innen {until} uker",
            "Vi anslår at leveringen skjer {days}. Datoen er ikke bekreftet.",
        ),
        "no_date": ("Ingen dato ennå", "Vi kan ikke oppgi en leveringsdato ennå."),
        "quote.split": (
            "Sendes nå: {now}, senere: {later}",
            "Av disse kan {now} sendes nå og {later} senere, når varen er på lager.",
        ),
        "quote.nothing": ("Ingen varer", "Det er ingen varer."),
        "quote.cap": ("Høyst {available} kan bestilles. {rest}",),
        "quote.not_enough": ("Bare {available} av {asked} kan bestilles. {rest}",),
        "quote.cap_reached": ("Flere kan ikke bestilles", "Du har bestilt så mange du kan."),
        "cancelled.out_of_stock": (
            "Kansellert",
            "Kansellert: utsolgt",
            "Denne delen av bestillingen er kansellert, fordi varen er utsolgt.",
        ),
        "cancelled.backorder_limit": (
            "Kansellert",
            "Kansellert: utsolgt",
            "Denne delen av bestillingen er kansellert, fordi varen er utsolgt og flere ikke kan settes i restordre.",
        ),
        "cancelled.nothing_ships": (
            "Bortfaller",
            "Bortfaller: ingenting å levere",
            "Dette gebyret bortfaller, fordi det ikke er noe å levere.",
        ),
        "cancelled.mixed_cart": (
            "Kansellert",
            "Kansellert: må bestilles for seg",
            "Denne delen av bestillingen er kansellert, fordi varen må bestilles for seg.",
        ),
        "cancelled.customer": (
            "Kansellert",
            "Kansellert etter ditt ønske",
            "Denne delen av bestillingen er kansellert, etter ditt ønske.",
        ),
        "delay.dated": (
            "Forsinket",
            "Forsinket, ventes nå {days}",
            "Leveringen er dessverre forsinket. Den var ventet {was}, og ventes nå {days}. {why}",
        ),
        "delay.undated": (
            "Forsinket",
            "Forsinket, dato kommer senere",
            "Leveringen er dessverre forsinket. Den var ventet {was}, og en ny dato er ikke kjent ennå. {why}",
        ),
        "why.receipt_late": ("Varene kommer til lageret vårt senere enn planlagt.",),
        "why.receipt_gone": ("Varene kom ikke til lageret vårt som planlagt.",),
        "why.too_few": ("Vi har færre varer enn vi regnet med.",),
        "why.street_date": ("Lanseringsdatoen er flyttet.",),
        "why.date_passed": ("Varene ble ikke sendt fra lageret vårt i tide.",),
        "why.companion": ("Leveringen sendes sammen med en vare som er forsinket.",),
    }
)
