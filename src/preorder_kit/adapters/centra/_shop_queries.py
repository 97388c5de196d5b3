"""What is asked of the Storefront API: display items, and a flexible bundle put into the cart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum

import attrs

from ..._checks import checked, instance, mapping, member, refused, rule, sequence, text, unique, units, unordered
from ..._documents import encode
from ._shop_values import BundleKind
from ._storefront import DisplayBundle, DisplaySection

_GREATEST = 2**31 - 1


class StorefrontMode(StrEnum):
    """How a client speaks to the Storefront API: for one shopper, or for the shop itself."""

    SESSION = "session"
    NO_SESSION = "no_session"


class StorefrontFact(StrEnum):
    """What may be asked of a size beyond what everybody sees.

    QUANTITY needs the permission ``stock.quantity``, WAREHOUSES the mode NO_SESSION.
    """

    QUANTITY = "quantity"
    WAREHOUSES = "warehouses"


_MOST = {StorefrontMode.SESSION: 40, StorefrontMode.NO_SESSION: 100}


def _graphql_int(value: object, path: str, *, least: int = 0) -> int:
    number = units(value, path, least=least)
    if number > _GREATEST:
        raise refused(path, f"must be at most {_GREATEST}, the greatest number of GraphQL", value, code="units.invalid")
    return number


@attrs.frozen(kw_only=True, field_transformer=checked)
class StorefrontRules:
    """How display items are asked for.

    Attributes:
        mode: Whose client it is. A page holds at most 40 items for a shopper and 100 without a session.
        facts: What to ask of each size beyond what everybody sees.
        markets: Markets to look in, without a session alone; empty: those of the client.
        pricelists: Pricelists to look in, without a session alone; empty: those of the client.

    Raises:
        InvalidArgument: If a field breaks its rule, or says what a session cannot ask.
    """

    mode: StorefrontMode = attrs.field(default=StorefrontMode.SESSION, metadata=rule(member, of=StorefrontMode))
    facts: frozenset[StorefrontFact] = attrs.field(
        default=frozenset(), metadata=rule(unordered, check=member, of=StorefrontFact)
    )
    markets: Sequence[int] = attrs.field(default=(), metadata=rule(sequence, check=_graphql_int))
    pricelists: Sequence[int] = attrs.field(default=(), metadata=rule(sequence, check=_graphql_int))

    def __attrs_post_init__(self) -> None:
        asked = {
            "facts": StorefrontFact.WAREHOUSES in self.facts,
            "markets": bool(self.markets),
            "pricelists": bool(self.pricelists),
        }
        for path, without_session in asked.items():
            if without_session and self.mode is StorefrontMode.SESSION:
                requirement = "must not ask in a session for what needs the mode no_session"
                raise refused(path, requirement, getattr(self, path), code="storefront.mode")


def write_display_item_queries(ids: Sequence[int], /, *, rules: StorefrontRules = StorefrontRules()) -> tuple[str, ...]:
    """Write the requests that ask for display items, all that `read_display_items` reads of them.

    Args:
        ids: The display items, each once, not empty.
        rules: Whose client asks, and for what.

    Returns:
        JSON documents with ``query`` and ``variables``, as many as the limit of a page makes.

    Raises:
        InvalidArgument: If there are no ids, one comes twice, or one is no number that the API can read.

    Source:
        Centra's Storefront API, the query displayItems and its limits.

    Examples:
        One request, with the stock of a shop that may see it:

        >>> import json
        >>> from preorder_kit.adapters.centra import StorefrontRules, write_display_item_queries
        >>> [request] = write_display_item_queries([412, 433], rules=StorefrontRules(facts=["quantity"]))
        >>> json.loads(request)["variables"]
        {'where': {'id': [412, 433]}, 'limit': 2}
        >>> "stock { available quantity }" in json.loads(request)["query"]
        True

        More than fit on a page:

        >>> len(write_display_item_queries(range(1, 101)))
        3
    """
    asked = sequence(ids, "ids", check=_graphql_int)
    instance(rules, "rules", of=StorefrontRules)
    if not asked:
        raise refused("ids", "must not be empty: without ids every item would be asked for", asked, code="ids.empty")
    unique(asked, "ids[{}]", what="ids")
    most = _MOST[rules.mode]
    query = _display_item_query(rules)
    pages = [asked[start : start + most] for start in range(0, len(asked), most)]
    return tuple(encode({"query": query, "variables": _variables(page, rules)}) for page in pages)


def _variables(page: Sequence[int], rules: StorefrontRules) -> dict[str, object]:
    said: dict[str, object] = {"where": {"id": list(page)}, "limit": len(page)}
    if rules.markets:
        said["market"] = list(rules.markets)
    if rules.pricelists:
        said["pricelist"] = list(rules.pricelists)
    return said


def _display_item_query(rules: StorefrontRules) -> str:
    listed = {"market": rules.markets, "pricelist": rules.pricelists}
    names = [name for name, held in listed.items() if held]
    declared = "".join(f", ${name}: [Int!]" for name in names)
    passed = "".join(f", {name}: ${name}" for name in names)
    stock = "stock { available quantity }" if StorefrontFact.QUANTITY in rules.facts else "stock { available }"
    warehouses = f"\n    stockByWarehouse {{ warehouseId {stock} }}" if StorefrontFact.WAREHOUSES in rules.facts else ""
    return f"""query DisplayItems($where: DisplayItemFilter, $limit: Int!{declared}) {{
  displayItems(where: $where, limit: $limit{passed}) {{
    list {{
      id name uri productNumber available hasStock minimumOrderQuantity orderQuantityDenominator
      items {{ ...Size }}
      bundle {{
        id type priceType
        sections {{ id quantity items {{ id name items {{ ...Size }} }} }}
      }}
    }}
    userErrors {{ message path }}
  }}
}}

