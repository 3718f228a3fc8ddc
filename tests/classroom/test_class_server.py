"""The socket of a server."""

from __future__ import annotations

import asyncio
import socket

import pytest

from sim.errors import UsageError
from sim.web.web_server import listening_socket


def test_an_answer_is_sent_at_once() -> None:
    """Nagle's algorithm, left on, holds a short last part back until the one before is acknowledged, 40 ms later."""

    async def sent_at_once() -> int:
        taken: asyncio.Future[int] = asyncio.get_running_loop().create_future()

        def connected(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            taken.set_result(writer.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
            writer.close()

        with listening_socket(0) as listening:
            async with await asyncio.start_server(connected, sock=listening):
                _, writer = await asyncio.open_connection(*listening.getsockname())
                writer.close()
                return await taken

    assert asyncio.run(sent_at_once())


def test_a_port_that_is_taken_is_told_with_another() -> None:
    with listening_socket(0) as first:
        port = first.getsockname()[1]
        with pytest.raises(UsageError, match=f"--port {port}: already in use.*--port {port + 1}"):
            listening_socket(port)


def test_the_room_is_let_in_only_when_asked() -> None:
    with listening_socket(0) as alone, listening_socket(0, lan=True) as room:
        assert alone.getsockname()[0] == "127.0.0.1"
        assert room.getsockname()[0] == "0.0.0.0"
