"""Connections of a listener that was told so end by themselves when nobody reads them."""

import socket
import sys

import pytest

from pharos.serve.listeners import end_unread


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has this option")
def test_a_listener_hands_its_patience_on() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as one,
        socket.create_server(("127.0.0.1", 0)) as two,
    ):
        assert end_unread(one.getsockname()[1], 12.5) == 1
        patience = []
        for listener in (one, two):
            with socket.create_connection(listener.getsockname()):
                accepted, _ = listener.accept()
                with accepted:
                    option = (socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT)
                    patience.append(accepted.getsockopt(*option))
        assert patience == [12_500, 0]


def test_nobody_listens_on_a_port() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert end_unread(port, 1.0) == 0