fragment Size on Item {{
    id name sku GTIN preorder productSizeId
    {stock}{warehouses}
}}"""


_ADD_BUNDLE = """mutation AddFlexibleBundle($item: String!, $sections: [BundleSectionInput!]!, $quantity: Int!) {
  addFlexibleBundle(item: $item, sections: $sections, quantity: $quantity) {
    line { id quantity }
    userErrors {
      message path
      ... on UnavailableItem {
        originalQuantity unavailableQuantity availableQuantity
        item { id }
        displayItem { id }
      }
    }
  }
}"""


def write_flexible_bundle(item: str, /, *, bundle: DisplayBundle, picks: Mapping[int, str], quantity: int = 1) -> str:
    """Write the request that puts a flexible bundle into the cart, its choice made.

    Args:
        item: The id of the bundle's own size.
        bundle: What it is made of.
        picks: Section -> the id of the size that is picked in it; every section once.
        quantity: How many such bundles, >= 1.

    Returns:
        A JSON document with ``query`` and ``variables``. The units of a section are the bundle's own and are not said.
        `read_storefront_reply` reads what the server answers to it.

    Raises:
        InvalidArgument: If the bundle is not flexible, a section is left out or not known, or does not offer what is
            picked, or a number is one that the API cannot read.

    Source:
        Centra's Storefront API, the mutation addFlexibleBundle. A fixed bundle goes in as any other item does.

    Examples:
        A cardigan to pre-order in a set:

        >>> import json
        >>> from preorder_kit import normalize_stock
        >>> from preorder_kit.adapters.centra import (
        ...     BundleOption, DisplayBundle, DisplaySection, DisplaySize, write_flexible_bundle)
        >>> size = DisplaySize(id="412-20", preorder=True, available=True, stock=normalize_stock("preorder"))
        >>> sections = [DisplaySection(id=1, quantity=1, options=[BundleOption(id=412, sizes=[size])])]
        >>> bundle = DisplayBundle(id=31, type="FLEXIBLE", kind="flexible", sections=sections)
        >>> json.loads(write_flexible_bundle("450-1", bundle=bundle, picks={1: "412-20"}))["variables"]
        {'item': '450-1', 'sections': [{'sectionId': 1, 'item': '412-20'}], 'quantity': 1}

        A choice that the section does not offer:

        >>> write_flexible_bundle("450-1", bundle=bundle, picks={1: "433-7"})
        Traceback (most recent call last):
        ...
        preorder_kit.errors.InvalidArgument: picks[1]: must be offered by the section: 412-20 (got '433-7')
    """
    text(item, "item")
    if instance(bundle, "bundle", of=DisplayBundle).kind is not BundleKind.FLEXIBLE:
        raise refused("bundle", "must be flexible; addItem takes a fixed one", bundle.type, code="bundle.kind")
    chosen = mapping(picks, "picks", key=_graphql_int, check=text)
    if set(chosen) != {section.id for section in bundle.sections}:
        named = ", ".join(str(section.id) for section in bundle.sections)
        raise refused("picks", f"must name every section once: {named}", dict(chosen), code="bundle.choice")
    sections = [{"sectionId": section.id, "item": _offered(section, chosen[section.id])} for section in bundle.sections]
    said = {"item": item, "sections": sections, "quantity": _graphql_int(quantity, "quantity", least=1)}
    return encode({"query": _ADD_BUNDLE, "variables": said})


def _offered(section: DisplaySection, pick: str) -> str:
    offered = [size.id for option in section.options for size in option.sizes]
    if pick not in offered:
        requirement = f"must be offered by the section: {', '.join(offered)}"
        raise refused(f"picks[{section.id}]", requirement, pick, code="bundle.choice")
    return pick
