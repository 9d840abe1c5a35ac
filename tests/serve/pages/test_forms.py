"""A file sent from a page: first what would change, then the very same message."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from pharos.arrive.journal import Draft
from pharos.serve.pending import Pending
from pharos.serve.sending import Parcel
from tests.serve.pages.page import Page
from tests.serve.pages.sent_forms import (
    FROM_HERE,
    MAPPING,
    SHEET,
    confirmed,
    day,
    facts,
    looked,
    posted,
    size,
)
from tests.serve.pages.week import made_week, today
from tests.serve.served import Served, serving
from tests.serve.terminal import native, pharos

pytestmark = pytest.mark.slow


@pytest.fixture
def server(own_week: Path) -> Iterator[Served]:
    with serving(own_week) as served:
        yield served


def test_a_native_file_is_looked_at_and_then_sent(server: Served) -> None:
    """One row of three lacks its work and is held; nothing is kept before it is confirmed."""
    before = size(server)
    body = native(day("ferry", "120.00", 4), day("salt", "90.00", 3), {"kind": "day_totals"})
    shown = looked(server, "week.jsonl", body)
    assert shown.status_code == 200, shown.text
    assert "It would be: accepted with findings." in shown.text
    said = facts(shown)
    assert (said["Rows read"], said["Rows held"], said["Rows added"]) == ("2", "1", "2")
    assert "cinema is missing; add it, or set it in defaults" in shown.text
    assert size(server) == before
    sent = confirmed(server, shown)
    assert sent.status_code == 200
    told = facts(sent)
    digest = hashlib.sha256(body).hexdigest()
    assert (told["Report"], told["Id"], told["Digest"]) == (str(before + 1), digest, digest)
    assert ("accepted with findings" in sent.text, told["Rows held"]) == (True, "1")
    (kept,) = server.get("reports", sender="quiet", verdict="accepted_with_findings")["rows"]
    assert (kept["id"], kept["digest"], kept["position"]) == (digest, digest, before + 1)


def test_the_message_is_the_one_of_the_command_line(server: Served, tmp_path: Path) -> None:
    """Sent by the page, then by `pharos submit` and by the API: it exists, and is one report."""
    sheet, mapping = tmp_path / "week.csv", tmp_path / "house.toml"
    sheet.write_text(SHEET)
    mapping.write_text(MAPPING)
    sent = facts(confirmed(server, looked(server, "week.csv", SHEET.encode(), own=MAPPING)))
    words = ("submit", str(sheet), "--map", str(mapping), "--sender", "quiet", "--json")
    again = pharos(None, *words, "--url", server.url).json
    assert again["verdict"] == "exists"
    assert again["receipt"]["position"] == int(sent["Report"])
    assert again["receipt"]["leaf"] == sent["Leaf"]


def test_pressing_twice_sends_it_once(server: Served) -> None:
    shown = looked(server, "one.jsonl", native(day("ferry", "120.00", 4)))
    first, second = confirmed(server, shown), confirmed(server, shown)
    assert facts(first)["Leaf"] == facts(second)["Leaf"]
    assert "Received before: nothing was added" in second.text
    assert size(server) == int(facts(first)["Report"])
    # Looked at once more, it is known, and there is nothing to send.
    known = looked(server, "one.jsonl", native(day("ferry", "120.00", 4)))
    assert "This very report has arrived before" in known.text
    assert f"report={facts(first)['Report']}" in known.text
    assert 'name="key"' not in known.text


def test_what_would_change_is_what_changes(server: Served) -> None:
    """A newer file of the same scope: one row changed, one withdrawn, one added, one as before."""
    old = SHEET + f"{today()},rice,30.00,1\n"
    confirmed(server, looked(server, "old.csv", old.encode(), own=MAPPING))
    new = SHEET.replace("90.00,3", "100.00,4") + f"{today()},clock,60.00,2\n"
    shown = looked(server, "new.csv", new.encode(), own=MAPPING)
    said = facts(shown)
    names = ("Rows added", "Rows changed", "Rows withdrawn", "Rows as before")
    assert [said[name] for name in names] == ["1", "1", "1", "1"]
    assert "CNY 90.00" in shown.text
    assert "CNY 100.00" in shown.text
    before = server.get("ask", measure="gross", where="cinema=quiet", period=str(today()))
    assert before["rows"][0]["gross"] == "240.00"
    confirmed(server, shown)
    after = server.get("ask", measure="gross", where="cinema=quiet", period=str(today()))
    assert after["rows"][0]["gross"] == "280.00"


def test_a_look_disturbs_nobody(server: Served) -> None:
    """Looks and reports in turns: every report counts as if nobody had looked."""
    for nth in range(5):
        new = day(f"new-{nth}", "10.00", 1)
        shown = looked(server, "x.jsonl", native(new | {"cinema": f"tried-{nth}", "work": "tried"}))
        assert "It would be: accepted with findings." in shown.text
        assert server.send(native(new), "quiet")["verdict"] == "accepted_with_findings"
    found = server.get("ask", measure="gross", where="cinema=quiet", period=str(today()))
    assert found["rows"][0]["gross"] == "50.00"
    assert not [one for one in server.get("cinemas", limit=1000)["rows"]
                if "tried" in one["cinema_id"]]  # fmt: skip
    assert server.complaints() == []


def test_a_known_mapping_is_chosen_by_name(server: Served) -> None:
    confirmed(server, looked(server, "week.csv", SHEET.encode(), own=MAPPING))
    form = httpx.get(f"{server.url}/en/upload").text
    digest = hashlib.sha256(MAPPING.encode()).hexdigest()
    assert f'<option value="{digest}"' in form
    assert "house (" in form
    assert "agile-showings" in form
    later = SHEET.replace("120.00", "130.00").encode()
    shown = looked(server, "week.csv", later, mapping=digest)
    assert facts(shown)["Rows changed"] == "1"


def test_a_mapping_that_is_not_utf8_is_named(server: Served) -> None:
    """What cannot be read is not read as something else."""
    said = {"act": "look", "sender": "quiet", "mapping": "", "stream": ""}
    own = MAPPING.replace('"Film"', '"Fílm"').encode("latin-1")
    files = {"file": ("week.csv", SHEET.encode()), "own_mapping": ("house.toml", own)}
    shown = posted(server, "en/upload", said, **files)
    assert shown.status_code == 400
    assert "house.toml is not written in UTF-8; save it as UTF-8" in shown.text


def test_total_rows_are_said(server: Served) -> None:
    totals = MAPPING + '\n[[total]]\ncolumn = "Film"\nequals = ["Total"]\n'
    sheet = SHEET + f"{today()},Total,210.00,8\n"
    shown = looked(server, "week.csv", sheet.encode(), own=totals)
    assert facts(shown)["Total rows"] == "1 of 2 figures agree with their lines"


def broken(number: int) -> bytes:
    return b"PK\x03\x04" + bytes(range(256)) * number


BAD: tuple[tuple[str, bytes, dict[str, str], int, str], ...] = (
    ("empty.csv", b"", {}, 400, "choose a file"),
    ("blank.jsonl", b" \n", {}, 422, "empty"),
    ("week.csv", SHEET.encode(), {}, 422, "no known format"),
    ("week.csv", b"a,b\n1,2\n", {"own": MAPPING}, 422, "Date"),
    ("week.xlsx", broken(20), {"own": MAPPING}, 422, "week.xlsx"),
    ("week.csv", SHEET.encode(), {"own": "name = 1"}, 400, "mapping"),
    ("week.csv", SHEET.encode(), {"own": "\xff["}, 400, "TOML"),
    ("week.csv", SHEET.encode(), {"mapping": "../../etc/passwd"}, 400, "no mapping"),
    ("one.jsonl", native(day("ferry", "1.00", 1)), {"sender": ""}, 400, "say who sends"),
    ("one.jsonl", native(day("ferry", "1.00", 1)), {"sender": "home"}, 400, "itself"),
    ("one.jsonl", native(day("ferry", "1.00", 1)), {"sender": "x" * 300}, 422, "characters"),
    ("one.jsonl", native(day("ferry", "1.00", 1, name="Ann")), {}, 422, "no field"),
    ("act.jsonl", b'{"pharos": 1, "administration": []}', {}, 422, "administ"),
)


@pytest.mark.parametrize(("name", "content", "fields", "status", "said"), BAD)
def test_what_cannot_be_sent_is_said_on_the_form(
    bad_server: Served, name: str, content: bytes, fields: dict[str, str], status: int, said: str
) -> None:
    before = size(bad_server)
    shown = looked(bad_server, name, content, **fields)
    assert shown.status_code == status, shown.text
    page = Page(shown.text)
    (problem,) = [e for tag, e in page.elements if e.get("class") == "problem"]
    assert problem["role"] == "alert"
    assert said in page.text
    assert 'name="file"' in shown.text
    if "sender" not in fields:
        assert 'value="quiet"' in shown.text
    assert size(bad_server) == before


@pytest.fixture(scope="module")
def bad_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Nobody keeps anything there."""
    with serving(made_week(tmp_path_factory.mktemp("bad") / "home", today())) as served:
        yield served


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 403),
        ({"origin": "http://127.0.0.1:1"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "https://example.org"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"sec-fetch-site": "none"}, 403),
        ({"sec-fetch-site": "same-origin", "origin": "http://127.0.0.1:1"}, 403),
        ({"sec-fetch-site": "same-origin"}, 400),
        ({"origin": "own"}, 400),
    ],
)
def test_forms_of_other_sites_are_refused(
    bad_server: Served, headers: dict[str, str], status: int
) -> None:
    said = {name: text.replace("own", bad_server.url) for name, text in headers.items()}
    got = httpx.post(f"{bad_server.url}/en/upload", data={"act": "look"}, headers=said)
    assert got.status_code == status, got.text


