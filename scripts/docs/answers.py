"""What the answer keys of the lessons hold: each a piece of Markdown, computed from a case that the lesson names.

A lesson calls one by its name, with its arguments, as it would a command: ``answer: ledger european_force russia``.
No answer knows a case; it takes what the program's own analyses say, and sets it out as a table or a sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

import sim
from sim.analysis.coding.codebook import compare as agreement_of
from sim.analysis.coding.krippendorff import agreement as agreement_share
from sim.analysis.coding.krippendorff import alpha, nominal
from sim.analysis.judging.judged_text import context_of
from sim.case.codings import Coding, load_coding, own_coding
from sim.case.reading.yaml_documents import parse_value
from sim.cli.option_values import proposal
from sim.engine.outcome_space import OutcomeSpace
from sim.engine.worlds import Central
from sim.report import wording
from sim.report.story.pledges import sends
from sim.report.terminal import codebook

ROOT = Path(__file__).parents[2]
BLOCK = 200_000
MANY = 1_000_000
"""Claims, so many that chance brings about what it does on average."""
NEAREST = 1000
"""The most packages that are listed one by one."""
NONE, SET = "-", "--set="
Answer = Callable[..., str]


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A table in Markdown; a bar within a cell is written so that it does not end it."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |" for line in lines)


def listed(items: Iterable[str]) -> str:
    """Several in a phrase, or ``-``."""
    return ", ".join(items) or NONE


def look(verdict: str) -> str:
    """A verdict, by its mark and its words."""
    return f"{wording.VERDICTS[verdict].mark} {wording.VERDICTS[verdict].words}"


def both_answers(actor: Mapping[str, Any]) -> str:
    """A verdict and, of whoever is asked to send something, what it sends: ``✓ supports, sends nothing``."""
    sent = sends(actor) if actor["verdict"] == "accept" else None
    return look(actor["verdict"]) if sent is None else f"{wording.VERDICTS['accept'].mark} supports, {sent}"


# Lesson 1: the claims, coded


@cache
def _coding(name: str) -> Coding:
    """The coding of a file beside the lessons, or the own one of a case."""
    file = ROOT / name
    return load_coding(file) if file.is_file() else own_coding(sim.load_case(name), name)


def coding(case: str) -> str:
    """The case's own coding, claim by claim."""
    own = _coding(case)
    return table(
        ["Claim", "Paragraph", "Kind", "About", "Size"],
        [
            [
                name,
                own.case.claims[name].paragraph,
                *(codebook.value(one) for one in (each.kind, each.about, each.size)),
            ]
            for name, each in own.claims.items()
        ],
    )


def kinds(case: str) -> str:
    """How many claims are of each kind, and which."""
    found: dict[str, list[str]] = {}
    for name, claim in sim.load_case(case).claims.items():
        found.setdefault(claim.kind, []).append(name)
    ranked = sorted(found.items(), key=lambda one: -len(one[1]))
    return table(["Kind", "Claims", "Which"], [[codebook.value(kind), len(ids), " ".join(ids)] for kind, ids in ranked])


def agreement(*names: str) -> str:
    """How far coders agree: alpha, its interval, and the share that is the same."""
    found = agreement_of([_coding(one) for one in names])
    rows = [
        [
            name,
            codebook.number(one["alpha"]),
            NONE if one["low"] is None else f"{codebook.number(one['low'])} to {codebook.number(one['high'])}",
            NONE if one["agreement"] is None else wording.per_cent(one["agreement"]),
            one["claims"],
        ]
        for name, one in found["variables"].items()
    ]
    return table(["Coded", "Alpha", "Interval (95%)", "Same", "Claims coded by both"], rows)


def by_chance(share: str) -> str:
    """How far two coders agree who give one value with a chance, and another otherwise, without reading."""
    often, seldom = float(share), 1 - float(share)
    pairs = np.array([[2 * often * often, 2 * often * seldom], [2 * seldom * often, 2 * seldom * seldom]])
    same, told = agreement_share(pairs), alpha(pairs * MANY, nominal)
    return (
        f"They agree on {wording.per_cent(same or 0)} of many claims, without having read one; alpha is "
        f"{codebook.number(told)}."
    )


def confused(*names: str) -> str:
    """What coders took for what, and on which claims."""
    found = agreement_of([_coding(one) for one in names])
    rows = []
    for pair in found["variables"]["kind"]["confused"]:
        ids = [one["id"] for one in found["differences"] if set(one["codings"].get("kind", ())) == set(pair["values"])]
        rows.append([" / ".join(map(codebook.value, pair["values"])), pair["pairs"], " ".join(ids)])
    return table(["Kinds", "Claims", "Which"], rows)


# Lesson 2: red lines and reservation values


