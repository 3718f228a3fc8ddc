"""Handouts as documents made of plain blocks, which one template turns into HTML and another into PDF.

A block is a dict with a ``kind``: ``h2``, ``h3``, ``p``, ``note``, ``list``, ``terms`` (a term and a text each),
``table``, ``choice`` (boxes to tick), ``write`` (an empty line to write on) or ``break`` (a new page). Markup in a
block's text is never interpreted.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeAlias

from sim.report import wording
from sim.report.document.teachers_guide import guide
from sim.report.option_labels import option_in_words, option_text, rows_by_group, spaced
from sim.report.wording import NEVER, Plain
from sim.strings import Strings

Block: TypeAlias = dict[str, Any]
Document: TypeAlias = dict[str, Any]
SIZES = ("slight", "moderate", "strong", "vital")
"""Words of a codebook that role cards translate; any other word is shown unchanged."""


def documents(handout: Plain, t: Strings) -> dict[str, Document]:
    """Return all documents of a handout by file stem: one per role, those for everybody, and the teacher's guide."""
    roles = {f"role-{actor.replace('_', '-')}": role(handout, actor, t) for actor in handout["roles"]}
    if set(handout["roles"]) != set(handout["actors"]):
        return roles
    teacher = _document(handout, t("handout.guide.title"), t("handout.guide.secret"), guide(handout, t), t)
    return roles | {"table": table(handout, t), "votes": votes(handout, t), "guide": teacher}


def role(handout: Plain, actor: str, t: Strings) -> Document:
    """Return a role's card with its score sheet, for that role only."""
    card, sheet = handout["roles"][actor]["brief"], handout["roles"][actor]["sheet"]
    blocks = [*_card(card, t), *(_sheet(handout, sheet, t) if sheet else ()), *_claims(card["claims"], t)]
    title = t("handout.role.title", name=card["name"])
    return _document(handout, title, t("handout.role.secret", name=card["name"]), blocks, t)


def table(handout: Plain, t: Strings) -> Document:
    """Return what everybody gets: the text, what may be changed, whose consent is needed, and the measures."""
    return _document(handout, t("handout.table.title"), t("handout.everybody"), _table(handout, t), t)


def votes(handout: Plain, t: Strings) -> Document:
    """Return the voting sheets: one per seat to cut out, and one per table for the result."""
    blocks: list[Block] = []
    for actor in handout["actors"].values():
        blocks += [
            {"kind": "h2", "text": actor["name"]},
            {
                "kind": "choice",
                "text": t("handout.votes.vote"),
                "options": [t("handout.votes.yes"), t("handout.votes.no")],
            },
            *({"kind": "write", "text": t("handout.votes.send", resource=spaced(of))} for of in actor["sends"]),
            {"kind": "write", "text": t("handout.votes.because")},
            {"kind": "write", "text": t("handout.votes.instead")},
        ]
    blocks += [{"kind": "break"}, *_result(handout, t)]
    return _document(handout, t("handout.votes.title"), t("handout.everybody"), blocks, t)


def _document(handout: Plain, title: str, readers: str, blocks: Iterable[Block], t: Strings) -> Document:
    return {
        "title": title,
        "subtitle": handout["title"],
        "who": readers,
        "caveat": t("page.not_a_forecast"),
        "language": t.language,
        "blocks": list(blocks),
    }


