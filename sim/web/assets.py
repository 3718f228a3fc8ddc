"""Static files of pages, kept in memory, at addresses that change with their content."""

from __future__ import annotations

import hashlib
import mimetypes
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter
from fastapi import Path as InPath
from fastapi.responses import Response

STATIC = Path(__file__).parent / "static"
"""Files that all pages share: the basic style and the icon."""
SHORT = 12
"""Digits of a hash that identify a version of a file."""
MAX_NAME_LENGTH = 40
CACHE_FOREVER = {"Cache-Control": "public, max-age=31536000, immutable"}


class Assets:
    """The static files of a server: those in some folders, and those that all pages share."""

    def __init__(self, *folders: Path) -> None:
        self._files = {file.name: file.read_bytes() for folder in (STATIC, *folders) for file in folder.iterdir()}

    def add(self, name: str, content: bytes) -> None:
        """Add a file that is not in a folder."""
        self._files[name] = content

    def address(self, name: str) -> str:
        """Return the address of a file. It changes with the content, so browsers may cache the file forever."""
        return f"/static/{name}?{hashlib.sha256(self._files[name]).hexdigest()[:SHORT]}"

    def router(self) -> APIRouter:
        """Return the route that serves the files."""
        router = APIRouter()

        @router.get("/static/{name}")
        async def static(name: Annotated[str, InPath(max_length=MAX_NAME_LENGTH)]) -> Response:
            if name not in self._files:
                return Response(status_code=404)
            kind = mimetypes.guess_type(name)[0] or "text/plain"
            return Response(self._files[name], media_type=kind, headers=CACHE_FOREVER)

        return router
