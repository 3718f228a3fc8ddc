"""A run as a Markdown report: question, set-up, timeline, final verdicts with their ledgers, and assumptions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sim.report import wording
from sim.report.document.markdown_text import heads, plain, row, section
from sim.report.story.cast import Cast
from sim.report.story.ending import between, in_between, lasting, mistaken, outcome, unmet
from sim.report.story.months import months
from sim.report.terminal.why import sending
from sim.report.wording import Plain


def markdown(run: Plain, version: str) -> str:
    """Return the report of a run, at central values or over many worlds.

    Parameters
    ----------
    run : a dict of format ``parley.run/1``
    version : of the program that made the run

    Returns
    -------
    str, Markdown, ends with a newline
    """
    parts = [
        *_head(run, version),
        *(_timeline(run) if run["worlds"] == 1 else _shares(run)),
        *_verdicts(run),
        *_between(run),
        *_assumptions(run),
    ]
    return "\n".join(parts) + "\n"


def _head(run: Plain, version: str) -> Iterator[str]:
    yield f"# {plain(run['title'])}"
    yield ""
    yield f"*{plain(run['question'])}*"
    yield ""
    yield f"> {wording.NOT_A_FORECAST}"
    yield ""
    yield f"**{plain(outcome(run) if run['worlds'] == 1 else _ends(run))}**"
    yield from lasting(run)
    yield from section("Set-up")
    yield f"- {plain(wording.setup(run))}"
    yield f"- Protocol: {plain(wording.protocol(run['protocol']))}"
    yield f"- On the table: {plain(wording.terms(run['timeline'][0]['text']))}"
    yield from (f"- {plain(line)}" for line in wording.adjustments(run))
    seed = "not used with central values" if run["nominal"] else run["seed"]
    yield f"- Seed: {seed}. Parley {version}, format `{run['format']}`."


def _timeline(run: Plain) -> Iterator[str]:
    actors = run["final"]["actors"]
    yield from section("Month by month")
    yield from heads(["Month", *(actor["name"] for actor in actors.values()), "What happened"])
    for month, sentences in zip(run["timeline"], months(run), strict=True):
        answers = (wording.VERDICTS[month["reactions"][actor]["verdict"]].cell for actor in actors)
        yield row([str(month["month"]), *answers, " ".join(sentences)])
    yield ""
    yield wording.LEGEND


def _shares(run: Plain) -> Iterator[str]:
    actors = run["final"]["actors"]
    yield from section("How the worlds end")
    yield from heads(["Outcome", "Share"])
    for name, share in run["shares"].items():
        yield row([wording.OUTCOMES[name].short, wording.per_cent(share)])
    yield from section("Month by month: who accepts the text on the table, as a share of the worlds still open")
    yield from heads(["Month", "Open", *(actor["name"] for actor in actors.values()), "Agreed so far"])
    for month in run["timeline"]:
        accepts = (wording.per_cent(month["reactions"][actor]["shares"].get("accept", 0.0)) for actor in actors)
        yield row(
            [str(month["month"]), wording.per_cent(month["open"]), *accepts, wording.per_cent(month["agreed_share"])]
        )
    yield from section("The most frequent last texts")
    yield from heads(["Share", "Outcome", "What changed"])
    first = run["timeline"][0]["text"]
    for last_text in run["final_texts"]:
        changed = wording.change(wording.differences(first, last_text["package"])) or "nothing"
        yield row([wording.per_cent(last_text["share"]), last_text["outcome"], changed])


def _verdicts(run: Plain) -> Iterator[str]:
    yield from section("Final verdicts")
    which = "the last text" if run["worlds"] == 1 else "the most frequent last text, at central values"
    yield f"On {which}: {plain(wording.terms(run['final_package']))}"
    for name, actor in run["final"]["actors"].items():
        yield from section(f"{actor['name']}: {wording.VERDICTS[actor['verdict']].words}", depth=3)
        yield _sums(name, actor)
        yield ""
        yield from _ledger(actor["ledger"])
        for resource, decision in actor.get("sends", {}).items():
            if decision["asked"]:
                yield from ("", plain(sending(actor, resource)))
                yield from ("", *_ledger(decision["ledger"])) if decision["ledger"] else ()


def _ledger(entries: Sequence[Plain]) -> Iterator[str]:
    yield from heads(["Points", "Rule", "Sources"])
    for entry in entries:
        yield row([wording.points(entry["points"]), entry["says"], wording.both_sources(entry)])


def _sums(name: str, actor: Plain) -> str:
    needed = f"its {actor['why_needed'] or 'consent'} is {'needed' if actor['needed'] else 'not needed'}"
    surplus, held_out = wording.points(actor["surplus"]), wording.level(actor["aspiration"])
    return f"`{name}`: surplus {surplus}, holds out for {held_out}; {needed}."


def _between(run: Plain) -> Iterator[str]:
    final = run["final"]
    cast = Cast.of(final["actors"])
    lines = [*between(final, cast, mistaken(run), run.get("core", ())), *unmet(final, cast, whole=True)]
    if lines:
        yield from section(in_between(final, over=True) + ("" if run["worlds"] == 1 else ", at central values"))
    yield from (f"- {plain(line)}" for line in lines)


def _assumptions(run: Plain) -> Iterator[str]:
    """Return the assumptions behind the ledgers above, each once."""
    actors = run["final"]["actors"].values()
    sent = [decision for actor in actors for decision in actor.get("sends", {}).values() if decision["asked"]]
    entries = [entry for part in (*actors, *sent) for entry in part["ledger"]]
    assumed = dict.fromkeys(entry["assumption"] for entry in entries if entry["assumption"])
    if assumed:
        yield from section("Assumptions behind these verdicts")
    yield from (f"- {plain(assumption)}" for assumption in assumed)
    yield from section("How to read this")
    yield "Claim ids such as C07 refer to the `claims.yaml` of the case. Points measure how much a term matters to an"
    yield "actor; the surplus is what an agreement is worth to it beyond no deal."


def _ends(run: Plain) -> str:
    agreed = wording.per_cent(run["shares"].get("agreed", 0.0))
    return f"Agreed in {agreed} of {wording.count(run['worlds'], 'world')}."
