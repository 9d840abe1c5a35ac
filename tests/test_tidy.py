"""The laws of the house, held against our sources; each law also sees its own breach.

In: src/pharos and tests as text. Out: every breach in one sentence. The laws are in tidy_laws.py.
"""

from pathlib import Path

import pytest

from tests import tidy_laws as laws
from tests.tidy_laws import Law, TreeLaw
from tests.tidy_source import Module, Tree, read_tree

ROOT = Path(__file__).parents[1]
SOURCES = read_tree(ROOT / "src" / "pharos", "pharos")
TESTS = read_tree(ROOT / "tests", "tests")

WIDE_TABLE = "x = '''\\ncinema | work | paid | " + "y" * 90 + "\\n'''\\n"
UNDONE = "try:\n    f()\nexcept BaseException:\n    undo()\n    raise\n"
LONG_BODY = "def walk() -> None:\n" + "    step()\n" * 51
NINE_LINES = "def walk() -> None:\n" + "    step()\n" * 9
CYCLE = {
    "pharos.keep.one": "from pharos.keep import two\n",
    "pharos.keep.two": "from pharos.keep.three import thing\n",
    "pharos.keep.three": "import pharos.keep.one\n",
}
BACK_DOOR = {
    "pharos.serve.pages": "from pharos.keep import totals\n",
    "pharos.keep.totals": "from pharos.keep.receive import receive\n",
    "pharos.keep.receive": "",
}

