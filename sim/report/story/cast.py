"""The actors of a case as sentences name them, with the articles, plural verbs and possessives that English needs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sim.report import wording
from sim.report.wording import Plain
from sim.strings import ENGLISH, spoken


@dataclass(frozen=True)
class Cast:
    """Names of actors within a sentence, with an article where needed, and those that take a plural verb."""

    names: Plain
    plural: frozenset[str]

    @classmethod
    def of(cls, actors: Plain) -> Cast:
        """Return the cast of the actors of a run, of verdicts or of a game: dicts with a `name`, by actor.

        Examples
        --------
        >>> cast = Cast.of({"us": {"name": "United States"}, "baltics": {"name": "Baltic states"}})
        >>> cast.who(["us", "baltics"]), cast.does(["us"], "waits", "wait"), cast.does(["baltics"], "waits", "wait")
        ('the US and the Baltics', 'waits', 'wait')
        """
        full = {actor: str(data["name"]) for actor, data in actors.items()}
        short = wording.short_names(full)
        if spoken().language != ENGLISH:
            return cls(short, frozenset())
        plural = frozenset(actor for actor, name in full.items() if _is_plural(name))
        article = {actor for actor, name in full.items() if actor in plural or _is_abbreviation(short[actor], name)}
        return cls({actor: f"the {name}" if actor in article else name for actor, name in short.items()}, plural)

    def who(self, ids: Iterable[str]) -> str:
        """Return a list of actors and rules in words: ``Russia, the US and the rule 'troops_cover'``."""
        return wording.series(wording.blocker(actor, self.names) for actor in ids)

    def whose(self, actor: str) -> str:
        """Return the possessive: ``Russia's``, ``the Baltics'``."""
        name = wording.blocker(actor, self.names)
        return f"{name}'" if actor in self.plural and name.endswith("s") else f"{name}'s"

    def does(self, ids: Sequence[str], singular: str, plural: str) -> str:
        """Return the verb form that fits some actors."""
        return plural if len(ids) > 1 or any(actor in self.plural for actor in ids) else singular

    def it(self, actor: str) -> str:
        """Return the pronoun for an actor."""
        return "they" if actor in self.plural else "it"

    def its(self, ids: Sequence[str]) -> str:
        """Return the possessive pronoun for some actors."""
        return self.does(ids, "its", "their")


def sentence(text: str) -> str:
    """Return a text with a capital letter and a full stop.

    >>> sentence("the US blocks"), sentence("Agreed.")
    ('The US blocks.', 'Agreed.')
    """
    ended = text if text.endswith((".", "!", "?", "…")) else f"{text}."
    return ended[0].upper() + ended[1:]


def quoted(says: str) -> str:
    """Return words of the case as a quotation within a sentence."""
    return spoken()("language.quoted", text=says.rstrip("."))


def _is_plural(name: str) -> bool:
    """Whether a name is a plural common noun, such as ``Baltic states``, and not a proper name: ``United States``."""
    last = name.split()[-1]
    return last.islower() and last.endswith("s")


def _is_abbreviation(short: str, name: str) -> bool:
    """Whether a short name consists of the initials of the full one, such as ``US``."""
    return short != name and short == "".join(part[0] for part in name.split()).upper()
