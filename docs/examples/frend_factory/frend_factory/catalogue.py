"""A catalogue in, what a page needs out: a pure function."""

from __future__ import annotations

import json

import attrs

from ._vendor.preorder_kit.adapters import frend
from ._vendor.preorder_kit.errors import PreorderKitError


class NotACatalogue(ValueError):
    """What came in is no JSON, or holds no products."""


def format_json(document: str | bytes) -> str:
    """Return the JSON for the pages of a catalogue: what each size says, and no number of units.

    Of what is wrong the place and the kind are said, never the value: it could be a number of units.

    Raises:
        NotACatalogue: If the document is no JSON, or holds no products.
    """
    try:
        found = frend.format_catalogue(_products(json.loads(document)))
    except (PreorderKitError, ValueError, RecursionError):
        raise NotACatalogue("send a product, a list of products, or an object with products") from None
    content = {
        "products": [attrs.asdict(product) for product in found.values],
        "problems": [{"path": problem.path, "code": problem.code} for problem in found.problems],
    }
    return json.dumps(content, indent=2)


def _products(root: object) -> object:
    if not isinstance(root, dict):
        return root
    one = root.get("product")  # the id of a product, or the product itself
    return root.get("products", [one if isinstance(one, dict) else root])
