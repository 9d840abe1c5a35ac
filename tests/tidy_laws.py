"""The laws of the house as pure functions: a module or a tree in, sentences on breaches out.

In: modules as values. Out: one sentence per breach, empty when all is well. Knows no file.
What has not been built yet breaks no law.
"""

import ast
import re
from collections.abc import Callable, Iterator
from statistics import median

from tests import tidy_source as source
from tests.tidy_source import Module, Tree

#: The rooms in the order of the river; a room exists when something lives in it.
RIVER = (
    "arrive",
    "check",
    "keep",
    "match",
    "measure",
    "notice",
    "predict",
    "prove",
    "publish",
    "rehearse",
    "serve",
    "words",
)
OPEN_TO_ALL = {"words", "errors"}
FILE_LINES, BODY_LINES, BODY_MEDIAN, PARAMETERS, WIDTH = 400, 50, 8, 5, 100
TUPLES = {"arrive": "FORMATS", "check": "RULES", "measure": "MEASURES", "predict": "MODELS"}
#: Doors that may only read, and the modules through which something is written.
READING_DOORS = ("pharos.serve.api", "pharos.serve.pages")
WRITERS = {
    "pharos.keep.receive",
    "pharos.keep.writer",
    "pharos.serve.home",
    "pharos.serve.intake",
    "pharos.serve.writer",
    "pharos.serve.writing",
}
EMPTY_WORDS = {
    *("util", "utils", "core", "common", "helper", "helpers", "manager", "managers"),
    *("handler", "handlers", "service", "services", "base", "data", "info", "misc"),
}

SQL = re.compile(
    r"(?:SELECT|INSERT|CREATE|WITH|DELETE|UPDATE|ALTER|DROP|ATTACH|PRAGMA|COPY)\s"
    r"|(?i:select\s[\s\S]*\sfrom\s|insert\s+into\s|delete\s+from\s|update\s+\w+\s+set\s"
    r"|create\s+(?:or\s+replace\s+)?(?:temp(?:orary)?\s+)?(?:table|view|index|unique|schema)\s"
    r"|with\s+(?:recursive\s+)?\w+\s+as\s+\()"
)
SQL_REMARKS = re.compile(r"(?:\s*--[^\n]*\n|\s+)*")
SQL_FLOATS = re.compile(r"\b(?:DOUBLE|FLOAT|REAL)\b")
UNFINISHED = re.compile(r"\b(?:TO[D]O|FI[X]ME|X[X]X|HAC[K])\b")
REMARK_TO_TOOLS = re.compile(r"\s*# (?:noqa|type: ignore).*$")
DRAWN = re.compile(r"^[ \t]+[│├└─ ]*([a-z_]+)(?:/|\s|$)", re.MULTILINE)

#: Names that only a door may use, each with what to do instead.
DOOR_ONLY = {
    "datetime.date.today": "take the day as an argument",
    "datetime.datetime.now": "take the time as an argument",
    "datetime.datetime.today": "take the time as an argument",
    "datetime.datetime.utcnow": "take the time as an argument",
    "time.localtime": "take the time as an argument",
    "time.monotonic": "take the time as an argument",
    "time.perf_counter": "take the time as an argument",
    "time.time": "take the time as an argument",
    "time.time_ns": "take the time as an argument",
    "os.environ": "take the setting as an argument",
    "os.getenv": "take the setting as an argument",
    "sys.argv": "take the setting as an argument",
    "os.urandom": "take the salt as an argument",
    "secrets": "take the salt as an argument",
    "uuid.uuid1": "take the id as an argument",
    "uuid.uuid4": "take the id as an argument",
    "print": "return what is to be said",
    "input": "take the answer as an argument",
    "sys.stdout": "return what is to be said",
    "sys.stderr": "return what is to be said",
    "http": "raise a failure; the door gives it a status",
}

Law = Callable[[Module], Iterator[str]]
TreeLaw = Callable[[Tree], Iterator[str]]


def _uses(module: Module, banned: str) -> list[int]:
    """The lines that mention a banned name or anything inside it."""
    return [
        line
        for name, line in source.mentions(module)
        if name == banned or name.startswith(f"{banned}.")
    ]


# --- laws about one file


def size(module: Module) -> Iterator[str]:
    """A file of at most 400 lines of at most 100 characters; tables of a spec may be wider."""
    lines = module.text.splitlines()
    if len(lines) > FILE_LINES:
        yield f"{module.name} has {len(lines)} lines; {FILE_LINES} are allowed: split it"
    for number, line in enumerate(lines, 1):
        is_table = module.name.startswith("tests.spec.") and line.count(" | ") >= 3
        if len(REMARK_TO_TOOLS.sub("", line)) > WIDTH and not is_table:
            yield f"{module.name}:{number} is {len(line)} characters wide; {WIDTH} are allowed"


