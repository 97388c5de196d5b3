"""French."""

from __future__ import annotations

from .._checks import FrozenMapping
from .._wording import Texts

TEXTS: FrozenMapping[str, Texts] = FrozenMapping(
    {
        "in_stock": ("En stock", "Nous pouvons expédier tout de suite."),
        "low_stock": ("Stock limité", "Il n'en reste que peu."),
        "low_stock.left": ("Plus que {left} en stock", "Plus que {left} en stock."),
        "preorder": ("Précommande", "La précommande est expédiée après la sortie."),
        "preorder.released": (
            "Précommande, {day}",
            "Précommande, sortie le {day}",
            "La précommande est expédiée après la sortie, le {day}.",
        ),
        "backorder": ("En réapprovisionnement", "L'expédition aura lieu dès le réapprovisionnement."),
        "ships_now": ("Expédition immédiate", "L'expédition est immédiate."),
        "ships_later": (
            "Expédition ultérieure",
            "Expédition ultérieure, dès le retour en stock",
            "L'expédition aura lieu plus tard, dès le retour en stock.",
        ),
        "digital": ("Numérique", "Livraison numérique", "La livraison est numérique, sans colis."),
        "out_of_stock": ("En rupture de stock", "L'article est en rupture de stock."),
        "unknown": ("Disponibilité inconnue", "Nous ne savons pas si l'article est disponible."),
        "dated": ("{text}", "{text}, livraison prévue\xa0: {days}", "{text} Livraison prévue\xa0: {days}."),
        "undated": ("{text}", "{text}, date à venir", "{text} La date de livraison n'est pas encore connue."),
        "units": ("{units} article\xa0: {text}|{units} articles\xa0: {text}",),
        "parcel": ("Colis {parcel} sur {parcels}\xa0: {text}",),
        "delivery.dated": ("{days}", "Livraison prévue\xa0: {days}", "Livraison prévue\xa0: {days}."),
        "delivery.undated": ("Date à venir", "La date de livraison n'est pas encore connue."),
        "estimate.dated": (
            "Environ {days}",
            "Livraison estimée\xa0: {days}",
            "Livraison estimée\xa0: {days}. Cette date n'est pas confirmée.",
        ),
        "estimate.weeks": (
            "Dans {from} à {until} semaines",
            "Livraison estimée dans {from} à {until} semaines",
            "Livraison estimée\xa0: {days}. Cette date n'est pas confirmée.",
        ),
        "estimate.within": (
            "Sous {until} semaines",
            "Livraison estimée sous {until} semaines",
            "Livraison estimée\xa0: {days}. Cette date n'est pas confirmée.",
        ),
        "no_date": ("Pas encore de date", "Nous ne pouvons pas encore donner de date de livraison."),
        "quote.split": (
            "Expédition immédiate\xa0: {now}, plus tard\xa0: {later}",
            "Expédition immédiate\xa0: {now}. Plus tard, dès le retour en stock\xa0: {later}.",
        ),
        "quote.nothing": ("Aucun article", "Il n'y a aucun article."),
        "quote.cap": ("Quantité maximale\xa0: {available}. {rest}",),
        "quote.not_enough": ("Quantité disponible\xa0: {available} sur {asked}. {rest}",),
        "quote.cap_reached": ("Quantité maximale atteinte", "Vous avez atteint la quantité maximale."),
        "cancelled.out_of_stock": (
            "Annulé",
            "Annulé\xa0: en rupture de stock",
            "Cette partie de votre commande est annulée, car l'article est en rupture de stock.",
        ),
        "cancelled.backorder_limit": (
            "Annulé",
            "Annulé\xa0: en rupture de stock",
            "Cette partie de votre commande est annulée, car l'article est en rupture et ne peut plus être commandé.",
        ),
        "cancelled.nothing_ships": (
            "Supprimé",
            "Supprimé\xa0: rien à livrer",
            "Ces frais sont supprimés, car il n'y a rien à livrer.",
        ),
        "cancelled.mixed_cart": (
            "Annulé",
            "Annulé\xa0: à commander séparément",
            "Cette partie de votre commande est annulée, car l'article doit être commandé séparément.",
        ),
        "cancelled.customer": (
            "Annulé",
            "Annulé à votre demande",
            "Cette partie de votre commande est annulée, à votre demande.",
        ),
        "delay.dated": (
            "Retardé",
            "Retardé, nouvelle date\xa0: {days}",
            "Désolés, la livraison est retardée. Ancienne date\xa0: {was}. Nouvelle date\xa0: {days}. {why}",
        ),
        "delay.undated": (
            "Retardé",
            "Retardé, date à venir",
            "Désolés, la livraison est retardée. Ancienne date\xa0: {was}. Nouvelle date encore inconnue. {why}",
        ),
        "why.receipt_late": ("La marchandise arrive dans notre entrepôt plus tard que prévu.",),
        "why.receipt_gone": ("La marchandise n'est pas arrivée dans notre entrepôt comme prévu.",),
        "why.too_few": ("Nous avons moins d'articles que prévu.",),
        "why.street_date": ("La date de sortie a changé.",),
        "why.date_passed": ("La marchandise n'a pas quitté notre entrepôt à temps.",),
        "why.companion": ("La livraison part avec un article retardé.",),
    }
)
