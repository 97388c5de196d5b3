"""Mutants of a module: one small change each, of the kind that a person makes by mistake.

A boundary that moves, a condition that turns round, an order lost, another member of an enum, a statement left out, a
constant that is off by one. Left alone: annotations, docstrings, assertions for type checkers, decorators, and the
`strict` of a `zip`, which no run that is right can show.
"""

from __future__ import annotations

import ast
import copy
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import attrs

_COMPARED = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
_COMPUTED = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Div: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.Pow: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
}
_CALLED = {
    "min": "max",
    "max": "min",
    "any": "all",
    "all": "any",
    "reversed": "iter",
    "bisect_left": "bisect_right",
    "bisect_right": "bisect_left",
    "floor": "ceil",
    "ceil": "floor",
    "lower": "upper",
    "upper": "lower",
    "lstrip": "rstrip",
    "rstrip": "lstrip",
    "startswith": "endswith",
    "endswith": "startswith",
}
_NOT_CODE = {"__all__", "__slots__"}
_TYPES = {"TypeVar", "ParamSpec", "NewType"}
_SIMPLE = (ast.Return, ast.Raise, ast.AugAssign, ast.Assign)
_Put = Callable[[ast.AST], None]
_MOST = 100


@attrs.frozen
class Mutant:
    """One change of a tree.

    Attributes:
        key: The function, what stands there and what comes instead; the same when lines move.
        function: The qualified name of the outermost function it is in, `None` where code runs on import.
        line: Where it is.
        first: The first line of its statement.
        last: The last line of its statement; of a compound one, of its head.
        apply: Make the change in the tree; once, for the tree is spoiled then.
    """

    key: str
    function: str | None
    line: int
    first: int
    last: int
    apply: Callable[[], None]


