"""The settings of a session; the log's first entry holds all of them."""

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
"""Default number of soundings per chair: enough to try out an idea, too few for a systematic search."""

Level = Literal["basic", "advanced"]


class SessionSettings(BaseModel):
    """The settings of a session.

    Parameters
    ----------
    scenario : plain data of all its files, as in `sim.case.models.Scenario.source`, so that a log is complete
    minutes : length of each phase; None: no clock
    clock_closes : whether the rules answer for people when the time of a phase is up; if not, the table waits on
    level : of the briefs: basic (few words, no numbers) or advanced
    conditions : whether an agent that refuses also states one condition in words
    whispers : whether chairs may write to each other in private
    check, survey, reflection : whether there is a comprehension check, a survey before and after, and a reflection
    seed : of the world that all tables play (the first of this seed); None: central values
    program : version of the program that began the game
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    scenario: dict[str, Any]
    tables: StrictInt = Field(1, ge=1, le=TABLES_MOST)
    minutes: float | None = Field(None, gt=0, le=MINUTES_MOST, strict=True)
    clock_closes: StrictBool = True
    sheets: StrictBool = True
    level: Level = "advanced"
    conditions: StrictBool = False
    whispers: StrictBool = True
    soundings: StrictInt = Field(SOUNDINGS, ge=0, le=SOUNDINGS_MOST)
    check: StrictBool = False
    survey: StrictBool = False
    reflection: StrictBool = False
    seed: int | None = Field(None, ge=0, lt=SEEDS, strict=True)
    language: StrictStr = "en"
    program: StrictStr = ""

    @field_validator("language")
    @classmethod
    def _is_known(cls, language: str) -> str:
        if language not in languages():
            known = languages()
            hint = did_you_mean(language, known)
            raise ValueError(f"unknown language '{language}'. Choose from {', '.join(known)}.{hint}")
        return language
