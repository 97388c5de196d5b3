"""Swedish."""

from __future__ import annotations

from .._checks import FrozenMapping
from .._wording import Texts

TEXTS: FrozenMapping[str, Texts] = FrozenMapping(
    {
        "in_stock": ("I lager", "Vi kan skicka direkt."),
        "low_stock": ("Få kvar", "Det finns bara några få kvar."),
        "low_stock.left": ("Bara {left} kvar", "Bara {left} kvar i lager."),
        "preorder": ("Förbeställning", "Förbeställningen skickas efter lanseringen."),
        "preorder.released": (
            "Förbeställning, {day}",
            "Förbeställning, släpps {day}",
            "Förbeställningen skickas efter lanseringen den {day}.",
        ),
        "backorder": ("Restnoterad", "Restordern skickas när nya varor har kommit in."),
        "ships_now": ("Skickas nu", "Detta skickas nu."),
        "ships_later": (
            "Skickas senare",
            "Skickas senare, när varan finns i lager",
            "Detta skickas senare, när varan finns i lager.",
        ),
        "digital": ("Digital", "Levereras digitalt", "Detta levereras digitalt, utan paket."),
        "out_of_stock": ("Slut i lager", "Detta är slut i lager."),
        "unknown": ("Lagerstatus okänd", "Vi vet inte om varan finns."),
        "dated": ("{text}", "{text}, levereras {days}", "{text} Leverans beräknas ske {days}."),
        "undated": ("{text}", "{text}, datum meddelas senare", "{text} Leveransdatum är ännu inte känt."),
        "units": ("{units} vara: {text}|{units} varor: {text}",),
        "parcel": ("Paket {parcel} av {parcels}: {text}",),
        "delivery.dated": ("{days}", "Levereras {days}", "Leverans beräknas ske {days}."),
        "delivery.undated": ("Datum meddelas senare", "Leveransdatum är ännu inte känt."),
        "estimate.dated": (
            "Cirka {days}",
            "Uppskattad leverans {days}",
            "Vi uppskattar att leverans sker {days}. Datumet är inte bekräftat.",
        ),
        "estimate.weeks": (
            "Om {from} till {until} veckor",
            "Uppskattad leverans om {from} till {until} veckor",
            "Vi uppskattar att leverans sker {days}. Datumet är inte bekräftat.",
        ),
        "estimate.within": (
            "Inom {until} veckor",
            "Uppskattad leverans inom {until} veckor",
            "Vi uppskattar att leverans sker {days}. Datumet är inte bekräftat.",
        ),
        "no_date": ("Inget datum ännu", "Vi kan ännu inte ange något leveransdatum."),
        "quote.split": (
            "Skickas nu: {now}, senare: {later}",
            "Av dessa kan {now} skickas nu och {later} senare, när varan finns i lager.",
        ),
        "quote.nothing": ("Inga varor", "Det finns inga varor."),
        "quote.cap": ("Högst {available} kan beställas. {rest}",),
        "quote.not_enough": ("Bara {available} av {asked} kan beställas. {rest}",),
        "quote.cap_reached": ("Fler kan inte beställas", "Du har beställt så många du kan."),
        "cancelled.out_of_stock": (
            "Annullerad",
            "Annullerad: slut i lager",
            "Den här delen av din beställning är annullerad, eftersom varan är slut i lager.",
        ),
        "cancelled.backorder_limit": (
            "Annullerad",
            "Annullerad: slut i lager",
            "Den här delen av din beställning är annullerad, eftersom varan är slut och fler inte kan restnoteras.",
        ),
        "cancelled.nothing_ships": (
            "Utgår",
            "Utgår: inget att leverera",
            "Den här avgiften utgår, eftersom det inte finns något att leverera.",
        ),
        "cancelled.mixed_cart": (
            "Annullerad",
            "Annullerad: måste beställas för sig",
            "Den här delen av din beställning är annullerad, eftersom varan måste beställas för sig.",
        ),
        "cancelled.customer": (
            "Annullerad",
            "Annullerad på din begäran",
            "Den här delen av din beställning är annullerad, på din begäran.",
        ),
        "delay.dated": (
            "Försenad",
            "Försenad, beräknas nu till {days}",
            "Leveransen är tyvärr försenad. Den beräknades till {was} och beräknas nu till {days}. {why}",
        ),
        "delay.undated": (
            "Försenad",
            "Försenad, datum meddelas senare",
            "Leveransen är tyvärr försenad. Den beräknades till {was}, och ett nytt datum är ännu inte känt. {why}",
        ),
        "why.receipt_late": ("Varorna kommer till vårt lager senare än planerat.",),
        "why.receipt_gone": ("Varorna kom inte till vårt lager som planerat.",),
        "why.too_few": ("Vi har färre varor än vi räknade med.",),
        "why.street_date": ("Lanseringsdatumet har flyttats.",),
        "why.date_passed": ("Varorna lämnade inte vårt lager i tid.",),
        "why.companion": ("Leveransen skickas tillsammans med en vara som är försenad.",),
    }
)
