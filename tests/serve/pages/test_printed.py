"""What the template of pages of tables makes of values that no page of the week has."""

import re

from pharos.serve.language import language
from pharos.serve.policy import everything
from pharos.serve.printed import printed
from tests.serve.asking_home import Asking


def test_a_change_has_its_sign_and_the_class_of_its_way(home: Asking) -> None:
    view = home.get("/en/places.json").json
    table = view["tables"][0]
    at = next(head["at"] for head in table["heads"] if head["name"] == "gross")
    table["heads"][at] |= {"name": "change_week", "measure": "change_week"}
    ways = {"0.100000": "up", "-0.030000": "down", "0.000000": ""}
    table["rows"], table["cells"] = table["rows"][:3], table["cells"][:3]
    for row, line, change in zip(table["rows"], table["cells"], ways, strict=True):
        row["change_week"] = change
        line["cells"][at] = [language("en").number("change_week", change), "", "", ""]
    text = printed(
        "view.html", language("en"), sight=everything(), view=view,
        elsewhere={"en": "/en/places", "zh": "/zh/places"},
    ).decode()  # fmt: skip
    cells = re.findall(
        r'<td class="n">(?:<span class="(\w+)">)?<a [^>]+change_week">([^<]+)</a>', text
    )
    assert cells == [("up", "+10.0%"), ("down", "-3.0%"), ("", "0.0%")]
