"""What is drawn without a script: small lines, bars of a share, which way a change goes."""

from decimal import Decimal
from xml.etree import ElementTree as ET

from jinja2 import Environment, PackageLoader

from pharos.serve.drawn import HEIGHT, WIDTH, line_path, rises, small_line


def macro(name: str, *values: object) -> str:
    """What a macro makes."""
    environment = Environment(loader=PackageLoader("pharos.serve"), autoescape=True)
    return str(getattr(environment.get_template("drawn.html").module, name)(*values))


def test_a_line_begins_at_zero_and_fills_its_grid() -> None:
    # 0 lies at the bottom, 200.00 at the top, 100 half way.
    assert small_line(["0", 100, Decimal("200.00")]) == [[(2, 26), (60, 14), (118, 2)]]
    assert small_line([5, 5]) == [[(2, 2), (118, 2)]]
    assert small_line([0, 0]) == [[(2, 2), (118, 2)]]
    for line in small_line([3, -9, 7, 0]):
        assert all(0 <= x <= WIDTH and 0 <= y <= HEIGHT for x, y in line)
    # Refunds may exceed sales: zero lies above them.
    assert small_line([-10, 0]) == [[(2, 26), (118, 2)]]


def test_what_is_not_known_is_a_gap() -> None:
    assert small_line([1, None, 1]) == [[(2, 2)], [(118, 2)]]
    assert small_line([None, None]) == []
    assert small_line([]) == []
    assert small_line(["3.10"]) == [[(2, 2)]]


def test_a_week_is_drawn_as_a_path() -> None:
    assert line_path(["0.00", "5.00", "10.00"]) == "M2 26L60 14L118 2"
    # What stands alone before a gap is a point, which no line shows.
    assert line_path(["10.00", None, "5.00"]) == "M2 2M118 14"
    for nothing in ((), (None, "3.00"), ("0.00", "0.00")):
        assert line_path(nothing) == ""


def test_a_bar_is_as_wide_as_its_share() -> None:
    bar = ET.fromstring(macro("share_bar", "0.184"))
    assert bar[0].attrib["width"] == "0.184"
    assert bar.attrib["aria-hidden"] == "true"


def test_only_a_change_rises_or_falls() -> None:
    assert rises("change_week", "0.013000") == "up"
    assert rises("change_week", "-0.000001") == "down"
    assert rises("change_week", "0.000000") == ""
    assert rises("change_week", None) == ""
    assert rises("gross", "12.00") == ""
