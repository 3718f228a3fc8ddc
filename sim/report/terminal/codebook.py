"""How far coders agree: on the terminal, and the form that a coder fills in."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Iterator, Mapping, Sequence

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from sim.report import wording
from sim.report.terminal.layout import INDENT, heading, indented, table
from sim.report.wording import Plain
from sim.strings import Strings

CONFUSED = 3
"""So many pairs of values are named of each variable."""
COLUMNS = 4
"""So many coders have a column each."""
COMMENT = 110
NOTHING = "-"


def codebook(found: Plain, t: Strings) -> RenderableType:
    """Agreement, variable by variable; what was confused with what; and the claims on which coders differ."""
    return Group(*_parts(found, t))


def _parts(found: Plain, t: Strings) -> Iterator[RenderableType]:
    coders = [one["name"] for one in found["coders"]]
    yield Text(t("codebook.title", title=found["title"]), style="bold")
    for one in found["coders"]:
        coded = ", ".join(f"{t(f'codebook.variable.{name}')} {count}" for name, count in one["coded"].items())
        yield indented(t("codebook.coder", name=one["name"], file=one["file"], coded=coded, claims=found["claims"]))
    yield heading(t("codebook.agreement"))
    yield Padding(_agreement(found, t), INDENT)
    yield indented(Text(t("codebook.scale", **{key: found[key] for key in ("reliable", "tentative")}), style="dim"))
    if any(one["confused"] for one in found["variables"].values()):
        yield heading(t("codebook.confused"))
        yield Padding(_confused(found, t), INDENT)
    yield heading(t("codebook.differences", count=len(found["differences"])))
    if found["differences"]:
        yield Padding(_differences(found, coders, t), INDENT)
    yield Text(f"\n{t('codebook.not_truth')}", style="dim")


def _agreement(found: Plain, t: Strings) -> Table:
    head = ("variable", "alpha", "interval", "same", "claims", "reading")
    made = table(*(t(f"codebook.head.{one}") for one in head), gap=2)
    for name, one in found["variables"].items():
        made.add_row(
            t(f"codebook.variable.{name}"),
            number(one["alpha"]),
            NOTHING if one["low"] is None else f"{number(one['low'])} to {number(one['high'])}",
            NOTHING if one["agreement"] is None else wording.per_cent(one["agreement"]),
            str(one["claims"]),
            t(f"codebook.reading.{one['reading'] or 'untold'}"),
        )
    return made


def _confused(found: Plain, t: Strings) -> Table:
    made = Table.grid(padding=(0, 2))
    for name, one in found["variables"].items():
        for pair in one["confused"][:CONFUSED]:
            first, second = (value(each) for each in pair["values"])
            made.add_row(t(f"codebook.variable.{name}"), f"{first} / {second}", wording.count(pair["pairs"], "time"))
    return made


def _differences(found: Plain, coders: Sequence[str], t: Strings) -> Table:
    """A column a coder; of a whole class, how many gave which value."""
    many = len(coders) > COLUMNS
    heads = [t("codebook.head.tally")] if many else coders
    made = table(t("codebook.head.claim"), t("codebook.head.variable"), *heads, gap=2)
    for one in found["differences"]:
        for at, (name, told) in enumerate(one["codings"].items()):
            last = at == len(one["codings"]) - 1
            made.add_row(
                "" if at else f"{one['id']}: {one['text']}",
                t(f"codebook.variable.{name}"),
                *([_tally(one["tally"][name])] if many else map(value, told)),
                end_section=last,
            )
    return made


def _tally(told: Sequence[Plain]) -> str:
    return ", ".join(f"{value(one['value'])} {one['coders']}" for one in told)


def value(coded: str | Sequence[str] | None) -> str:
    """What a coder wrote: ``red line``, ``europe russia``; ``-`` where nothing was coded.

    >>> value("red_line"), value(["russia", "us"]), value(None)
    ('red line', 'russia us', '-')
    """
    if coded is None:
        return NOTHING
    return coded.replace("_", " ") if isinstance(coded, str) else " ".join(coded)


def number(alpha: float | None) -> str:
    """An alpha to the two decimals that its interval deserves.

    >>> number(0.8154), number(-0.004), number(None)
    ('0.82', '0.00', '-')
    """
    return NOTHING if alpha is None else f"{alpha:.2f}".replace("-0.00", "0.00")


def form(blank: Plain, t: Strings) -> str:
    """A form of `sim.analysis.coding.codebook.form` as YAML: how to code, and each claim with blanks to fill in.

    Raises
    ------
    KeyError
        if a kind of claim has no words in the language
    """
    return "\n".join(_form(blank, t)) + "\n"


def _form(blank: Plain, t: Strings) -> Iterator[str]:
    yield from _comment(t("codebook.form.how", title=blank["title"]))
    yield "#"
    yield from _choices(t("codebook.form.kind"), {one: t(f"codebook.kind.{one}") for one in blank["kinds"]})
    about = {one: name or t("codebook.form.other") for one, name in blank["about"].items()}
    yield from _choices(t("codebook.form.about", one=next(iter(about))), about)
    if blank["sizes"]:
        yield from _choices(t("codebook.form.size"), blank["sizes"])
    yield f"case: {json.dumps(blank['case'], ensure_ascii=False)}"
    yield f"coder:  # {t('codebook.form.coder')}"
    yield "claims:"
    size = ", size: " if blank["sizes"] else ""
    for one in blank["claims"]:
        yield ""
        said = t("codebook.form.claim", paragraph=one["paragraph"], voice=one["voice"], text=one["text"])
        yield from (f"  {line}" for line in _comment(said))
        yield f"  {one['id']}: {{kind: , about: []{size}}}"


def _choices(what: str, choices: Mapping[str, str]) -> Iterator[str]:
    yield from _comment(what)
    width = max(map(len, choices))
    for one, meaning in choices.items():
        yield from _comment(meaning, f"  {one.ljust(width)}  ")
    yield "#"


def _comment(text: str, before: str = "") -> list[str]:
    after = " " * len(before)
    return [f"# {line}" for line in textwrap.wrap(text, COMMENT, initial_indent=before, subsequent_indent=after)]
