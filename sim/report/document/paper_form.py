"""The file in which a teacher enters the results of tables that played on paper."""

from __future__ import annotations

from collections.abc import Iterator

from sim.report.wording import Plain
from sim.strings import Strings


def form(blank: Plain, issues: Plain, t: Strings) -> str:
    """Return a form of `sim.game.paper.paper_results.blank` as YAML, with the possible entries after each line.

    Parameters
    ----------
    issues : of the case: issue to an object with ``options``
    """
    return "\n".join(_lines(blank, issues, t)) + "\n"


def _lines(blank: Plain, issues: Plain, t: Strings) -> Iterator[str]:
    yield f"# {t('handout.form.how')}"
    yield f"# {t('page.not_a_forecast')}"
    yield "tables:"
    for table in blank["tables"]:
        yield f"  - name: {table['name']}"
        yield "    package:"
        for issue, option in table["package"].items():
            options = ", ".join(map(str, issues[issue]["options"]))
            yield f"      {issue}: {option}  # {options}"
        yield "    votes:"
        for actor, vote in table["votes"].items():
            yield f"      {actor}: {vote}  # accept, reject, rules"
        if table.get("sends"):
            yield f"    sends:  # {t('handout.form.sends')}"
        for actor, amounts in table.get("sends", {}).items():
            yield f"      {actor}: {{{', '.join(f'{resource}: {amount}' for resource, amount in amounts.items())}}}"
