"""Pages as bytes: templates filled in, static files under addresses that name their content.

In: values. Out: HTML. Knows no edition and no route.
"""

import hashlib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from pharos.measure.beside import COMING_DAYS
from pharos.serve.drawn import rises
from pharos.serve.language import LANGUAGES, Language, language
from pharos.serve.policy import Sight
from pharos.serve.shelf import pack
from pharos.serve.views.names import PAGE_NAMES, PUBLISHED_PAGES

#: Types of the static files that there are.
TYPES = {
    "css": "text/css; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "svg": "image/svg+xml",
    "txt": "text/plain; charset=utf-8",
}
#: What pages may load and do: files of this server, and nothing written into the page itself.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'"
)


#: The media type of pages, and what is said with each.
HTML = "text/html; charset=utf-8"
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


@cache
def static_files() -> Mapping[str, bytes]:
    """The static files of pages by their names."""
    folder = resources.files("pharos.serve") / "static"
    return {file.name: file.read_bytes() for file in folder.iterdir() if "." in file.name}


@cache
def packed_file(name: str) -> bytes:
    """A static file for who can unpack it."""
    return pack(static_files()[name])


@cache
def digest() -> str:
    """What all static files together are: they refer to one another by their names."""
    found = hashlib.sha256()
    for name, content in sorted(static_files().items()):
        found.update(f"{name}\n{len(content)}\n".encode() + content)
    return found.hexdigest()[:16]


def static_address(name: str) -> str:
    """The address of a static file; another one as soon as its content is another."""
    return f"/static/{digest()}/{name}"


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("pharos.serve"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {"static": static_address, "pages": PAGE_NAMES}
    environment.globals |= {"published_pages": PUBLISHED_PAGES}
    environment.globals |= {"rises": rises, "coming_days": COMING_DAYS}
    return environment


def printed(template: str, spoken: Language, *, sight: Sight, **values: Any) -> bytes:  # noqa: ANN401
    """A page in a language; it leads somebody only where he may go (`sight`)."""
    others = [language(code) for code in LANGUAGES if code != spoken.code]
    values |= {"language": spoken, "words": spoken.words, "others": others, "sight": sight}
    return _environment().get_template(template).render(**values).encode()
