from dataclasses import FrozenInstanceError

import pytest

from pharos.words.venues import Cinema, Screen
from pharos.words.works import Name


def test_a_cinema_says_nothing_that_was_not_said() -> None:
    cinema = Cinema("A1", (Name("en", "The Lantern"),), territory="US", zone="America/New_York")
    assert (cinema.city, cinema.owner, cinema.first, cinema.last) == ("", "", None, None)


def test_a_screen_cannot_be_changed() -> None:
    screen = Screen("1", 120)
    with pytest.raises(FrozenInstanceError):
        screen.seats = 121  # type: ignore[misc]
