"""The file in which a teacher writes down what paper tables came to."""

from __future__ import annotations

from collections.abc import Iterator

from sim.report.wording import Plain
from sim.strings import Strings


def form(blank: Plain, issues: Plain, t: Strings) -> str:
    """A form of `sim.game.paper.paper_results.blank` as YAML, with what may be entered beside each line.

    Parameters
    ----------
    issues : of the case: issue to an object with ``options``
    """
    return "\n".join(_lines(blank, issues, t)) + "\n"


def _lines(blank: Plain, issues: Plain, t: Strings) -> Iterator[str]:
    yield f"# {t('handout.form.how')}"
    yield f"# {t('page.not_a_forecast')}"
    yield "tables:"
    for one in blank["tables"]:
        yield f"  - name: {one['name']}"
        yield "    package:"
        for issue, option in one["package"].items():
            options = ", ".join(map(str, issues[issue]["options"]))
            yield f"      {issue}: {option}  # {options}"
        yield "    votes:"
        for actor, vote in one["votes"].items():
            yield f"      {actor}: {vote}  # accept, reject, rules"
        if one.get("sends"):
            yield f"    sends:  # {t('handout.form.sends')}"
        for actor, amounts in one.get("sends", {}).items():
            yield f"      {actor}: {{{', '.join(f'{of}: {amount}' for of, amount in amounts.items())}}}"