def short_functions(module: Module) -> Iterator[str]:
    """A body of at most 50 lines, its docstring apart."""
    for function in module.functions:
        if source.body_lines(function) > BODY_LINES:
            yield f"{module.name}:{function.lineno} {function.name} has over {BODY_LINES} lines"


def few_parameters(module: Module) -> Iterator[str]:
    """At most five parameters; beyond that a frozen dataclass."""
    for function in module.functions:
        if source.parameter_count(function) > PARAMETERS:
            yield f"{module.name}:{function.lineno} {function.name} takes more than {PARAMETERS}"


#: The command line imports the one command that is wanted, and the package its home and its client
#: for who uses them: a server that was killed must be back in two seconds, and nobody should wait a
#: second for `pharos --help` (decision 0014).
READ_LATE = ("pharos", "pharos.serve.cli")


def no_hidden_imports(module: Module) -> Iterator[str]:
    """Nothing of our own is imported inside a function or by a computed name."""
    if module.name in READ_LATE:
        return
    for function in module.functions:
        for node in ast.walk(function):
            for name in source.imported_by(module, node):
                if name.split(".")[0] == "pharos":
                    yield f"{module.name}:{function.lineno} {function.name} hides import of {name}"
    for banned in ("importlib.import_module", "__import__"):
        for line in _uses(module, banned):
            yield f"{module.name}:{line} imports by a computed name ({banned})"


def sql_in_its_rooms(module: Module) -> Iterator[str]:
    """SQL text and duckdb live in keep, measure, publish; sqlite3 in the journal."""
    in_journal = module.name.startswith("pharos.arrive.journal")
    in_engine = module.room in {"keep", "measure", "publish"}
    for engine, allowed in (("duckdb", in_engine), ("sqlite3", in_journal)):
        for line in [] if allowed else _uses(module, engine):
            yield f"{module.name}:{line} uses {engine} outside its rooms"
    for text, line in [] if in_engine or in_journal else source.texts(module):
        if SQL.match(SQL_REMARKS.sub("", text, count=1)):
            yield f"{module.name}:{line} holds SQL text outside keep, measure, publish"


def doors_only(module: Module) -> Iterator[str]:
    """Clock, environment, printing, chance of the machine and statuses belong to serve."""
    if module.room == "serve":
        return
    for banned, instead in DOOR_ONLY.items():
        for line in _uses(module, banned):
            yield f"{module.name}:{line} uses {banned}; {instead}"
    for name, call in source.calls(module):
        if name.endswith(".astimezone") and not (call.args or call.keywords):
            yield f"{module.name}:{call.lineno} uses the machine's zone; name the zone"
    for node in module.nodes:
        spoken = node.attr if isinstance(node, ast.Attribute) else getattr(node, "arg", None)
        if spoken == "status_code":
            yield f"{module.name}:{getattr(node, 'lineno', 0)} speaks of an HTTP status"


def no_float_near_money(module: Module) -> Iterator[str]:
    """Neither float() nor an annotation with float where money passes; no DOUBLE in the ledger."""
    if module.room not in {"arrive", "check", "keep"} and module.name != "pharos.words.money":
        return
    for name, call in source.calls(module):
        if name == "float" or re.fullmatch(r"numpy\.float\w*", name):
            yield f"{module.name}:{call.lineno} makes a float; money is whole minor units"
    for annotation in source.annotations(module):
        if re.search(r"\bfloat(?:ing|\d+)?\b", ast.unparse(annotation)):
            yield f"{module.name}:{annotation.lineno} annotates a float; money is whole minor units"
    for text, line in source.texts(module) if module.room == "keep" else []:
        if SQL_FLOATS.search(text):
            yield f"{module.name}:{line} has a column or cast of floating point"


def chance_is_seeded(module: Module) -> Iterator[str]:
    """Random numbers only in rehearse and predict, from a generator with a seed."""
    for banned in ("random", "numpy.random"):
        for line in [] if module.room in {"rehearse", "predict"} else _uses(module, banned):
            yield f"{module.name}:{line} draws random numbers outside rehearse and predict"
    for name, call in source.calls(module):
        origin, _, last = name.rpartition(".")
        if origin in {"random", "numpy.random"}:
            makes_generator = last == "default_rng" or last[:1].isupper()
            if not makes_generator or not (call.args or call.keywords):
                yield f"{module.name}:{call.lineno} draws without a seed of its own"


def broad_excepts_at_doors(module: Module) -> Iterator[str]:
    """Only a door may catch everything; to undo and pass on is no catching."""
    if module.room == "serve":
        return
    caught = [
        (ast.unparse(node.type) if node.type else "Exception", node.lineno)
        for node in module.nodes
        if isinstance(node, ast.ExceptHandler) and ast.unparse(node.body[-1]) != "raise"
    ]
    for name, call in source.calls(module):
        if name == "contextlib.suppress":
            caught += [(ast.unparse(argument), call.lineno) for argument in call.args]
    for what, line in caught:
        if re.search(r"\b(?:Base)?Exception\b", what):
            yield f"{module.name}:{line} catches everything; name the failure"