def _card(card: Plain, t: Strings) -> Iterator[Block]:
    yield {"kind": "h2", "text": t("handout.role.you")}
    yield {"kind": "p", "text": card["brief"]}
    yield from _listed(t("handout.role.lines"), [_line(line, t) for line in card["red_lines"]])
    yield from _listed(t("handout.role.interests"), [_interest(interest, t) for interest in card["interests"]])
    keys = {True: "handout.role.more", False: "handout.role.less"}
    weights = [t(keys[rule["gain"]], says=rule["says"], sources=wording.sources(rule)) for rule in card["weighs"]]
    yield from _listed(t("handout.role.weighs"), weights)
    yield from _walk_away(card, t)
    capacities = [f"{spaced(name)}: {wording.option(most)}" for name, most in card["capacities"].items() if most]
    yield from _listed(t("handout.role.capacities"), capacities)
    for resource in dict.fromkeys(rule["resource"] for rule in card["when_sent"]):
        rules = [_interest(rule, t) for rule in card["when_sent"] if rule["resource"] == resource]
        yield from _listed(t("handout.role.when_sent", resource=spaced(resource)), rules)
    yield from _listed(t("handout.role.consent"), [_when(_asks(rule, t), rule["when"], t) for rule in card["consent"]])
    yield {"kind": "note", "text": t("handout.role.play")}


def _listed(heading: str, items: Sequence[str]) -> Iterator[Block]:
    """Return a heading and a list, or nothing if the list is empty."""
    if items:
        yield {"kind": "h2", "text": heading}
        yield {"kind": "list", "items": list(items)}


def _line(line: Plain, t: Strings) -> str:
    price = ""
    if line["price"] == NEVER:
        price = t("handout.role.never")
    elif line["price"] is not None:
        price = t("handout.role.price", points=wording.level(line["price"]))
    known = t("handout.role.declared") if line["declared"] else t("handout.role.secret_line")
    return " ".join(filter(None, (f"{line['says']}.", known, price, f"({wording.sources(line)})")))


def _interest(interest: Plain, t: Strings) -> str:
    if interest["points"] is not None:
        size = wording.points(interest["points"])
    elif interest["size"] in SIZES:
        size = t(f"handout.role.size.{interest['size']}")
    else:
        size = interest["size"] or ""
    direction = t("handout.role.gain") if interest["gain"] else t("handout.role.cost")
    return f"{interest['says']}: {direction}{', ' if size else ''}{size} ({wording.sources(interest)})"


def _walk_away(card: Plain, t: Strings) -> Iterator[Block]:
    away = card["walk_away"]
    yield {"kind": "h2", "text": t("handout.role.walk_away")}
    text = t("handout.role.walk_away_how")
    if away["now"] is not None:
        text = f"{text} {t('handout.role.walk_away_now', points=wording.level(away['now']))}"
    yield {"kind": "p", "text": text}
    keys = {True: "handout.role.up", False: "handout.role.down"}
    if away["moved_by"]:
        yield {"kind": "list", "items": [t(keys[factor["up"]], says=factor["says"]) for factor in away["moved_by"]]}


def _sheet(handout: Plain, sheet: Plain, t: Strings) -> Iterator[Block]:
    """Return the score sheet: start, points by option, rules in words, measures, red lines, sum, worked example."""
    yield {"kind": "break"}
    yield {"kind": "h2", "text": t("handout.sheet.title")}
    yield {"kind": "p", "text": t("handout.sheet.how")}
    rows = [[t("handout.sheet.fixed"), wording.points(sheet["fixed"]), ""], *_points_by_rule(handout, sheet, t)]
    for measure in sheet["weighs"]:
        rows.append(
            [t("handout.sheet.weigh", measure=spaced(measure["measure"])), t.number(f"x {measure['weight']:g}"), ""]
        )
    for line in sheet["red_lines"]:
        price = t("handout.sheet.never") if line["price"] == NEVER else wording.points(-line["price"])
        rows.append([t("handout.sheet.line", says=_when(line["says"], line["when"], t)), price, ""])
    rows.append([t("handout.sheet.walk_away"), wording.points(-sheet["walk_away"]), ""])
    rows.append([t("handout.sheet.sum"), "", ""])
    yield _adding_table(rows, t)
    yield {"kind": "p", "text": t("handout.sheet.accept")}
    if any(sheet["holds_out"]):
        months = ", ".join(f"{month}: {wording.level(points)}" for month, points in enumerate(sheet["holds_out"], 1))
        yield {"kind": "p", "text": t("handout.sheet.holds_out", months=months)}
    for resource, part in sheet["sending"].items():
        if part["fixed"] or part["issues"] or part["combined"]:
            yield from _sending(handout, resource, part, t)
    yield {"kind": "h3", "text": t("handout.sheet.example")}
    yield {"kind": "p", "text": t("handout.sheet.example_how")}
    example = sheet["example"]
    lines = [[entry["says"], wording.points(entry["points"])] for entry in example["ledger"]]
    lines.append([t("handout.sheet.sum"), wording.points(example["surplus"])])
    heads = [t("handout.sheet.rule"), t("handout.sheet.points")]
    yield {"kind": "table", "caption": "", "heads": heads, "rows": lines, "numbers": [1]}
    yield {"kind": "p", "text": t("handout.sheet.verdict", verdict=wording.VERDICTS[example["verdict"]].words)}
    for resource, decision in example["sends"].items():
        if decision["asked"] and example["verdict"] == "accept":
            names = {"resource": spaced(resource), "amount": wording.option(decision["amount"])}
            key = "handout.sheet.sends" if decision["sends"] else "handout.sheet.sends_nothing"
            yield {"kind": "p", "text": t(key, points=wording.points(decision["surplus"]), **names)}