def enums_in(folder: Path) -> dict[str, tuple[str, ...]]:
    """Return the names of the members of each enum of a package, by the enum's name."""
    found = {}
    for path in sorted(folder.glob("*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and any("Enum" in ast.unparse(base) for base in node.bases):
                members = [item.targets[0] for item in node.body if isinstance(item, ast.Assign)]
                found[node.name] = tuple(target.id for target in members if isinstance(target, ast.Name))
    return found


def mutants(tree: ast.Module, enums: dict[str, tuple[str, ...]]) -> list[Mutant]:
    """Return every mutant of a tree, in the order of the source, their keys unique."""
    walk = _Walk(enums)
    walk.children(tree)
    seen: Counter[str] = Counter()
    unique = []
    for mutant in walk.found:
        seen[mutant.key] += 1
        turn = seen[mutant.key]
        unique.append(mutant if turn == 1 else attrs.evolve(mutant, key=f"{mutant.key} ({turn})"))
    return unique


class _Walk:
    def __init__(self, enums: dict[str, tuple[str, ...]]) -> None:
        self.found: list[Mutant] = []
        self._enums = enums
        self._scope: list[str] = []  # classes, and the functions in them
        self._function: str | None = None
        self._lines = (0, 0)
        self._guard = False  # whether the statement is one branch of a choice

    def children(self, node: ast.AST, *, but: tuple[str, ...] = ()) -> None:
        for name, value in ast.iter_fields(node):
            if name not in but:
                self._field(node, name, value)

    def _field(self, node: ast.AST, name: str, value: object) -> None:
        if isinstance(value, ast.AST):
            self._visit(value, lambda new: setattr(node, name, new))
        elif isinstance(value, list):
            for index, child in enumerate(value):
                if isinstance(child, ast.AST):
                    self._visit(child, lambda new, index=index: value.__setitem__(index, new))

    def _visit(self, node: ast.AST, put: _Put) -> None:
        if _left_alone(node):
            return
        if isinstance(node, ast.stmt):
            self._statement(node, put)
            return
        for new in self._instead(node):
            self._found(node, new, put)
        self._conditions(node)
        self.children(node, but=_but(node))

    def _statement(self, node: ast.stmt, put: _Put) -> None:
        before = self._lines
        self._lines = (node.lineno, _head_end(node))
        if isinstance(node, ast.FunctionDef):
            self._define(node)
        elif isinstance(node, ast.ClassDef):
            self._scope.append(node.name)
            self._body(node)
            self._scope.pop()
        else:
            for new in self._statements_instead(node):
                self._found(node, new, put)
            self._conditions(node)
            self.children(node, but=("annotation", "body", "orelse", "finalbody", "handlers", "cases", "type_ignores"))
            self._body(node)
        self._lines = before

    def _define(self, node: ast.FunctionDef) -> None:
        for name in ("defaults", "kw_defaults"):
            self._field(node.args, name, getattr(node.args, name))
        outer, was_guard, self._guard = self._function, self._guard, False
        self._scope.append(node.name)
        self._function = outer or ".".join(self._scope)
        self._body(node)
        self._function, self._guard = outer, was_guard
        self._scope.pop()

    def _body(self, node: ast.stmt) -> None:
        was = self._guard
        self._guard = was or isinstance(node, ast.If | ast.Match | ast.Try | ast.For | ast.While)
        for name in ("body", "orelse", "finalbody"):
            self._field(node, name, getattr(node, name, []))
        for handler in getattr(node, "handlers", []):
            self._field(handler, "body", handler.body)
        for case in getattr(node, "cases", []):
            self.children(case)
        self._guard = was

    def _found(self, node: ast.AST, new: ast.AST, put: _Put) -> None:
        old, text = _text(node), "nothing" if isinstance(new, ast.Pass) else _text(new)
        ast.fix_missing_locations(ast.copy_location(new, node))
        where = ".".join(self._scope) or "(module)"
        line = getattr(node, "lineno", self._lines[0])
        mutant = Mutant(f"{where}: {old} -> {text}", self._function, line, *self._lines, lambda: put(new))
        self.found.append(mutant)

    def _conditions(self, node: ast.AST) -> None:
        if isinstance(node, ast.If | ast.While | ast.IfExp):
            self._negated(node.test, lambda new: setattr(node, "test", new))
        elif isinstance(node, ast.comprehension):
            for index, test in enumerate(node.ifs):
                self._negated(test, lambda new, index=index: node.ifs.__setitem__(index, new))

    def _negated(self, test: ast.expr, put: _Put) -> None:
        """Turn a condition round unless what it holds is turned round anyway."""
        turned = isinstance(test, ast.Compare | ast.BoolOp | ast.Constant)
        if not turned and not (isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not)):
            self._found(test, ast.UnaryOp(ast.Not(), test), put)

    def _statements_instead(self, node: ast.stmt) -> Iterator[ast.stmt]:
        if isinstance(node, ast.Break):
            yield ast.Continue()
        elif isinstance(node, ast.Continue):
            yield ast.Break()
        elif self._function and _can_go(node, guard=self._guard):
            yield ast.Pass()
        if isinstance(node, ast.AugAssign) and type(node.op) in _COMPUTED:
            yield _with(node, op=_COMPUTED[type(node.op)]())

    def _instead(self, node: ast.AST) -> Iterator[ast.AST]:
        """Yield what may stand in the place of an expression."""
        if isinstance(node, ast.Compare):
            for index, operator in enumerate(node.ops):
                ops = [*node.ops]
                ops[index] = _COMPARED[type(operator)]()
                yield _with(node, ops=ops)
        elif isinstance(node, ast.BinOp):
            if type(node.op) in _COMPUTED and (self._function or not isinstance(node.op, ast.BitOr)):
                yield _with(node, op=_COMPUTED[type(node.op)]())
        elif isinstance(node, ast.BoolOp):
            yield _with(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())
        elif isinstance(node, ast.UnaryOp):
            if isinstance(node.op, ast.Not | ast.USub):
                yield node.operand
        elif isinstance(node, ast.Constant):
            yield from _constants(node)
        else:
            yield from self._names_instead(node)

    def _names_instead(self, node: ast.AST) -> Iterator[ast.AST]:
        if isinstance(node, ast.Call):
            yield from _calls(node)
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            members = self._enums.get(node.value.id, ())
            if node.attr in members and len(members) > 1:
                yield _with(node, attr=members[(members.index(node.attr) + 1) % len(members)])
        elif isinstance(node, ast.Slice):
            for name in ("lower", "upper"):
                bound = getattr(node, name)
                if bound is not None and not isinstance(bound, ast.Constant):
                    yield _with(node, **{name: None})
        elif isinstance(node, ast.Lambda) and isinstance(node.body, ast.Tuple) and len(node.body.elts) > 1:
            for index in range(len(node.body.elts)):  # a sort without one of its keys
                kept = [item for place, item in enumerate(node.body.elts) if place != index]
                yield _with(node, body=ast.Tuple(kept, ast.Load()))


def _left_alone(node: ast.AST) -> bool:
    match node:
        case ast.Expr(value=value):
            return isinstance(value, ast.Constant)  # a docstring
        case ast.Assign(targets=targets, value=value):
            typed = isinstance(value, ast.Call) and isinstance(value.func, ast.Name) and value.func.id in _TYPES
            return typed or any(isinstance(target, ast.Name) and target.id in _NOT_CODE for target in targets)
        case ast.If(test=test):
            return ast.unparse(test) == "TYPE_CHECKING"
        case ast.FunctionDef(decorator_list=decorators):
            return any(ast.unparse(decorator).endswith("overload") for decorator in decorators)
        case ast.keyword(arg=name):
            return name == "strict"
    return isinstance(node, ast.Assert | ast.Import | ast.ImportFrom)


def _but(node: ast.AST) -> tuple[str, ...]:
    if isinstance(node, ast.FormattedValue):
        return ("format_spec",)
    if isinstance(node, ast.Lambda):
        return ("args",)
    named = isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    return ("args",) if named and node.func.id in {"cast", "isinstance", "issubclass"} else ()


def _head_end(node: ast.stmt) -> int:
    body = getattr(node, "body", None) or getattr(node, "cases", None)
    if not body:
        return node.end_lineno or node.lineno
    first = body[0].pattern.lineno if isinstance(body[0], ast.match_case) else body[0].lineno
    return max(node.lineno, first - 1)


def _can_go(node: ast.stmt, *, guard: bool) -> bool:
    """Whether something is left to run when the statement goes, so that its absence is a rule and no accident."""
    if isinstance(node, ast.Return):
        return guard
    if isinstance(node, ast.Assign):
        return all(isinstance(target, ast.Attribute | ast.Subscript) for target in node.targets)
    return isinstance(node, ast.Raise | ast.AugAssign) or (
        isinstance(node, ast.Expr) and isinstance(node.value, ast.Call | ast.Yield | ast.YieldFrom)
    )


def _constants(node: ast.Constant) -> Iterator[ast.AST]:
    value = node.value
    if isinstance(value, bool):
        yield ast.Constant(not value)
    elif isinstance(value, int | float):
        yield ast.Constant(value + 1)
    elif isinstance(value, str):
        yield ast.Constant(f"XX{value}XX")


def _calls(node: ast.Call) -> Iterator[ast.AST]:
    name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
    if name in _CALLED:
        field = "id" if isinstance(node.func, ast.Name) else "attr"
        yield _with(node, func=_with(node.func, **{field: _CALLED[name]}))
    if name == "sorted":
        yield _with(node, func=ast.Name("list", ast.Load()), keywords=[])
    for keyword in node.keywords:
        if keyword.arg == "key":
            yield _with(node, keywords=[other for other in node.keywords if other is not keyword])


def _with(node: ast.AST, **fields: object) -> ast.AST:
    new = copy.copy(node)
    for name, value in fields.items():
        setattr(new, name, value)
    return new


def _text(node: ast.AST) -> str:
    text = " ".join(ast.unparse(node).split())
    return text if len(text) <= _MOST else text[: _MOST - 1] + "…"
