"""A feed tells each viewer what he missed, once, in order; or the whole where that is too much.

In: versions of a page. Out: the events of viewers who come at any time, applied to what they have.
"""

import json
from random import Random
from typing import Any

import pytest

from pharos.serve import feed as feeds
from pharos.serve.changes import changed
from pharos.serve.feed import Feed


def page(version: int, *, date: str = "2022-10-01") -> dict[str, Any]:
    row = {"work_id": "a", "gross": version, "shown": {}, "trace": f"/t?as_of={version}&measure="}
    # What changes is less than the page, as on a real board.
    steady = [{"work_id": f"b{n}", "gross": 0, "shown": {}, "trace": ""} for n in range(20)]
    films = [row, *steady] if version % 3 else steady
    section = {"currency": "CNY", "total": row, "films": films}
    return {"date": date, "edition": version, "sections": [section]}


def tell(feed: Feed, version: int, **said: str) -> None:
    feed.tell(f"tag-{version}", json.dumps(page(version, **said)).encode())


class Viewer:
    """A browser: it applies what it is sent."""

    def __init__(self) -> None:
        self.tag = ""
        self.view: dict[str, Any] = {}
        self.kinds: list[str] = []

    def read(self, content: bytes) -> None:
        """Events as they travel."""
        for block in content.decode().split("\n\n")[:-1]:
            parts = dict(line.split(": ", 1) for line in block.split("\n"))
            data = json.loads(parts["data"])
            self.kinds.append(parts["event"])
            if parts["event"] == "whole":
                self.view = data
            elif parts["event"] == "change":
                self.view = changed(self.view, data)
            self.tag = parts.get("id", self.tag)


def test_who_comes_first_gets_the_whole_and_then_what_changes() -> None:
    feed, viewer = Feed(), Viewer()
    tell(feed, 1)
    viewer.read(feed.after(""))
    number = feed.number
    tell(feed, 2)
    feed.signal("beat", {"seconds": 0})
    viewer.read(feed.since(number))
    assert viewer.view == page(2)
    assert viewer.kinds == ["whole", "change", "beat"]
    assert feed.since(feed.number) == b""


def test_who_comes_back_gets_what_he_missed_and_no_old_signal() -> None:
    feed, viewer = Feed(), Viewer()
    tell(feed, 1)
    viewer.read(feed.after(""))
    tell(feed, 2)
    feed.signal("stale", {"seconds": 12})
    tell(feed, 4)
    viewer.read(feed.after(viewer.tag))
    assert viewer.view == page(4)
    assert viewer.kinds == ["whole", "change", "change"]
    viewer.read(feed.after(viewer.tag))
    assert viewer.kinds[-1] == "beat"
    viewer.read(feed.after("of another server"))
    assert viewer.kinds[-1] == "whole"


def test_nobody_is_sent_more_than_the_whole() -> None:
    feed, viewer = Feed(), Viewer()
    tell(feed, 1)
    viewer.read(feed.after(""))
    number = feed.number
    for version in range(2, 60):
        tell(feed, version)
    whole = feed.after("")
    assert feed.since(number) is feed.after(viewer.tag) is whole
    assert feed.since(feed.number - 2) != whole
    viewer.read(feed.since(number))
    assert viewer.view == page(59)


def test_another_day_is_told_whole_to_everybody() -> None:
    feed, viewer = Feed(), Viewer()
    tell(feed, 1)
    viewer.read(feed.after(""))
    number = feed.number
    tell(feed, 2, date="2022-10-02")
    viewer.read(feed.since(number))
    assert viewer.view == page(2, date="2022-10-02")
    tell(feed, 4, date="2022-10-02")
    viewer.read(feed.since(number + 1))
    assert viewer.view == page(4, date="2022-10-02")
    assert viewer.kinds == ["whole", "whole", "change"]


@pytest.mark.parametrize("seed", range(20))
def test_viewers_who_come_and_go_see_what_there_is(
    monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    monkeypatch.setattr(feeds, "KEPT", 4)
    random, feed = Random(seed), Feed()
    viewers = [(Viewer(), 0) for _ in range(6)]
    for version in range(1, 60):
        tell(feed, version, date=random.choice(["2022-10-01"] * 20 + ["2022-10-02"]))
        if random.random() < 0.2:
            feed.signal("beat", {"seconds": 0})
        for nth, (viewer, number) in enumerate(viewers):
            if random.random() < 0.5:
                continue
            gone = number == 0 or random.random() < 0.3
            viewer.read(feed.after(viewer.tag) if gone else feed.since(number))
            viewers[nth] = (viewer, feed.number)
            assert viewer.view["edition"] == version
            assert viewer.tag == f"tag-{version}"


def test_a_change_that_is_too_large_to_keep_is_told_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    feed, viewer = Feed(), Viewer()
    tell(feed, 1)
    viewer.read(feed.after(""))
    number = feed.number
    monkeypatch.setattr(feeds, "KEPT_BYTES", 10)
    tell(feed, 2)
    viewer.read(feed.since(number))
    assert viewer.view == page(2)
    assert feed.since(feed.number) == b""
