"""Parcels leave in the order of the clock, under ids that count from one."""

from pharos.rehearse.post import Load, Post


def load(sender: str, text: str) -> Load:
    """Something to send that says at which second it was written."""
    return Load(sender, "tickets", lambda second: f"{text} {second}".encode(), events=2)


def test_parcels_leave_when_their_second_has_come() -> None:
    post = Post()
    post.give(300, load("a", "late"))
    post.give(100, load("a", "early"))
    post.give(100, load("b", "other"))
    first = [(one.sender, one.id, one.body, one.events) for one in post.until(200)]
    assert first == [("a", "2", b"early 100", 2), ("b", "1", b"other 100", 2)]
    assert [one.body for one in post.until(301)] == [b"late 300"]
    assert not list(post.until(1000))


def test_what_is_sent_again_has_the_same_id_and_bytes() -> None:
    post = Post()
    post.again(post.give(100, load("a", "x")), 250)
    once, again = post.until(1000)
    assert (once.id, once.body) == (again.id, again.body) == ("1", b"x 100")
    assert (again.moment - once.moment).seconds == 150


def test_what_was_sent_before_is_not_even_written() -> None:
    post = Post(skip=1, since=200)
    for leaves in (100, 150, 200):
        post.give(leaves, load("a", "x"))
    assert [(one.id, one.body) for one in post.until(1000)] == [("3", b"x 200")]
