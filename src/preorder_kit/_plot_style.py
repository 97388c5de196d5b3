"""What pictures have in common: how matplotlib is told what they look like, and what they say in words."""

from __future__ import annotations

from typing import Any

from matplotlib.figure import Figure

Look = dict[str, Any]  # keyword arguments of matplotlib, whose types are as many as they are


def tell(figure: Figure, title: str, words: list[str]) -> None:
    """Let the figure carry what it shows in words, for those who do not see it."""
    figure.set_label("\n".join([title, *words]))


def told(figure: Figure) -> tuple[str, str]:
    """Return the title of a figure and what it shows in words; both are empty for one that was drawn elsewhere."""
    title, _, words = str(figure.get_label()).partition("\n")
    return title, words
