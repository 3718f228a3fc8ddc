"""The rules of a case as they are counted: points per unit and score sheets option by option (model, section 3).

A rule with `per` stands for one rule per option of a numeric issue, and a score sheet for one rule per option that it
names. All of them draw on the number that the file gives, so a change of that number changes all of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from sim.case.conditions import ANY, Condition, Option
from sim.case.number_syntax import as_written
from sim.case.reading.source_map import SourceMap
from sim.case.rule_models import Actor, CountedRule, Issue, PointsRule, ScoreSheet
from sim.case.validation_messages import valid_name


def preferences(actors: Mapping[str, Actor], issues: Mapping[str, Issue]) -> dict[str, tuple[CountedRule, ...]]:
    """Return the preferences of each actor as they are counted, those of its score sheet last."""
    result = {}
    for name, actor in actors.items():
        rules = counted(actor.preferences, f"actors.{name}.preferences", issues)
        sheet = () if actor.scores is None else tuple(_of_sheet(actor.scores, f"actors.{name}.scores", issues))
        result[name] = _named_apart((*rules, *sheet))
    return result


def sending_rules(
    actors: Mapping[str, Actor], issues: Mapping[str, Issue]
) -> dict[str, dict[str, tuple[CountedRule, ...]]]:
    """Return the rules on sending each resource of each actor as they are counted."""
    return {
        name: {
            resource: counted(capacity.when_sent, f"actors.{name}.capacities.{resource}.when_sent", issues)
            for resource, capacity in actor.capacities.items()
        }
        for name, actor in actors.items()
    }


def counted(rules: Sequence[PointsRule], path: str, issues: Mapping[str, Issue]) -> tuple[CountedRule, ...]:
    """Return a list of rules, whose dotted path is given, as they are counted."""
    return _named_apart([one for rule in rules for one in _of_rule(rule, f"{path}.{rule.rule}.points", issues)])


def _of_rule(rule: PointsRule, number: str, issues: Mapping[str, Issue]) -> Iterator[CountedRule]:
    if rule.per is None:
        yield CountedRule.model_construct(**dict(rule), number=number, times=1.0)
        return
    issue = issues[rule.per]
    for option in issue.options:
        assert not isinstance(option, str)  # only issues with numbers have units
        units = as_written(option) - as_written(rule.from_ or 0)
        if units:
            own = {
                "rule": f"{rule.rule}_{valid_name(str(option))}",
                "says": f"{rule.says} ({rule.per.replace('_', ' ')} {in_words(issue, option)})",
                "when": _both(rule.when, rule.per, option),
                "number": number,
                "times": float(units),
            }
            yield CountedRule.model_construct(**{**dict(rule), **own})


def _of_sheet(sheet: ScoreSheet, path: str, issues: Mapping[str, Issue]) -> Iterator[CountedRule]:
    for name, scores in sheet.scores.items():
        issue = issues[name]
        for option in issue.options:
            if str(option) in scores:
                yield CountedRule.model_construct(
                    source=sheet.source,
                    assumption=sheet.assumption,
                    note=sheet.note,
                    rule=f"{name}_{valid_name(str(option))}",
                    says=f"{issue.says.rstrip('.?')}: {in_words(issue, option)}",
                    when={name: option},
                    points=scores[str(option)],
                    per=None,
                    from_=None,
                    number=f"{path}.{name}.{option}",
                    times=1.0,
                )


def in_words(issue: Issue, option: Option) -> str:
    """Return an option in words: its label, or else its name with the unit if there is one.

    >>> in_words(Issue(says="x", options=(0, 2500), default=0, unit="men", assumption="x"), 2500)
    '2,500 men'
    """
    if label := issue.labels.get(str(option)):
        return label
    if isinstance(option, str):
        return option.replace("_", " ")
    return f"{option:,} {issue.unit}" if issue.unit else f"{option:,}"


def _both(when: Condition, issue: str, option: Option) -> Condition:
    """Return the condition that another one holds and that an issue has this option."""
    return {**when, issue: option} if issue not in when else {ANY: [when], issue: option}


def _named_apart(rules: Sequence[CountedRule]) -> tuple[CountedRule, ...]:
    """Give rules with the same name different ones; those for the options -1 and 1 can have the same."""
    taken: set[str] = set()
    result = []
    for rule in rules:
        name, tries = rule.rule, 1
        while name in taken:
            tries += 1
            name = f"{rule.rule}_{tries}"
        taken.add(name)
        result.append(rule if name == rule.rule else rule.model_copy(update={"rule": name}))
    return tuple(result)


def by_option(source: SourceMap) -> SourceMap:
    """Return the data of a case in which score sheets name their options, where they list points in the issue's order.

    A list of the wrong length stays as it is and is reported when the case is validated.
    """
    data = source.data
    for path, options, points in _listed_scores(data):
        names = list(map(str, options))
        if len(set(names)) == len(names) == len(points):
            document, base = source.origin(path)
            source = source.replaced(path, dict(zip(names, points, strict=True)), (document, base))
            origins = dict(source.origins)
            for index, name in enumerate(names):
                origins[*path, name] = document, (*base, index)
            source = replace(source, origins=origins)
    return source


def _listed_scores(data: object) -> Iterator[tuple[tuple[str, ...], list[object], list[object]]]:
    """Yield the path of each list of scores, the options of its issue, and the list."""
    issues, actors = (_mapping(data).get(key) for key in ("issues", "actors"))
    for actor, content in _mapping(actors).items():
        for issue, points in _mapping(_mapping(content).get("scores")).items():
            options = _mapping(_mapping(issues).get(issue)).get("options")
            if isinstance(points, list) and isinstance(options, list):
                yield ("actors", actor, "scores", issue), options, points


def _mapping(value: object) -> Mapping[str, object]:
    return value if isinstance(value, Mapping) else {}
