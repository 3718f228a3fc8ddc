"""Files that pages need, in memory, at addresses that change with what is in them."""

from __future__ import annotations

import hashlib
import mimetypes
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter
from fastapi import Path as InPath
from fastapi.responses import Response

STATIC = Path(__file__).parent / "static"
"""What all pages share: the basic style, the icon."""
SHORT = 12
"""Letters of a hash that tell two versions apart."""
NAME_MOST = 40
FOR_EVER = {"Cache-Control": "public, max-age=31536000, immutable"}


class Assets:
    """The files of a server's pages.

    Parameters
    ----------
    folders : whose files they are, beside those that all pages share
    """

    def __init__(self, *folders: Path) -> None:
        self._files = {one.name: one.read_bytes() for folder in (STATIC, *folders) for one in folder.iterdir()}

    def add(self, name: str, content: bytes) -> None:
        """Add a file that stands in no folder."""
        self._files[name] = content

    def address(self, name: str) -> str:
        """Where a file is found: another address whenever there is something else in it, so it may be kept for ever."""
        return f"/static/{name}?{hashlib.sha256(self._files[name]).hexdigest()[:SHORT]}"

    def router(self) -> APIRouter:
        """The route that answers with them."""
        router = APIRouter()

        @router.get("/static/{name}")
        async def static(name: Annotated[str, InPath(max_length=NAME_MOST)]) -> Response:
            if name not in self._files:
                return Response(status_code=404)
            kind = mimetypes.guess_type(name)[0] or "text/plain"
            return Response(self._files[name], media_type=kind, headers=FOR_EVER)

        return router
