import inspect
import re
import shutil
from enum import Enum
from functools import cached_property
from pathlib import Path

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.domains.python import PythonDomain
from sphinx.environment import BuildEnvironment

project = "preorder_kit"
author = "the preorder_kit authors"
copyright = author  # noqa: A001  # Sphinx's name for it

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["examples"]
html_theme = "furo"
html_title = "preorder_kit"
html_show_copyright = False
html_copy_source = False

autodoc_default_options = {"members": True, "undoc-members": True, "member-order": "bysource"}
autodoc_typehints_format = "short"
autodoc_type_aliases = {"Quantity": "Quantity", "PublicLabel": "PublicLabel"}
python_use_unqualified_type_names = True
napoleon_google_docstring = True
napoleon_numpy_docstring = False
napoleon_use_ivar = True
napoleon_custom_sections = ["Source"]

default_role = "py:obj"

# No inventory of other projects is fetched, so that the build needs no network: names of the standard library, attrs,
# dateutil and Hypothesis cannot become links, and a type variable is no name to link to.
nitpick_ignore_regex = [
    ("py:.*", r"(dt|datetime|enum|collections|typing|decimal|fractions|attrs|dateutil|hypothesis|matplotlib|st)\..*"),
    ("py:.*", r"relativedelta|Decimal|pathlib\..*|(.*\.)?(_?T|FrameT|_Written)"),
]


def _without_fields(app: Sphinx, what: str, name: str, value: object, skip: bool, options: object) -> bool | None:
    """Leave out the fields of classes: their docstrings list them under Attributes."""
    is_field = not (inspect.isroutine(value) or isinstance(value, property | cached_property | Enum))
    return True if what in {"class", "exception"} and is_field else None


def _name_aliases(
    app: Sphinx, what: str, name: str, value: object, options: object, signature: str | None, returns: str | None
) -> tuple[str | None, str | None]:
    """Show the bare name of an alias in a union, where Sphinx shows its own wrapper."""
    return tuple(text and re.sub(r"TypeAliasForwardRef\('(\w+)'\)", r"\1", text) for text in (signature, returns))


def _keep_colons(app: Sphinx, what: str, name: str, value: object, options: object, lines: list[str]) -> None:
    """Keep napoleon from taking what stands before a colon for a type: types stand in the signatures."""
    if what == "property":
        lines.insert(0, r"\ ")
    for place in [number for number, line in enumerate(lines) if line.strip() == "Returns:"][::-1]:
        indent = len(lines[place + 1]) - len(lines[place + 1].lstrip())
        lines.insert(place + 1, " " * indent + r"\ ")


class _Values(PythonDomain):
    """Functions over frames have the names of those over values: beside neither, the latter are meant."""

    def find_obj(self, *arguments: object) -> list[tuple[str, object]]:
        found = super().find_obj(*arguments)
        return [match for match in found if not match[0].startswith("preorder_kit.frames.")] or found


def _resolve(app: Sphinx, env: BuildEnvironment, node: pending_xref, content: nodes.Node) -> nodes.Node | None:
    """Find a name of this package wherever it is documented, also if its code stands in a private module."""
    if node.get("refdomain") != "py":
        return None
    package, _, name = node["reftarget"].rpartition(".")
    node["refspecific"] = True
    if package == "preorder_kit":
        node["py:module"] = None  # the root's, not the one of that name beside it
    return env.domains["py"].resolve_xref(env, node["refdoc"], app.builder, "obj", name, node, content)


def _publish_schemas(app: Sphinx, error: Exception | None) -> None:
    """Put the JSON Schemas and the conformance suite beside the pages, in schemas/ and conformance/."""
    for folder in ("schemas", "conformance") if error is None else ():
        shutil.copytree(Path(app.srcdir) / folder, Path(app.outdir) / folder, dirs_exist_ok=True)


def _publish_playground(app: Sphinx, error: Exception | None) -> None:
    """Put beside the playground's page what it loads: its scripts, and Python for the browser if that was built."""
    if error is None:
        target = Path(app.outdir) / "playground"
        for source in (Path(app.srcdir) / "playground", Path(app.srcdir).parent / "build" / "playground"):
            if source.exists():
                shutil.copytree(
                    source,
                    target,
                    dirs_exist_ok=True,
                    ignore=shutil.ignore_patterns("*.py", "page.html", "package.json", "__pycache__"),
                )


def setup(app: Sphinx) -> None:
    app.add_domain(_Values, override=True)
    app.connect("build-finished", _publish_schemas)
    app.connect("build-finished", _publish_playground)
    app.connect("autodoc-process-signature", _name_aliases)
    app.connect("autodoc-process-docstring", _keep_colons, priority=400)  # before napoleon
    app.connect("autodoc-skip-member", _without_fields)
    app.connect("missing-reference", _resolve)
