"""How well coders agree, on the terminal, and the form that a coder fills in."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator, Mapping, Sequence

from rich.console import RenderableType, group
from rich.table import Table
from rich.text import Text

from sim.report import wording
from sim.report.terminal.layout import grid, heading, indented, table
from sim.report.wording import Plain
from sim.strings import Strings

CONFUSED = 3
"""How many confused pairs of values are shown per variable."""
COLUMNS = 4
"""With more coders than this, values are counted instead of shown in a column per coder."""
COMMENT = 110
"""Columns of a comment in the form."""
NOTHING = "-"


@group()
def codebook(result: Plain, t: Strings) -> Iterator[RenderableType]:
    """Show agreement per variable, confused values, and the claims that coders code differently."""
    coders = result["coders"]
    yield Text(t("codebook.title", title=result["title"]), style="bold")
    for coder in coders:
        coded = ", ".join(f"{t(f'codebook.variable.{name}')} {count}" for name, count in coder["coded"].items())
        yield indented(
            t("codebook.coder", name=coder["name"], file=coder["file"], coded=coded, claims=result["claims"])
        )
    yield heading(t("codebook.agreement"))
    yield indented(_agreement(result, t))
    yield indented(Text(t("codebook.scale", **{key: result[key] for key in ("reliable", "tentative")}), style="dim"))
    confused = list(_confused(result, t))
    if confused:
        yield heading(t("codebook.confused"))
        yield indented(grid(confused))
    yield heading(t("codebook.differences", count=len(result["differences"])))
    if result["differences"]:
        yield indented(_differences(result, [coder["name"] for coder in coders], t))
    yield Text(f"\n{t('codebook.not_truth')}", style="dim")


def _agreement(result: Plain, t: Strings) -> Table:
    head = ("variable", "alpha", "interval", "same", "claims", "reading")
    rows = table(*(t(f"codebook.head.{column}") for column in head), gap=2)
    for name, variable in result["variables"].items():
        rows.add_row(
            t(f"codebook.variable.{name}"),
            number(variable["alpha"]),
            NOTHING if variable["low"] is None else f"{number(variable['low'])} to {number(variable['high'])}",
            NOTHING if variable["agreement"] is None else wording.per_cent(variable["agreement"]),
            str(variable["claims"]),
            t(f"codebook.reading.{variable['reading'] or 'untold'}"),
        )
    return rows


def _confused(result: Plain, t: Strings) -> Iterator[tuple[str, str, str]]:
    for name, variable in result["variables"].items():
        for pair in variable["confused"][:CONFUSED]:
            first, second = map(value, pair["values"])
            yield t(f"codebook.variable.{name}"), f"{first} / {second}", wording.count(pair["pairs"], "time")


def _differences(result: Plain, coders: Sequence[str], t: Strings) -> Table:
    """List the claims that are coded differently, with a column per coder or, for many coders, the counts of values."""
    many = len(coders) > COLUMNS
    heads = [t("codebook.head.tally")] if many else coders
    rows = table(t("codebook.head.claim"), t("codebook.head.variable"), *heads, gap=2)
    for claim in result["differences"]:
        for index, (name, codings) in enumerate(claim["codings"].items()):
            rows.add_row(
                "" if index else f"{claim['id']}: {claim['text']}",
                t(f"codebook.variable.{name}"),
                *([_tally(claim["tally"][name])] if many else map(value, codings)),
                end_section=index == len(claim["codings"]) - 1,
            )
    return rows


def _tally(counts: Sequence[Plain]) -> str:
    return ", ".join(f"{value(count['value'])} {count['coders']}" for count in counts)


def value(coded: str | Sequence[str] | None) -> str:
    """Return a coded value as text, or ``-`` if nothing was coded.

    >>> value("red_line"), value(["russia", "us"]), value(None)
    ('red line', 'russia us', '-')
    """
    if coded is None:
        return NOTHING
    return coded.replace("_", " ") if isinstance(coded, str) else " ".join(coded)


def number(alpha: float | None) -> str:
    """Return an alpha with two decimals.

    >>> number(0.8154), number(-0.004), number(None)
    ('0.82', '0.00', '-')
    """
    return NOTHING if alpha is None else f"{alpha:.2f}".replace("-0.00", "0.00")


def form(blank: Plain, t: Strings) -> str:
    """Return a form of `sim.analysis.coding.codebook.form` as YAML: instructions, then each claim with blanks.

    Raises
    ------
    KeyError
        if the language has no words for a kind of claim
    """
    return "\n".join(_form(blank, t)) + "\n"


def _form(blank: Plain, t: Strings) -> Iterator[str]:
    yield from _comment(t("codebook.form.how", title=blank["title"]))
    yield "#"
    yield from _choices(t("codebook.form.kind"), {kind: t(f"codebook.kind.{kind}") for kind in blank["kinds"]})
    about = {id_: name or t("codebook.form.other") for id_, name in blank["about"].items()}
    yield from _choices(t("codebook.form.about", one=next(iter(about))), about)
    if blank["sizes"]:
        yield from _choices(t("codebook.form.size"), blank["sizes"])
    yield f"case: {json.dumps(blank['case'], ensure_ascii=False)}"
    yield f"coder:  # {t('codebook.form.coder')}"
    yield "claims:"
    size = ", size: " if blank["sizes"] else ""
    for claim in blank["claims"]:
        yield ""
        words = t("codebook.form.claim", paragraph=claim["paragraph"], voice=claim["voice"], text=claim["text"])
        yield from (f"  {line}" for line in _comment(words))
        yield f"  {claim['id']}: {{kind: , about: []{size}}}"


def _choices(intro: str, choices: Mapping[str, str]) -> Iterator[str]:
    yield from _comment(intro)
    width = max(map(len, choices))
    for choice, meaning in choices.items():
        yield from _comment(meaning, f"  {choice.ljust(width)}  ")
    yield "#"


def _comment(text: str, before: str = "") -> list[str]:
    after = " " * len(before)
    return [f"# {line}" for line in textwrap.wrap(text, COMMENT, initial_indent=before, subsequent_indent=after)]