def documented(module: Module) -> Iterator[str]:
    """Every module, public class and public function says what it is."""
    if not ast.get_docstring(module.tree):
        yield f"{module.name} has no docstring: what enters, what leaves, what it must not know"
    for node in source.public_definitions(module.tree.body):
        if not ast.get_docstring(node):
            yield f"{module.name}:{node.lineno} {node.name} has no docstring"


def telling_names(module: Module) -> Iterator[str]:
    """No module is a drawer."""
    for part in module.name.split("."):
        if part in EMPTY_WORDS:
            yield f"{module.name}: {part!r} says nothing; name the thing or the verb"


def finished(module: Module) -> Iterator[str]:
    """What is left to do stands in an issue, not in the code."""
    for number, line in enumerate(module.text.splitlines(), 1):
        if UNFINISHED.search(line):
            yield f"{module.name}:{number} leaves something to do; write an issue"


def failures_in_one_place(module: Module) -> Iterator[str]:
    """Exceptions are defined in errors, one class per failure."""
    if module.room == "errors":
        return
    for node in module.nodes:
        bases = {ast.unparse(base) for base in getattr(node, "bases", [])}
        if any(re.search(r"(?:Error|Exception)$", base) for base in bases):
            yield f"{module.name}:{getattr(node, 'lineno', 0)} defines a failure outside errors"


# --- laws about the tree


def river(tree: Tree) -> Iterator[str]:
    """A room imports only rooms before it in the alphabet, and words and errors."""
    for module in tree.values():
        for there, line in source.own_imports(module, tree):
            if not may_import(module.room, there.partition(".")[2].partition(".")[0]):
                yield f"{module.name}:{line} imports {there}, which lies downstream"


def may_import(here: str, there: str) -> bool:
    """Whether a module of one room may import from another; "" is the top of the package."""
    if here == "errors":
        return there == here
    if there in OPEN_TO_ALL:
        return True
    if here == "":
        return there == "serve"
    return here != "words" and "" < there <= here


def no_cycles(tree: Tree) -> Iterator[str]:
    """No module reaches itself through its imports."""
    for name, module in tree.items():
        for there, line in source.own_imports(module, tree):
            if name in source.reached(there, tree):
                yield f"{name}:{line} imports {there}, which leads back to {name}"


def readers_cannot_write(tree: Tree) -> Iterator[str]:
    """Public pages and the reading interface never reach a writer, however far one follows."""
    for door in READING_DOORS:
        for writer in sorted(source.reached(door, tree) & WRITERS):
            yield f"{door} reaches {writer}"


def median_is_short(tree: Tree) -> Iterator[str]:
    """Half of all functions have at most eight lines."""
    sizes = [source.body_lines(one) for module in tree.values() for one in module.functions]
    if sizes and median(sizes) > BODY_MEDIAN:
        yield f"the median function has {median(sizes)} lines; {BODY_MEDIAN} are allowed"


def rooms_as_drawn(tree: Tree) -> Iterator[str]:
    """The drawing in pharos/__init__.py names exactly the rooms that exist, in order."""
    if "pharos" not in tree:
        return
    first_words = DRAWN.findall(ast.get_docstring(tree["pharos"].tree, clean=False) or "")
    exist = {module.room for module in tree.values()} - {"", "errors"}
    drawn = [word for word in first_words if word in exist | set(RIVER)]
    if drawn != sorted(exist):
        yield f"drawn are {', '.join(drawn) or 'no rooms'}; there are {', '.join(sorted(exist))}"
    for room in sorted(exist - set(RIVER)):
        yield f"{room} is no room of the river"


def ordered_tuples(tree: Tree) -> Iterator[str]:
    """Formats, rules, measures and models stand in one ordered tuple in their room."""
    for room, wanted in TUPLES.items():
        inside = [module for module in tree.values() if module.room == room]
        found = [module.name for module in inside if _has_tuple(module, wanted)]
        if any(not module.is_package for module in inside) and len(found) != 1:
            yield f"{room} needs exactly one tuple {wanted}; found in {found}"


def _has_tuple(module: Module, wanted: str) -> bool:
    for node in module.tree.body:
        if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Tuple):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            if wanted in {ast.unparse(target) for target in targets}:
                return True
    return False


#: What any of our files obeys, tests among them.
EVERYWHERE: tuple[Law, ...] = (size, short_functions, finished, telling_names)
LAWS: tuple[Law, ...] = (
    *EVERYWHERE,
    few_parameters,
    no_hidden_imports,
    sql_in_its_rooms,
    doors_only,
    no_float_near_money,
    chance_is_seeded,
    broad_excepts_at_doors,
    documented,
    failures_in_one_place,
)
TREE_LAWS: tuple[TreeLaw, ...] = (
    river,
    no_cycles,
    readers_cannot_write,
    median_is_short,
    rooms_as_drawn,
    ordered_tuples,
)
