"""Forms as a browser sends them to a server, and what the pages that come back say.

In: a served home. Out: pages. Must not know what any of them should say.
"""

import re
from typing import Any

import httpx

from tests.serve.pages.week import today
from tests.serve.served import Served

MAPPING = """
name = "house"
title = "The house's weekly sheet"
kind = "day_totals"

[constants]
cinema = "quiet"

[columns]
date = "Date"
work = "Film"
gross = "Gross"
admissions = "Admissions"

[scope]
kind = "span"
"""
SHEET = f"""Date,Film,Gross,Admissions
{today()},ferry,120.00,4
{today()},salt,90.00,3
"""
#: What a browser says with a form that it sends from a page of the same server.
FROM_HERE = {"sec-fetch-site": "same-origin"}


def posted(
    server: Served, page: str, fields: dict[str, str], **files: tuple[str, bytes]
) -> httpx.Response:
    """A form, sent as a browser does."""
    parts = {name: (None, text) for name, text in fields.items()} | files
    headers = FROM_HERE | {"origin": server.url}
    return httpx.post(f"{server.url}/{page}", files=parts, headers=headers, timeout=60)


def looked(server: Served, name: str, content: bytes, **fields: str) -> httpx.Response:
    files = {"file": (name, content)}
    if own := fields.pop("own", ""):
        files["own_mapping"] = ("house.toml", own.encode())
    said = {"act": "look", "sender": "quiet", "mapping": "", "stream": "", **fields}
    return posted(server, "en/upload", said, **files)


def confirmed(server: Served, shown: httpx.Response, form: str = "en/upload") -> httpx.Response:
    key = re.search(r'name="key" value="(\w+)"', shown.text)
    assert key, shown.text
    return posted(server, form, {"act": "send", "key": key[1]})


def facts(page: httpx.Response) -> dict[str, str]:
    """The facts that a page lists."""
    found = re.findall(r"<dt>(.*?)</dt><dd[^>]*>(.*?)</dd>", page.text, re.DOTALL)
    return {name: re.sub(r"<[^>]+>", "", said) for name, said in found}


def size(server: Served) -> int:
    return int(server.get("reports", limit=1000)["rows"][-1]["position"])


def day(work: str, gross: str, admissions: int, **said: Any) -> dict[str, Any]:  # noqa: ANN401
    return {"kind": "day_totals", "cinema": "quiet", "date": str(today()), "work": work,
            "gross": gross, "admissions": admissions} | said  # fmt: skip