BODIES: tuple[tuple[str, bytes], ...] = (
    ("text/plain", b"x"),
    ("multipart/form-data", b"x"),
    ("multipart/form-data; boundary=b", b"--b\r\nno name\r\n\r\nx\r\n--b--"),
    (
        "multipart/form-data; boundary=b",
        b'--b\r\nContent-Disposition: form-data; name="a"\r\n\r\nx',
    ),
    ("multipart/form-data; boundary=b", b"--b\r\n\r\n" * 100 + b"--b--"),
    ("application/x-www-form-urlencoded", b"a=%ff"),
    ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % n for n in range(99))),
    ("application/x-www-form-urlencoded", b"sender=" + b"x" * 5000),
    ("application/x-www-form-urlencoded", b"act=send&key=unknown"),
)


@pytest.mark.parametrize(("kind", "body"), BODIES)
def test_no_body_is_too_strange(bad_server: Served, kind: str, body: bytes) -> None:
    headers = FROM_HERE | {"content-type": kind}
    for form in ("en/upload", "zh/correct"):
        got = httpx.post(f"{bad_server.url}/{form}", content=body, headers=headers)
        assert got.status_code in (400, 404), (form, got.text)
        assert 'role="alert"' in got.text
    assert bad_server.complaints() == []


def test_a_hundred_megabytes_are_turned_away_in_words(bad_server: Served) -> None:
    shown = looked(bad_server, "huge.csv", b"x" * (100 << 20))
    assert shown.status_code == 413
    assert "this server takes at most" in shown.text
    assert 'name="file"' in shown.text
    assert bad_server.memory() < 1 << 30


