"""Actions that the game refuses, with the reason in words that a page can show."""

from __future__ import annotations

from typing import Any, Literal

from sim.errors import UsageError
from sim.strings import Strings

Why = Literal["moved_on", "forbidden", "bad", "closed"]
"""`moved_on`: about an earlier text or phase; `forbidden`: not for this person; `bad`: invalid; `closed`: not now."""
SECTION = "game.refused."


class RejectedActionError(UsageError):
    """An action that the game refuses, for a reason by which a server chooses its status code; nothing has changed.

    `name` is that of the text, below ``game.refused`` in `sim.strings`, and `data` holds the values that are filled
    into it.
    """

    def __init__(self, why: Why, name: str, language: str = "en", /, **data: Any) -> None:
        self.why, self.name, self.data = why, name, data
        super().__init__(Strings.load(language)(f"{SECTION}{name}", **data))

    def in_language(self, language: str) -> RejectedActionError:
        """Return the same refusal in another language."""
        return RejectedActionError(self.why, self.name, language, **self.data)