def answers(scenario: str, *changes: str) -> str:
    """Everybody's answer to the proposal, with what it is made of."""
    found = sim.verdicts(_changed(scenario, changes))
    rows = [
        [
            one["name"],
            both_answers(one),
            wording.points(one["utility"]),
            wording.points(one["reservation"]),
            "never" if one["never"] else wording.level(one["price"]) if one["price"] else NONE,
            wording.points(one["surplus"]),
        ]
        for one in found["actors"].values()
    ]
    heads = ["Actor", "Answer", "Utility", "Reservation value", "Price of red lines crossed", "Surplus"]
    return f"{table(heads, rows)}\n\n{_blocked(found)}"


def blocking(ids: Sequence[str], names: Mapping[str, str]) -> str:
    """Who blocks, in a phrase: ``Russia and Ukraine block it``."""
    return f"{wording.series(names.get(one, one) for one in ids)} {wording.verb(ids, 'blocks', 'block')} it"


def _blocked(found: Mapping[str, Any]) -> str:
    if found["agreed"]:
        return "It is agreed."
    return f"Not agreed: {blocking(found['blocked_by'], {one: told['name'] for one, told in found['actors'].items()})}."


def _changed(scenario: str, changes: Iterable[str]) -> sim.Scenario:
    pairs = (one.partition("=") for one in changes)
    return sim.load_scenario(scenario, {path: parse_value(value) for path, _, value in pairs})


def ledger(scenario: str, actor: str, *changes: str) -> str:
    """One actor's ledger on the proposal, rule by rule."""
    found = sim.why(_changed(scenario, changes), actor)
    rows = [
        [one["says"], one["kind"].replace("_", " "), wording.points(one["points"]), wording.sources(one)]
        for one in found["ledger"]
    ]
    sums = f"Utility {wording.points(found['utility'])}, reservation value {wording.points(found['reservation'])}"
    return (
        f"{table(['Rule', 'Kind', 'Points', 'Claims'], rows)}\n\n"
        f"{sums}: a surplus of {wording.points(found['surplus'])}, and so: {look(found['verdict'])}."
    )


def sending(scenario: str, actor: str, resource: str, *changes: str) -> str:
    """What weighs on one actor's decision to send a resource, beside its verdict on the text."""
    found = sim.why(_changed(scenario, changes), actor)
    told = found["sends"][resource]
    rows = [["What the text is worth to it", "surplus", wording.points(found["surplus"]), NONE]]
    rows += [
        [one["says"], one["kind"].replace("_", " "), wording.points(one["points"]), wording.sources(one)]
        for one in told["ledger"]
    ]
    end = f"sends {wording.option(told['amount'])} {resource}" if told["sends"] else f"sends no {resource}"
    return f"{table(['Rule', 'Kind', 'Points', 'Claims'], rows)}\n\nIn all {wording.points(told['surplus'])}: it {end}."


def moved(scenario: str, actor: str, path: str, *values: str) -> str:
    """One actor's answer as one number takes other values."""
    rows = []
    for value in values:
        found = sim.verdicts(_changed(scenario, [f"{path}={value}"]))
        one = found["actors"][actor]
        rows.append(
            [
                value,
                look(one["verdict"]),
                wording.points(one["surplus"]),
                wording.names(found["blocked_by"], found["actors"]) or "nobody",
            ]
        )
    return table([f"`{path}`", one["name"], "Surplus", "Who blocks"], rows)


def offers(scenario: str, actors: str, *proposals: str) -> str:
    """The answers of some actors to the proposal, and to others; ``--set=PATH=VALUE`` changes the case."""
    changes = [one.removeprefix(SET) for one in proposals if one.startswith(SET)]
    proposals = tuple(one for one in proposals if not one.startswith(SET))
    target, ids, rows = _changed(scenario, changes), actors.split(","), []
    for terms in ("", *proposals):
        found = sim.verdicts(target, proposal(terms) if terms else None)
        told = [found["actors"][one] for one in ids]
        rows.append(
            [
                f"`{terms}`" if terms else "as proposed",
                *(f"{look(one['verdict'])}, {wording.points(one['surplus'])}" for one in told),
                wording.names(found["blocked_by"], found["actors"]) or "nobody",
            ]
        )
    names = [target.case.actors[one].name for one in ids]
    return table(["Terms changed", *names, "Who blocks"], rows)


# Lesson 3: the dilemma


@cache
def outcome_space(case: str) -> Mapping[str, Any]:
    """All packages of a case, judged once."""
    return sim.outcomes(sim.load_case(case), top=NEAREST)


@cache
def compared(scenarios: tuple[str, ...]) -> Mapping[str, Any]:
    """Some proposals, side by side."""
    return sim.compare([sim.load_scenario(one) for one in scenarios])


def scenario_name(row: Mapping[str, Any]) -> str:
    """The name of a scenario without that of its case."""
    return str(row["scenario"]).rpartition("/")[2]