def test_a_file_of_any_bytes_arrives_as_it_was(server: Served) -> None:
    """Boundaries and line ends within the file are its own."""
    row = day("ferry", "1.00", 1)
    body = native(row).replace(b"\n", b"\r\n") + b"\r\n--x\r\n--\n\r\n"
    shown = looked(server, "odd.jsonl", body)
    assert facts(confirmed(server, shown))["Digest"] == hashlib.sha256(body).hexdigest()


def test_a_stream_of_ones_own(server: Served) -> None:
    sent = confirmed(server, looked(server, "a.jsonl", native(day("ferry", "1.00", 1)), stream="s"))
    assert facts(sent)["Stream"] == "s"


def test_another_body_under_a_used_id_is_said(server: Served) -> None:
    first = native(day("ferry", "1.00", 1), id="7")
    confirmed(server, looked(server, "a.jsonl", first))
    shown = looked(server, "b.jsonl", native(day("ferry", "2.00", 1), id="7"))
    assert "It would be: refused." in shown.text
    assert 'name="key"' not in shown.text


def test_pending_parcels_have_bounds() -> None:
    pending = Pending(room=100)
    parcels = [Parcel(Draft("s", "", str(n), b"x" * 40)) for n in range(3)]
    keys = [pending.put(one) for one in parcels]
    assert pending.put(parcels[1]) == keys[1]
    assert [pending.get(key) is not None for key in keys] == [False, True, True]
    large = pending.put(Parcel(Draft("s", "", "l", b"x" * 400)))
    assert pending.get(large) is not None
    assert pending.get(keys[2]) is None
