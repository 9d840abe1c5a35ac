"""Which mappings a home knows, for those who choose one.

In: an edition. Out: names by digest, the newest first.
"""

from pharos.arrive.mapping import parse_mapping
from pharos.errors import BadMapping
from pharos.measure.edition import Edition


def mappings(edition: Edition) -> dict[str, str]:
    """The names of all mappings by the digests of their texts, the newest first."""
    found = {}
    for digest, text in edition.rows(_MAPPINGS, edition.position):
        try:
            found[digest] = parse_mapping(text).name
        except BadMapping:
            # An earlier version took it.
            continue
    return found


_MAPPINGS = """
SELECT name, arg_max(text, (position, rowid)) FROM setting_fact
WHERE kind = 'mapping' AND position <= ? GROUP BY name ORDER BY max(position) DESC, name
"""
