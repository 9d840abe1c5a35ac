"""Source files as values: what a module imports, mentions, defines.

In: (name, text) of modules. Out: facts about them. Knows no law and no file system apart from
`read_tree`.
"""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

Function = ast.FunctionDef | ast.AsyncFunctionDef
Documented = Function | ast.ClassDef


@dataclass(frozen=True)
class Module:
    """One source file under its dotted name; a package bears the name of its folder."""

    name: str
    text: str
    is_package: bool = False

    @cached_property
    def tree(self) -> ast.Module:
        """Its syntax tree."""
        return ast.parse(self.text)

    @cached_property
    def nodes(self) -> list[ast.AST]:
        """Every node of its syntax tree; a dozen laws look at them."""
        return list(ast.walk(self.tree))

    @property
    def room(self) -> str:
        """The second part of its name: `keep` of `pharos.keep.ledger`, empty for `pharos`."""
        parts = self.name.split(".")
        return parts[1] if len(parts) > 1 else ""

    @cached_property
    def functions(self) -> list[Function]:
        """Every function and method, nested ones too."""
        return [node for node in self.nodes if isinstance(node, Function)]

    @cached_property
    def imports(self) -> list[tuple[str, int]]:
        """Every imported name with its line, wherever in the file the import stands."""
        nodes = [node for node in self.nodes if isinstance(node, ast.Import | ast.ImportFrom)]
        return [(name, node.lineno) for node in nodes for name in imported_by(self, node)]

    @cached_property
    def docstrings(self) -> set[ast.expr]:
        """The string nodes that are documentation."""
        holders = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
        bodies = (node.body for node in self.nodes if isinstance(node, holders))
        return {body[0].value for body in bodies if body and isinstance(body[0], ast.Expr)}


Tree = Mapping[str, Module]


def read_tree(root: Path, package: str) -> dict[str, Module]:
    """Every module below ``root``, by its dotted name that begins with ``package``."""
    found = {}
    for path in sorted(root.rglob("*.py")):
        parts = [package, *path.relative_to(root).with_suffix("").parts]
        is_package = parts[-1] == "__init__"
        name = ".".join(parts[:-1] if is_package else parts)
        found[name] = Module(name, path.read_text(encoding="utf-8"), is_package)
    return found


def absolute(module: Module, node: ast.ImportFrom) -> str:
    """The full name of what a `from ... import` draws from, relative dots resolved."""
    if not node.level:
        return node.module or ""
    above = node.level - 1 if module.is_package else node.level
    parts = module.name.split(".")
    return ".".join([*parts[: len(parts) - above], *filter(None, [node.module])])


def imported_by(module: Module, node: ast.AST) -> list[str]:
    """The full names that one import statement binds; empty for any other node."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [f"{absolute(module, node)}.{alias.name}" for alias in node.names]
    return []


def own_imports(module: Module, tree: Tree) -> list[tuple[str, int]]:
    """The modules of pharos that it imports, as far down as ``tree`` knows them."""
    own = [(name, line) for name, line in module.imports if name.split(".")[0] == "pharos"]
    return [(_known(name, tree), line) for name, line in own]


def _known(name: str, tree: Tree) -> str:
    parent = name.rpartition(".")[0]
    return parent if name not in tree and parent in tree else name


def reached(name: str, tree: Tree) -> set[str]:
    """The import closure of a module, itself included."""
    seen: set[str] = set()
    waiting = [name]
    while waiting:
        here = waiting.pop()
        if here in tree and here not in seen:
            waiting.extend(there for there, _ in own_imports(tree[here], tree))
        seen.add(here)
    return seen


@cache
def mentions(module: Module) -> list[tuple[str, int]]:
    """Every dotted name it imports or uses with its line, import aliases resolved."""
    aliases = _aliases(module)
    used = [
        (_dotted(node, aliases), getattr(node, "lineno", 0))
        for node in module.nodes
        if isinstance(node, ast.Name | ast.Attribute)
    ]
    return module.imports + [(name, line) for name, line in used if name]


def _aliases(module: Module) -> dict[str, str]:
    known: dict[str, str] = {}
    for node in module.nodes:
        if isinstance(node, ast.Import):
            known |= {alias.asname: alias.name for alias in node.names if alias.asname}
        elif isinstance(node, ast.ImportFrom):
            origin = absolute(module, node)
            known |= {alias.asname or alias.name: f"{origin}.{alias.name}" for alias in node.names}
    return known


def _dotted(node: ast.AST, aliases: Mapping[str, str]) -> str:
    if isinstance(node, ast.Name):
        return aliases.get(node.id, node.id)
    if isinstance(node, ast.Attribute):
        before = _dotted(node.value, aliases)
        return f"{before}.{node.attr}" if before else ""
    return ""


def calls(module: Module) -> Iterator[tuple[str, ast.Call]]:
    """Every call with the dotted name of what is called (`?.name` on an unnamed value)."""
    aliases = _aliases(module)
    for node in module.nodes:
        if isinstance(node, ast.Call):
            name = _dotted(node.func, aliases)
            if not name and isinstance(node.func, ast.Attribute):
                name = f"?.{node.func.attr}"
            yield name, node


def texts(module: Module) -> Iterator[tuple[str, int]]:
    """Every string with its line, docstrings apart; of an f-string its beginning."""
    strings = [node for node in module.nodes if isinstance(node, ast.JoinedStr)]
    silent = {part for node in strings for part in node.values[1:]} | module.docstrings
    for node in module.nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in silent:
            yield node.value, node.lineno


def annotations(module: Module) -> Iterator[ast.expr]:
    """Every annotation of an argument, a result or a variable."""
    for node in module.nodes:
        if isinstance(node, ast.arg | ast.AnnAssign) and node.annotation:
            yield node.annotation
        elif isinstance(node, Function) and node.returns:
            yield node.returns


def public_definitions(body: list[ast.stmt]) -> Iterator[Documented]:
    """Classes and functions that others may use, methods of public classes among them."""
    for node in body:
        if isinstance(node, Function | ast.ClassDef) and not node.name.startswith("_"):
            if not _is_variant(node):
                yield node
            if isinstance(node, ast.ClassDef):
                yield from public_definitions(node.body)


def _is_variant(node: Documented) -> bool:
    """Overloads and setters: their sentence stands at the main definition."""
    written = {ast.unparse(mark) for mark in node.decorator_list}
    return any(mark.endswith(("overload", ".setter")) for mark in written)


def body_lines(function: Function) -> int:
    """Lines from the first to the last statement, the docstring not counted."""
    statements = function.body[1:] if ast.get_docstring(function) is not None else function.body
    if not statements:
        return 0
    return (statements[-1].end_lineno or 0) - statements[0].lineno + 1


def parameter_count(function: Function) -> int:
    """Parameters of a function, a leading self or cls not counted."""
    named = [*function.args.posonlyargs, *function.args.args]
    own = [arg for arg in named[:1] if arg.arg in {"self", "cls"}]
    starred = [arg for arg in (function.args.vararg, function.args.kwarg) if arg]
    return len(named) - len(own) + len(function.args.kwonlyargs) + len(starred)
