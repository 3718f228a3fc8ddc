"""The actors of a case as sentences name them: with an article, a plural verb and a possessive where English asks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sim.report import wording
from sim.report.wording import Plain


@dataclass(frozen=True)
class Cast:
    """Names for the middle of a sentence.

    Parameters
    ----------
    names : actor to its short name, with an article where it needs one
    plural : the actors whose name takes a plural verb
    """

    names: Plain
    plural: frozenset[str]

    @classmethod
    def of(cls, actors: Plain) -> Cast:
        """Return the cast of a run's, a verdict's or a game's actors.

        Parameters
        ----------
        actors : actor to a dict with its `name`

        Examples
        --------
        >>> cast = Cast.of({"us": {"name": "United States"}, "baltics": {"name": "Baltic states"}})
        >>> cast.who(["us", "baltics"]), cast.does(["us"], "waits", "wait"), cast.does(["baltics"], "waits", "wait")
        ('the US and the Baltics', 'waits', 'wait')
        """
        full = {one: str(actor["name"]) for one, actor in actors.items()}
        short = wording.short_names(full)
        plural = frozenset(one for one, name in full.items() if _is_plural(name))
        article = {one for one, name in full.items() if one in plural or _is_abbreviation(short[one], name)}
        return cls({one: f"the {name}" if one in article else name for one, name in short.items()}, plural)

    def who(self, ids: Iterable[str]) -> str:
        """Return actors and rules in a row: ``Russia, the US and the rule 'troops_cover'``."""
        return wording.series(wording.blocker(one, self.names) for one in ids)

    def whose(self, one: str) -> str:
        """Return the possessive: ``Russia's``, ``the Baltics'``."""
        name = wording.blocker(one, self.names)
        return f"{name}'" if one in self.plural and name.endswith("s") else f"{name}'s"

    def does(self, ids: Sequence[str], one: str, many: str) -> str:
        """Return the verb form that fits some actors."""
        return many if len(ids) > 1 or any(actor in self.plural for actor in ids) else one

    def it(self, one: str) -> str:
        """Return the pronoun for an actor."""
        return "they" if one in self.plural else "it"

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
    """Return words of the case as a quotation inside a sentence."""
    return f"“{says.rstrip('.')}”"


def _is_plural(name: str) -> bool:
    """Whether a name is a common noun in the plural, such as ``Baltic states``; ``United States`` is a name of one."""
    last = name.split()[-1]
    return last.islower() and last.endswith("s")


def _is_abbreviation(short: str, name: str) -> bool:
    """Whether a short name is the initials of the whole one, such as ``US``."""
    return short != name and short == "".join(part[0] for part in name.split()).upper()