def dilemma(measure: str, named: str, *scenarios: str) -> str:
    """Some proposals by what they score, the least first, with the answers of the named actors (``russia,ukraine``)."""
    found, actors = compared(scenarios), named.split(",")
    rows = [
        [
            f"`{scenario_name(row)}`",
            wording.level(row["measures"][measure]),
            *(look(row["verdicts"][one]) for one in actors),
            wording.per_cent(row["measures"]["durability"] / 100),
        ]
        for row in sorted(found["rows"], key=lambda row: (row["measures"][measure], scenario_name(row)))
    ]
    return table(["Proposal", measure.capitalize(), *(found["actors"][one] for one in actors), "Would hold"], rows)


def accepted(case: str, measure: str, *actors: str) -> str:
    """Of all packages, how many some actors accept, each and together, and what those score."""
    loaded = sim.load_case(case)
    blocks = [texts for _, texts in OutcomeSpace(loaded).blocks(BLOCK) if len(texts)]
    scores: list[Any] = []
    yes: dict[str, list[Any]] = {one: [] for one in actors}
    for texts in blocks:
        evaluation = context_of(loaded, Central()).evaluate(texts)
        scores.append(np.broadcast_to(evaluation.situation.measures[measure][0], len(texts)))
        for one in actors:
            yes[one].append(np.broadcast_to(evaluation.responses.answers[one].accepts[0], len(texts)))
    score, each = np.concatenate(scores), {one: np.concatenate(found) for one, found in yes.items()}
    names = {one: loaded.actors[one].name for one in actors}
    who = {"all packages": np.ones(len(score), dtype=bool)}
    who |= {f"{names[one]} accepts": found for one, found in each.items()}
    who[f"{' and '.join(names.values())} accept"] = np.logical_and.reduce(list(each.values()))
    rows = []
    for what, found in who.items():
        picked = score[found]
        spread = (
            [wording.level(float(each(picked))) for each in (np.mean, np.min, np.max)] if len(picked) else [NONE] * 3
        )
        rows.append([what, f"{len(picked):,}", wording.per_cent(len(picked) / len(score)), *spread])
    return table(["Packages", "How many", "Share", f"Mean {measure}", "Least", "Most"], rows)


def zone(case: str) -> str:
    """Whether anything is agreed among all packages, and what comes nearest."""
    found = outcome_space(case)
    names = {one: actor["name"] for one, actor in found["actors"].items()}
    if found["agreed"]:
        return f"Of {found['packages']:,} possible packages, {found['agreed']:,} are agreed. {_alike(found, case)}"
    best = found["nearest"][0]
    return (
        f"Of {found['packages']:,} possible packages none is agreed: the zone of possible agreement is empty. "
        f"Nearest comes {wording.terms(best['package'])}: {blocking(best['blocked_by'], names)}, "
        f"{wording.level(best['shortfall'])} points short."
    )


def _alike(found: Mapping[str, Any], case: str) -> str:
    """What the agreed packages have in common, and in what they differ."""
    packages = [one["package"] for one in found["nearest"] if one["agreed"]]
    options = {
        name: [one for one in issue.options if one in {package[name] for package in packages}]
        for name, issue in sim.load_case(case).issues.items()
    }
    same = wording.terms({name: some[0] for name, some in options.items() if len(some) == 1})
    others = [f"{name} ({', '.join(map(wording.option, some))})" for name, some in options.items() if len(some) > 1]
    told = "All" if len(packages) == found["agreed"] else f"The first {len(packages):,}"
    return f"{told} of them have {same}; they differ in {wording.series(others)}."


def between(case: str, *actors: str) -> str:
    """The packages that bargaining solutions pick among those that none of some actors would refuse."""
    found = sim.outcomes(sim.load_case(case), list(actors))
    names = {one: actor["name"] for one, actor in found["actors"].items()}
    told = {name: one for name, one in found["solutions"].items() if one is not None}
    rows = [
        [
            name.replace("_", "-").title(),
            wording.terms(one["package"]),
            *(wording.points(one["surplus"][each]) for each in actors),
            wording.series(names.get(each, each) for each in one["blocked_by"]) if one["blocked_by"] else "nobody",
        ]
        for name, one in told.items()
    ]
    if not rows:
        return "Every package would be refused by one of them."
    return table(["Solution", "Package", *(f"Surplus of {names[one]}" for one in actors), "Who blocks"], rows)


def terms(case: str) -> str:
    """All issues of a case with their options, in their order; the default of each in bold."""
    rows = []
    for name, issue in sim.load_case(case).issues.items():
        told = {
            one: f"**{wording.option(one)}**" if one == issue.default else wording.option(one) for one in issue.options
        }
        labels = {one: f" ({issue.labels[one]})" if one in issue.labels else "" for one in issue.options}
        rows.append([f"`{name}`", issue.says, " · ".join(told[one] + labels[one] for one in issue.options)])
    return table(["Issue", "What it is", "Options"], rows)


ANSWERS: dict[str, Answer] = {
    one.__name__: one
    for one in (
        coding,
        kinds,
        agreement,
        by_chance,
        confused,
        answers,
        ledger,
        sending,
        moved,
        offers,
        dilemma,
        accepted,
        zone,
        between,
        terms,
    )
}
"""The answers of lessons 1 to 3, by the names that pages call them by."""
