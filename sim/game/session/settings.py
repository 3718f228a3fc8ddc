"""What a game is set up with; the log's first entry holds it whole."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StrictBool, StrictInt, StrictStr, field_validator

from sim.engine.worlds import SEEDS
from sim.errors import did_you_mean
from sim.strings import languages

TABLES_MOST = 40
MINUTES_MOST = 24 * 60
SOUNDINGS_MOST = 99
SOUNDINGS = 3
"""Soundings of a chair, if nothing else is set: enough to try a thought, too few to search by."""

Level = Literal["basic", "advanced"]


class SessionSettings(BaseModel):
    """The settings of a session.

    Parameters
    ----------
    scenario : the plain data of all files, as `sim.case.models.Scenario.source` has it, so that a log is complete
    tables : how many tables play the same scenario in parallel
    minutes : that a phase of answers or of amendment takes; None: no clock
    sheets : whether score sheets are shown
    level : of the briefs: basic (few words, no numbers) or advanced
    whispers : whether chairs may write to each other in private
    soundings : how many a chair has
    seed : of the world that all tables play (its first); None: central values
    language : of the words in `sim.strings`
    program : the version that began the game
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    scenario: dict[str, Any]
    tables: StrictInt = Field(1, ge=1, le=TABLES_MOST)
    minutes: float | None = Field(None, gt=0, le=MINUTES_MOST, strict=True)
    sheets: StrictBool = True
    level: Level = "advanced"
    whispers: StrictBool = True
    soundings: StrictInt = Field(SOUNDINGS, ge=0, le=SOUNDINGS_MOST)
    seed: int | None = Field(None, ge=0, lt=SEEDS, strict=True)
    language: StrictStr = "en"
    program: StrictStr = ""

    @field_validator("language")
    @classmethod
    def _is_known(cls, language: str) -> str:
        if language not in languages():
            known = languages()
            raise ValueError(f"there is no '{language}' ({', '.join(known)}).{did_you_mean(language, known)}")
        return language