#: (law, where the snippet is planted, the snippet): each must be seen as a breach.
PLANTED: tuple[tuple[Law, str, str], ...] = (
    (laws.size, "pharos.keep.ledger", "x = 1\n" * 401),
    (laws.size, "pharos.keep.ledger", "x = '" + "y" * 96 + "'\n"),
    (laws.size, "pharos.keep.ledger", WIDE_TABLE),
    (laws.short_functions, "pharos.keep.ledger", LONG_BODY),
    (laws.few_parameters, "pharos.keep.ledger", "def f(a, b, c, d, e, g): ...\n"),
    (laws.few_parameters, "pharos.keep.ledger", "def f(a, b, *c, d, e, **g): ...\n"),
    (laws.no_hidden_imports, "pharos.keep.a", "def f():\n    from pharos.words import money\n"),
    (laws.no_hidden_imports, "pharos.keep.a", "def f():\n    from . import ledger\n"),
    (laws.no_hidden_imports, "pharos.x", "import importlib as i\ni.import_module('pharos.a')\n"),
    (laws.sql_in_its_rooms, "pharos.serve.cli", "import duckdb\n"),
    (laws.sql_in_its_rooms, "pharos.check.rules", "from duckdb import connect\n"),
    (laws.sql_in_its_rooms, "pharos.keep.ledger", "import sqlite3\n"),
    (laws.sql_in_its_rooms, "pharos.arrive.native", "import sqlite3 as s\n"),
    (laws.sql_in_its_rooms, "pharos.match.names", "q = 'SELECT 1'\n"),
    (laws.sql_in_its_rooms, "pharos.match.names", "q = f'SELECT {x} FROM t'\n"),
    (laws.sql_in_its_rooms, "pharos.match.names", "q = '''\n  -- per work\n  with a as (b)'''\n"),
    (laws.sql_in_its_rooms, "pharos.serve.cli", "q = 'delete from postings'\n"),
    (laws.doors_only, "pharos.keep.a", "from datetime import datetime\nx = datetime.now()\n"),
    (laws.doors_only, "pharos.keep.a", "import datetime as d\nx = d.date.today\n"),
    (laws.doors_only, "pharos.keep.a", "from time import time\n"),
    (laws.doors_only, "pharos.keep.a", "import os\nx = os.environ['HOME']\n"),
    (laws.doors_only, "pharos.arrive.journal", "import secrets\n"),
    (laws.doors_only, "pharos.measure.sql", "print('rows')\n"),
    (laws.doors_only, "pharos.measure.sql", "from http import HTTPStatus\n"),
    (laws.doors_only, "pharos.measure.sql", "answer = Answer(status_code=404)\n"),
    (laws.doors_only, "pharos.words.calendar", "x = moment.astimezone()\n"),
    (laws.no_float_near_money, "pharos.words.money", "x = float('41.40')\n"),
    (laws.no_float_near_money, "pharos.keep.postings", "def f(paid: float | None): ...\n"),
    (laws.no_float_near_money, "pharos.check.sums", "def f() -> list[float]: ...\n"),
    (laws.no_float_near_money, "pharos.arrive.tables", "import numpy as np\nx = np.float64(1)\n"),
    (laws.no_float_near_money, "pharos.keep.schema", "x = 'CREATE TABLE t (paid DOUBLE)'\n"),
    (laws.chance_is_seeded, "pharos.keep.a", "import random\n"),
    (laws.chance_is_seeded, "pharos.keep.a", "import numpy as np\nx = np.random.default_rng(7)\n"),
    (laws.chance_is_seeded, "pharos.rehearse.a", "import random\nx = random.random()\n"),
    (laws.chance_is_seeded, "pharos.predict.a", "from numpy.random import default_rng as d\nd()\n"),
    (laws.broad_excepts_at_doors, "pharos.keep.a", "try:\n    f()\nexcept Exception:\n    pass\n"),
    (laws.broad_excepts_at_doors, "pharos.keep.a", "try:\n    f()\nexcept:\n    pass\n"),
    (
        laws.broad_excepts_at_doors,
        "pharos.keep.a",
        "import contextlib as c\nc.suppress(Exception)\n",
    ),
    (laws.documented, "pharos.keep.a", "x = 1\n"),
    (laws.documented, "pharos.keep.a", '"""Said."""\ndef counted(): ...\n'),
    (laws.documented, "pharos.keep.a", '"""Said."""\nclass Counted: ...\n'),
    (
        laws.documented,
        "pharos.keep.a",
        '"""Said."""\nclass A:\n    """Said."""\n    def f(s): ...\n',
    ),
    (laws.telling_names, "pharos.keep.utils", ""),
    (laws.telling_names, "pharos.core.ledger", ""),
    (laws.finished, "pharos.keep.a", "x = 1  # TO" + "DO count\n"),
    (laws.failures_in_one_place, "pharos.keep.a", "class NoLedger(RefusedError): ...\n"),
)
#: What looks like a breach and is none.
ALLOWED: tuple[tuple[Law, str, str], ...] = (
    (laws.size, "tests.spec.money.test_passes", WIDE_TABLE),
    (laws.size, "pharos.keep.a", "x = '" + "y" * 90 + "'  # noqa: S608\n"),
    (laws.few_parameters, "pharos.keep.a", "class A:\n    def f(self, a, b, c, d, e): ...\n"),
    (laws.short_functions, "pharos.keep.a", 'def f():\n    """A.\n' + "\n" * 60 + '"""\n    g()\n'),
    (laws.sql_in_its_rooms, "pharos.keep.a", "import duckdb\nq = 'SELECT 1'\n"),
    (laws.sql_in_its_rooms, "pharos.arrive.journal_rows", "import sqlite3\nq = 'SELECT 1'\n"),
    (laws.sql_in_its_rooms, "pharos.serve.cli", "x = f'read {n} rows with {m} held'\n"),
    (laws.sql_in_its_rooms, "pharos.serve.cli", "x = 'With a mapping, tables can be read'\n"),
    (laws.doors_only, "pharos.serve.cli", "import os\nprint(os.environ)\n"),
    (laws.doors_only, "pharos.keep.a", "from datetime import time\nx = time(6)\n"),
    (laws.no_float_near_money, "pharos.measure.sql", "def f(share: float): ...\n"),
    (laws.no_float_near_money, "pharos.arrive.tables", "x = isinstance(cell, float)\n"),
    (laws.chance_is_seeded, "pharos.rehearse.a", "import random\nx = random.Random(7)\n"),
    (laws.broad_excepts_at_doors, "pharos.serve.a", "try:\n    f()\nexcept Exception:\n    pass\n"),
    (laws.broad_excepts_at_doors, "pharos.keep.a", UNDONE),
    (laws.documented, "pharos.keep.a", '"""Said."""\ndef _inner(): ...\n'),
    (laws.failures_in_one_place, "pharos.errors", "class NoLedger(RefusedError): ...\n"),
)
PLANTED_TREES: tuple[tuple[TreeLaw, dict[str, str]], ...] = (
    (laws.river, {"pharos.keep.ledger": "from pharos.measure.sql import text\n"}),
    (laws.river, {"pharos.keep.ledger": "from ..serve import cli\n"}),
    (laws.river, {"pharos.words.money": "from pharos.arrive import native\n"}),
    (laws.river, {"pharos.errors": "from pharos.words import money\n"}),
    (laws.river, {"pharos.serve.cli": "from pharos import open\n", "pharos": ""}),
    (laws.river, {"pharos": "from pharos.keep.ledger import Ledger\n"}),
    (laws.no_cycles, CYCLE),
    (laws.readers_cannot_write, BACK_DOOR),
    (laws.median_is_short, {"pharos.keep.ledger": NINE_LINES}),
    (laws.rooms_as_drawn, {"pharos": '"""The map.\n\n    keep   it\n"""\n'}),
    (laws.rooms_as_drawn, {"pharos": '"""The map."""\n', "pharos.keep": ""}),
    (laws.rooms_as_drawn, {"pharos": '"""The map.\n\n    store  it\n"""\n', "pharos.store": ""}),
    (laws.ordered_tuples, {"pharos.measure.catalogue": "MEASURES = [gross]\n"}),
    (laws.ordered_tuples, {"pharos.check.a": "RULES = ()\n", "pharos.check.b": "RULES = ()\n"}),
)
ALLOWED_TREES: tuple[tuple[TreeLaw, dict[str, str]], ...] = (
    (laws.river, {"pharos": "from pharos.serve.doors import open\n"}),
    (laws.river, {"pharos.keep.a": "from pharos.arrive import b\nfrom pharos.words import c\n"}),
    (laws.no_cycles, {"pharos.keep": "from pharos.keep.a import x\n", "pharos.keep.a": ""}),
    (laws.readers_cannot_write, {"pharos.serve.intake": "import pharos.keep.receive\n"}),
    (laws.rooms_as_drawn, {"pharos": '"""Map.\n\n    ├── keep/  it\n"""\n', "pharos.keep": ""}),
    (laws.ordered_tuples, {"pharos.check.a": "RULES: tuple[Rule, ...] = (dates, sums)\n"}),
)