def _points_by_rule(handout: Plain, part: Plain, t: Strings) -> Iterator[list[str]]:
    """Return points by option for rules about one issue, and the other rules in words."""
    for part_of_issue in part["issues"]:
        issue = handout["issues"][part_of_issue["issue"]]
        yield [f"{issue['says']}:", "", ""]
        for row in part_of_issue["rows"]:
            yield [f"- {option_in_words(issue, row['option'])}", wording.points(row["points"]), ""]
    for rule in part["combined"]:
        yield [_when(rule["says"], rule["when"], t), wording.points(rule["points"]), ""]


def _adding_table(rows: Sequence[Sequence[str]], t: Strings) -> Block:
    heads = [t("handout.sheet.rule"), t("handout.sheet.points"), t("handout.sheet.mine")]
    return {"kind": "table", "caption": "", "heads": heads, "rows": rows, "numbers": [1, 2]}


def _sending(handout: Plain, resource: str, part: Plain, t: Strings) -> Iterator[Block]:
    """Return what counts only if the role sends a resource; it has no effect on the role's vote."""
    names = {"resource": spaced(resource), "amount": wording.option(part["capacity"])}
    yield {"kind": "h3", "text": t("handout.sheet.sending", **names)}
    yield {"kind": "p", "text": t("handout.sheet.sending_how", **names)}
    rows = [[t("handout.sheet.surplus"), "", ""]]
    if part["fixed"]:
        rows.append([t("handout.sheet.fixed"), wording.points(part["fixed"]), ""])
    rows += [*_points_by_rule(handout, part, t), [t("handout.sheet.sending_sum"), "", ""]]
    yield _adding_table(rows, t)
    yield {"kind": "p", "text": t("handout.sheet.sending_rule", **names)}


def _claims(claims: Sequence[Plain], t: Strings) -> Iterator[Block]:
    if claims:
        yield {"kind": "h2", "text": t("handout.role.claims")}
        yield {"kind": "terms", "items": sorted([claim["id"], claim["text"]] for claim in claims)}


