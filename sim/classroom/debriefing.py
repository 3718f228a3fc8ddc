"""Before and after: the rehearsal, the debrief, and what can be taken home."""

from __future__ import annotations

import json

from fastapi import APIRouter
from fastapi.responses import Response

from sim.classroom.access import AConsole
from sim.game.session import Session

router = APIRouter()


@router.get("/teacher/{session}/export/log.json")
async def log(room: AConsole) -> Response:
    """Everything that happened, as the log has it."""

    def told(session: Session) -> str:
        return json.dumps([entry.to_json() for entry in session.entries], ensure_ascii=False, indent=1)

    return _file(await room.read(told), "log.json", "application/json")


def _file(text: str, name: str, kind: str) -> Response:
    """A file to be kept; a browser does not show it."""
    return Response(text, media_type=kind, headers={"Content-Disposition": f'attachment; filename="parley-{name}"'})
