"""The page of the interface for programs: what the description says, and nothing that is closed."""

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from pharos.serve.language import LANGUAGES, language
from tests.serve.asking_home import Asking
from tests.serve.pages.page import Page


def described(home: Asking) -> list[tuple[str, str, dict[str, Any]]]:
    paths = home.get("/openapi.json").json["paths"]
    return [(m.upper(), path, said) for path, ways in paths.items() for m, said in ways.items()]


@pytest.mark.parametrize("code", ["en", "zh"])
def test_every_path_with_its_parameters_and_answers(home: Asking, code: str) -> None:
    shown = home.get(f"/{code}/interface").body.decode()
    page = Page(shown)
    ids = {one["id"] for one in page.all("section")}
    for method, path, said in described(home):
        assert said["operationId"] in ids
        assert f"<code>{method} {path}</code>" in shown
        for parameter in said.get("parameters", []):
            assert f"<code>{parameter['name']}</code>" in shown
    shapes = home.get("/openapi.json").json["components"]["schemas"]
    assert shapes.keys() <= ids
    links = [one["href"] for one in page.all("a") if one["href"].startswith("#")]
    assert {link[1:] for link in links} - {"main"} <= ids
    assert len(links) > 40


def test_every_group_of_paths_has_a_name(home: Asking) -> None:
    groups = {tag for _, _, said in described(home) for tag in said["tags"]}
    for code in LANGUAGES:
        # That of the door for reports is in the description of a whole server.
        assert groups == language(code).words["interface_groups"].keys() - {"reports"}


def test_what_it_leads_to_answers(home: Asking) -> None:
    page = Page(home.get("/en/interface").body.decode())
    asked = [one["href"] for one in page.all("a") if one["href"].startswith("/api/")]
    assert "/api/v1/ask?measure=gross" in asked[0]
    assert len(asked) == 11
    for address in asked:
        parts = urlsplit(address)
        query: dict[str, Any] = {}
        for name, text in parse_qsl(parts.query):
            query.setdefault(name, []).append(text)
        assert home.get(parts.path, None, **query).status == 200, address


def test_the_usual_address_leads_there_in_the_readers_language(home: Asking) -> None:
    for accepted, code in (("zh-CN,zh;q=0.9", "zh"), ("de", "en")):
        found = home.get("/api/docs", {"accept-language": accepted})
        assert (found.status, found.headers["location"]) == (302, f"/{code}/interface")


def test_what_is_closed_to_a_reader_is_not_on_his_page(home: Asking) -> None:
    shown = home.get("/en/interface", {"pharos-reader": "anonymous"}).body.decode()
    assert "<code>GET /api/v1/ask</code>" in shown
    for closed in ("POST", "/api/v1/cinemas", "/api/v1/held", "/api/v1/messages"):
        assert closed not in shown
    shapes = {one["id"] for one in Page(shown).all("section")}
    assert {"Answer", "Problem"} <= shapes
    assert not {"Held", "Message"} & shapes
