"""Spanish."""

from __future__ import annotations

from .._checks import FrozenMapping
from .._wording import Texts

TEXTS: FrozenMapping[str, Texts] = FrozenMapping(
    {
        "in_stock": ("En stock", "Podemos enviarlo ya."),
        "low_stock": ("Quedan pocas unidades", "Quedan pocas unidades."),
        "low_stock.left": ("Stock limitado: {left}", "Unidades en stock: {left}."),
        "preorder": ("Reserva", "La reserva se envía después del lanzamiento."),
        "preorder.released": (
            "Reserva, {day}",
            "Reserva, sale el {day}",
            "La reserva se envía después del lanzamiento, el {day}.",
        ),
        "backorder": ("Pendiente de reposición", "El pedido se envía cuando llegue la reposición."),
        "ships_now": ("Se envía ya", "El envío es inmediato."),
        "ships_later": (
            "Se envía más tarde",
            "Se envía más tarde, cuando haya stock",
            "El envío será más tarde, cuando haya stock.",
        ),
        "digital": ("Digital", "Entrega digital", "La entrega es digital, sin paquete."),
        "out_of_stock": ("Agotado", "El artículo está agotado."),
        "unknown": ("Disponibilidad desconocida", "No sabemos si el artículo está disponible."),
        "dated": ("{text}", "{text}, entrega prevista: {days}", "{text} Entrega prevista: {days}."),
        "undated": ("{text}", "{text}, fecha por confirmar", "{text} Todavía no hay fecha de entrega."),
        "units": ("{units} artículo: {text}|{units} artículos: {text}",),
        "parcel": ("Paquete {parcel} de {parcels}: {text}",),
        "delivery.dated": ("{days}", "Entrega prevista: {days}", "Entrega prevista: {days}."),
        "delivery.undated": ("Fecha por confirmar", "Todavía no hay fecha de entrega."),
        "estimate.dated": (
            "Aprox. {days}",
            "Entrega estimada: {days}",
            "Entrega estimada: {days}. La fecha no está confirmada.",
        ),
        "estimate.weeks": (
            "De {from} a {until} semanas",
            "Entrega estimada en {from} a {until} semanas",
            "Entrega estimada: {days}. La fecha no está confirmada.",
        ),
        "estimate.within": (
            "En {until} semanas como máximo",
            "Entrega estimada en {until} semanas como máximo",
            "Entrega estimada: {days}. La fecha no está confirmada.",
        ),
        "no_date": ("Sin fecha todavía", "Todavía no podemos dar una fecha de entrega."),
        "quote.split": (
            "Envío inmediato: {now}, más tarde: {later}",
            "Envío inmediato: {now}. Más tarde, cuando haya stock: {later}.",
        ),
        "quote.nothing": ("Ningún artículo", "No hay ningún artículo."),
        "quote.cap": ("Cantidad máxima: {available}. {rest}",),
        "quote.not_enough": ("Cantidad disponible: {available} de {asked}. {rest}",),
        "quote.cap_reached": ("Cantidad máxima alcanzada", "Ha alcanzado la cantidad máxima."),
        "cancelled.out_of_stock": (
            "Cancelado",
            "Cancelado: agotado",
            "Esta parte de su pedido se ha cancelado, porque el artículo está agotado.",
        ),
        "cancelled.backorder_limit": (
            "Cancelado",
            "Cancelado: agotado",
            "Esta parte de su pedido se ha cancelado, porque el artículo está agotado y no admite más pedidos.",
        ),
        "cancelled.nothing_ships": (
            "Anulado",
            "Anulado: nada que entregar",
            "Este cargo se ha anulado, porque no hay nada que entregar.",
        ),
        "cancelled.mixed_cart": (
            "Cancelado",
            "Cancelado: se pide por separado",
            "Esta parte de su pedido se ha cancelado, porque el artículo se pide por separado.",
        ),
        "cancelled.customer": (
            "Cancelado",
            "Cancelado a petición suya",
            "Esta parte de su pedido se ha cancelado a petición suya.",
        ),
        "delay.dated": (
            "Con retraso",
            "Con retraso, nueva fecha: {days}",
            "Lo sentimos, la entrega se retrasa. Fecha anterior: {was}. Nueva fecha: {days}. {why}",
        ),
        "delay.undated": (
            "Con retraso",
            "Con retraso, fecha por confirmar",
            "Lo sentimos, la entrega se retrasa. Fecha anterior: {was}. Todavía no hay fecha nueva. {why}",
        ),
        "why.receipt_late": ("La mercancía llega a nuestro almacén más tarde de lo previsto.",),
        "why.receipt_gone": ("La mercancía no ha llegado a nuestro almacén como estaba previsto.",),
        "why.too_few": ("Tenemos menos artículos de los previstos.",),
        "why.street_date": ("La fecha de lanzamiento ha cambiado.",),
        "why.date_passed": ("La mercancía no salió a tiempo de nuestro almacén.",),
        "why.companion": ("Se envía junto con un artículo que se retrasa.",),
    }
)
