"""The appendices: the numbers of the figures, everything in detail, assumptions and claims, and how to reproduce it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from sim.report import wording
from sim.report.scenario_report import answers, case_evidence, case_words, variance_section, what_turns_it
from sim.report.scenario_report.blocks import BREAK, Block, h2, h3, h4, items, note, p, table, terms
from sim.report.scenario_report.scenario_evidence import LEDGER, ledger, ledger_rows
from sim.report.terminal.why import sending, sums
from sim.report.wording import NOT_A_FORECAST, OUTCOMES, Plain

KINDS = ("codebook", "rules", "numbers")
"""What has sources, in the order of the files."""
TEXTS = 5
"""Maximum number of last texts that are shown, the most frequent first; the data has more."""
CLAIM = re.compile(r"\bC\d+\b")


def details(report: Plain) -> Iterator[Block]:
    """Return everything that the main part leaves out: each ledger, each way to turn the answer, and other packages."""
    cast = case_words.cast_of(report)
    for scenario in report["scenarios"]:
        yield BREAK
        yield h2(f"In detail: {scenario['title']}", f"detail-{scenario['scenario']}")
        if (judged := scenario["verdicts"]) is not None:
            yield h3("Every answer, rule by rule")
            shown = next((name for name in judged["blocked_by"] if name in judged["actors"]), None)
            for name, actor in judged["actors"].items():
                yield h4(actor["name"])
                yield p(" ".join(sums(actor)))
                if name != shown:
                    yield ledger(scenario, name, cast)
                for resource, decision in actor.get("sends", {}).items():
                    if decision["asked"]:
                        yield p(sending(actor, resource))
                        rows = [*ledger_rows(decision["ledger"], actor["surplus"])]
                        if rows:
                            yield table(
                                "This also counts for sending, added to the surplus.", LEDGER, rows, numbers=[1, 2]
                            )
        if (drawn := answers.ensemble_of(report, scenario)) is not None:
            yield h3("Last texts")
            yield _texts(report, drawn)
        if scenario["flip"] is not None:
            yield h3("Every way to turn the answer")
            yield from what_turns_it.tables(scenario)
        if scenario["sensitivity"] is not None:
            yield h3("Sensitivity")
            yield from variance_section.details(scenario)
    for group in report["outcomes"]:
        yield from case_evidence.packages(report, group)


def _texts(report: Plain, drawn: Plain) -> Block:
    rows = []
    for text in drawn["final_texts"][:TEXTS]:
        changed = wording.differences(drawn["proposal"], text["package"])
        how = case_words.terms(report, changed) or "nothing"
        rows.append([wording.per_cent(text["share"]), OUTCOMES[text["outcome"]].cell, how])
    heads = ["Share", "Outcome", "What had changed"]
    return table("These texts are the most frequent at the end.", heads, rows, numbers=[0], narrow=[1])


def in_numbers(blocks: Sequence[Block]) -> Iterator[Block]:
    """Return the numbers of all figures, each in a table to which its figure links."""
    figures = [block for block in blocks if block["kind"] == "figure"]
    if figures:
        yield BREAK
        yield h2("Appendix: the figures in numbers", "numbers")
    for block in figures:
        caption = f"Figure {block['number']} shows these numbers."
        yield {**block["table"], "caption": caption, "id": f"numbers-{block['number']}", "small": True}


def sources(report: Plain, blocks: Sequence[Block], *, full: bool) -> Iterator[Block]:
    """Return assumptions with the numbers based on them, and claims: all of them, or those that the report names."""
    result = report["sources"]
    if result is None:
        return
    yield h2("Appendix: claims and assumptions", "basis")
    if full:
        heads = ["Assumption", "Of", "Claims"]
        yield table("These are all assumptions, with the numbers based on them.", heads, _assumptions(result), wide=[0])
    used = {claim for kind in KINDS for entry in result[kind] for claim in entry["source"]}
    if not full:
        used &= set(CLAIM.findall(str([{**block, "svg": ""} for block in blocks])))
        yield p(
            "These are the claims that this report names. A report with --full lists all of them, and every assumption."
        )
    yield terms([name, report["claims"][name]] for name in sorted(used))


def _assumptions(result: Plain) -> list[list[str]]:
    """Return each assumption once, in the order of the files, with the paths of what is based on it and its claims."""
    paths: dict[str, list[str]] = {}
    claims: dict[str, dict[str, None]] = {}
    for kind in KINDS:
        for entry in result[kind]:
            if entry["assumption"]:
                paths.setdefault(entry["assumption"], []).append(entry["path"])
                claims.setdefault(entry["assumption"], {}).update(dict.fromkeys(entry["source"]))
    return [[assumed, ", ".join(numbers), " ".join(claims[assumed])] for assumed, numbers in paths.items()]


def how_made(report: Plain, command: str) -> Iterator[Block]:
    """Return versions, seed and command, and what to type to try what would turn the answer."""
    yield h2("Appendix: to reproduce this report", "made")
    versions = ", ".join(f"{name.capitalize()} {version}" for name, version in report["versions"].items())
    yield items(
        [
            f"Command: {command}",
            f"Seed {report['seed']}; not used for central values.",
            f"Versions: {versions}.",
            f"Format of the data: {report['format']}; --json prints it.",
        ]
    )
    tries = [
        [scenario["title"], "; ".join(what_turns_it.settings_to_try(scenario["flip"]))]
        for scenario in report["scenarios"]
        if scenario["flip"] and scenario["flip"]["joint"]["size"] is not None
    ]
    if tries:
        yield p("To try the smallest joint change that turns the answer, add to the command:")
        yield terms(tries)
    yield p("The same command with the same files and versions makes the same report, byte for byte.")
    yield note(NOT_A_FORECAST)
