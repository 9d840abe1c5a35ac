"""Names of works and cinemas in the language of a page.

In: an edition. Out: texts. Knows no page.
"""

from pharos.measure.edition import Edition


def in_language(edition: Edition, kind: str, said: str, code: str) -> tuple[str, str]:
    """The name of an id in a language, and another one beside it, empty if there is none."""
    plain = said.removeprefix(f"{kind}:")
    names = edition.names.get((kind, plain), {})
    tags = [tag for tag in names if tag.partition("-")[0] == code]
    shown = names[tags[0]] if tags else edition.name(kind, plain, code)
    also = next((name for name in names.values() if name != shown), "")
    return shown, also