def _table(handout: Plain, t: Strings) -> Iterator[Block]:
    yield {"kind": "p", "text": handout["question"]}
    names = wording.series(handout["actors"][sponsor]["name"] for sponsor in handout["sponsors"])
    yield {"kind": "h2", "text": t("handout.table.text")}
    yield {"kind": "p", "text": t("handout.table.tabled", names=names)}
    heads = [t("handout.table.issue"), t("handout.table.now"), t("handout.table.options")]

    def row(name: str, issue: Plain) -> list[str]:
        options = "; ".join(option_text(issue, option) for option in issue["options"])
        if name not in handout["negotiable"]:
            options = t("handout.table.closed")
        return [issue["says"], option_in_words(issue, handout["opening"][name]), options]

    rows = rows_by_group(handout["issues"], row)
    yield {"kind": "table", "caption": "", "heads": heads, "rows": rows, "numbers": []}
    terms = wording.count(handout["protocol"]["amend_terms"], "term")
    if handout["protocol"]["amends"]:
        yield {"kind": "p", "text": t("handout.table.amend", terms=terms)}
    yield from _listed(t("handout.table.constraints"), handout["constraints"])
    yield {"kind": "h2", "text": t("handout.table.consent")}
    yield {"kind": "list", "items": [_when(_asks(rule, t), rule["when"], t) for rule in handout["consent"]]}
    declared = [f"{handout['actors'][line['actor']]['name']}: {line['says']}" for line in handout["declared"]]
    yield from _listed(t("handout.table.declared"), declared)
    if handout["measures"]:
        yield from _measures(handout, t)


def _measures(handout: Plain, t: Strings) -> Iterator[Block]:
    measures, durability = handout["measures"]["measures"], handout["measures"]["durability"]
    if not measures:
        return
    yield {"kind": "h2", "text": t("handout.measures.title")}
    yield {"kind": "p", "text": t("handout.measures.how")}
    for name, measure in measures.items():
        rows = [[t("handout.measures.start"), wording.level(measure["base"] + measure["fixed"])]]
        for part_of_issue in measure["issues"]:
            issue = handout["issues"][part_of_issue["issue"]]
            rows += [
                [f"{issue['says']}: {option_in_words(issue, row['option'])}", wording.points(row["points"])]
                for row in part_of_issue["rows"]
                if row["points"]
            ]
        rows += [[_when(rule["says"], rule["when"], t), wording.points(rule["points"])] for rule in measure["combined"]]
        heads = [t("handout.sheet.rule"), t("handout.sheet.points")]
        caption = f"{spaced(name)}: {measure['says']}"
        yield {"kind": "table", "caption": caption, "heads": heads, "rows": rows, "numbers": [1]}
    if durability:
        heads = [spaced(durability["by"]), t("handout.measures.durability")]
        rows = [[wording.level(by), wording.level(chance)] for by, chance in durability["rows"]]
        caption = t("handout.measures.lasting", says=durability["says"])
        yield {"kind": "table", "caption": caption, "heads": heads, "rows": rows, "numbers": [0, 1]}


def _result(handout: Plain, t: Strings) -> Iterator[Block]:
    yield {"kind": "h2", "text": t("handout.votes.result")}
    yield {"kind": "write", "text": t("handout.votes.table")}
    heads = [t("handout.table.issue"), t("handout.table.options"), t("handout.votes.agreed")]
    issues = handout["issues"]
    rows = [
        [issues[name]["says"], ", ".join(wording.option(option) for option in issues[name]["options"]), ""]
        for name in handout["negotiable"]
    ]
    yield {"kind": "table", "caption": "", "heads": heads, "rows": rows, "numbers": []}
    heads = [t("handout.votes.seat"), t("handout.votes.yes"), t("handout.votes.no")]
    rows = [[actor["name"], "", ""] for actor in handout["actors"].values()]
    yield {"kind": "table", "caption": "", "heads": heads, "rows": rows, "numbers": []}
    yield {"kind": "p", "text": t("handout.votes.enter")}


def _asks(rule: Plain, t: Strings) -> str:
    """Return a consent rule in words, with the votes that it asks for where a list of names does not say it all."""
    return t("handout.asks", says=rule["says"].rstrip("."), asks=rule["asks"]) if "asks" in rule else rule["says"]


def _when(says: str, when: str, t: Strings) -> str:
    return t("handout.when", says=says, when=when.replace("_", " ")) if when else says
