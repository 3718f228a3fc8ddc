"""The consent rules of a case as frozen models: what each asks for, and how demands combine (model, section 5)."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import Field, model_validator

from sim.case.base_models import Id, StrictModel
from sim.case.consent_rules.quorums import Quorum
from sim.case.rule_models import Rule


class Pledges(StrictModel):
    """The pledges of the actors who accept must cover a number of the package."""

    of: Id = Field(description="The resource that they pledge, from their `capacities`.")
    from_: tuple[Id, ...] = Field(alias="from", min_length=1, description="The actors who can pledge.")
    cover: Id = Field(description="The issue whose number the pledges must cover.")


class ConsentDemand(StrictModel):
    """What a consent rule, or one part of it, asks for. Everything that it names must be met."""

    needs: tuple[Id, ...] = Field((), description="All of these actors must accept.")
    veto: tuple[Id, ...] = Field(
        (), description="None of these actors may refuse outright; one that only holds out for more abstains."
    )
    quorum: Quorum | None = Field(None, description="A minimum number or share of these actors must accept.")
    pledges: Pledges | None = Field(
        None, description="What the actors who accept can pledge must cover a number of the package."
    )
    any_: tuple[ConsentDemand, ...] = Field(
        (), alias="any", description="At least one of these demands must be met; they can be nested."
    )
    all_: tuple[ConsentDemand, ...] = Field(
        (), alias="all", description="All of these demands must be met, such as two quorums of the same vote."
    )

    @model_validator(mode="after")
    def _asks_for_something(self) -> ConsentDemand:
        if not (self.needs or self.veto or self.quorum or self.pledges or self.any_ or self.all_):
            raise ValueError("asks for nobody's consent; add needs, veto, quorum or pledges.")
        return self

    def nested(self) -> Iterator[ConsentDemand]:
        """Yield this demand and all that are nested in it, in the order of the file."""
        yield self
        for part in (*self.any_, *self.all_):
            yield from part.nested()

    @property
    def combined(self) -> bool:
        """Whether it says more than a list of names, a number of them and pledges: weights, shares, `any` or `all`."""
        plain = self.quorum is None or (
            not self.quorum.weighted and isinstance(self.quorum.at_least, int) and self.quorum.abstain == "against"
        )
        return bool(self.any_ or self.all_) or not plain

    @property
    def refusal_counts(self) -> tuple[str, ...]:
        """The actors of whom this demand, without those nested in it, asks whether they refuse outright."""
        counted = self.quorum is not None and self.quorum.tally.share is not None
        return (*self.veto, *(self.quorum.of if self.quorum is not None and counted else ()))

    @property
    def voters(self) -> tuple[str, ...]:
        """All actors whose consent it asks for, as against their pledge; an actor may occur twice."""
        return tuple(
            name
            for part in self.nested()
            for name in (*part.needs, *part.veto, *(part.quorum.of if part.quorum else ()))
        )

    @property
    def pledges_asked(self) -> tuple[Pledges, ...]:
        """All pledges that it asks for."""
        return tuple(part.pledges for part in self.nested() if part.pledges)

    @property
    def members(self) -> tuple[str, ...]:
        """All actors that it asks for anything; an actor may occur twice."""
        return (*self.voters, *(name for pledges in self.pledges_asked for name in pledges.from_))


class ConsentRule(ConsentDemand, Rule):
    """A rule on whose acceptance a package needs, where `when` holds."""