def planted(texts: dict[str, str]) -> Tree:
    """A small tree of modules out of their texts."""
    packages = {name.rpartition(".")[0] for name in texts} | {"pharos"}
    return {name: Module(name, text, name in packages) for name, text in texts.items()}


def require_none(breaches: list[str]) -> None:
    """Fail with every breach in full, one a line."""
    if breaches:
        pytest.fail("\n".join(breaches), pytrace=False)


@pytest.mark.parametrize("law", laws.LAWS, ids=lambda law: law.__name__)
def test_every_source_file_obeys(law: Law) -> None:
    require_none([breach for module in SOURCES.values() for breach in law(module)])


@pytest.mark.parametrize("law", laws.EVERYWHERE, ids=lambda law: law.__name__)
def test_every_test_file_obeys(law: Law) -> None:
    require_none([breach for module in TESTS.values() for breach in law(module)])


@pytest.mark.parametrize("law", laws.TREE_LAWS, ids=lambda law: law.__name__)
def test_the_tree_obeys(law: TreeLaw) -> None:
    require_none(list(law(SOURCES)))


@pytest.mark.parametrize(("law", "name", "text"), PLANTED)
def test_a_planted_breach_is_seen(law: Law, name: str, text: str) -> None:
    assert list(law(Module(name, text)))


@pytest.mark.parametrize(("law", "name", "text"), ALLOWED)
def test_what_only_looks_like_a_breach_passes(law: Law, name: str, text: str) -> None:
    assert not list(law(Module(name, text)))


@pytest.mark.parametrize(("law", "texts"), PLANTED_TREES)
def test_a_breach_planted_in_a_tree_is_seen(law: TreeLaw, texts: dict[str, str]) -> None:
    assert list(law(planted(texts)))


@pytest.mark.parametrize(("law", "texts"), ALLOWED_TREES)
def test_a_tree_that_only_looks_wrong_passes(law: TreeLaw, texts: dict[str, str]) -> None:
    assert not list(law(planted(texts)))


def test_every_law_has_its_own_breach() -> None:
    seen = {law for law, _, _ in PLANTED} | {law for law, _ in PLANTED_TREES}
    assert seen == {*laws.LAWS, *laws.TREE_LAWS}


def test_what_does_not_exist_breaks_no_law() -> None:
    assert not [law.__name__ for law in laws.TREE_LAWS if list(law({}))]
