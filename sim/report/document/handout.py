"""Handouts as documents of plain blocks, which one template turns into HTML and another into PDF.

A block is a dict with a ``kind``: ``h1`` to ``h3``, ``p``, ``note``, ``list``, ``table``, ``write`` (an empty line to
write on) or ``break`` (a new page). Its text is text: no markup of the user's is ever read.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, TypeAlias

from sim.report import wording
from sim.report.document.teachers_guide import guide
from sim.report.option_labels import option_in_words, option_text, spaced
from sim.report.wording import NEVER, Plain
from sim.strings import Strings

Block: TypeAlias = dict[str, Any]
Document: TypeAlias = dict[str, Any]
SIZES = ("slight", "moderate", "strong", "vital")
"""Words of a codebook that the cards translate; any other word is shown as it is."""


def documents(found: Plain, t: Strings) -> dict[str, Document]:
    """Every document of a handout by its file's stem: one a role, what everybody gets, and the teacher's guide."""
    made = {f"role-{actor.replace('_', '-')}": role(found, actor, t) for actor in found["roles"]}
    if set(found["roles"]) == set(found["actors"]):
        made |= {"table": table(found, t), "votes": votes(found, t), "guide": guide(found, t)}
    return made


def role(found: Plain, actor: str, t: Strings) -> Document:
    """A role's card with its score sheet: for that role alone."""
    card, sheet = found["roles"][actor]["brief"], found["roles"][actor]["sheet"]
    blocks = [*_card(found, card, t), *(_sheet(found, sheet, t) if sheet else ()), *_claims(card["claims"], t)]
    title = t("handout.role.title", name=card["name"])
    return _document(found, title, t("handout.role.secret", name=card["name"]), blocks, t)


def table(found: Plain, t: Strings) -> Document:
    """What lies on the table: the text, what may be changed, whose consent it takes, and the measures."""
    return _document(found, t("handout.table.title"), t("handout.everybody"), list(_table(found, t)), t)


def votes(found: Plain, t: Strings) -> Document:
    """Voting sheets: one a seat to cut out, and one a table for the result."""
    blocks: list[Block] = []
    for actor in found["actors"].values():
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
    blocks += [{"kind": "break"}, *_result(found, t)]
    return _document(found, t("handout.votes.title"), t("handout.everybody"), blocks, t)


def _document(found: Plain, title: str, who: str, blocks: Sequence[Block], t: Strings) -> Document:
    return {
        "title": title,
        "subtitle": found["title"],
        "who": who,
        "caveat": t("page.not_a_forecast"),
        "language": t.language,
        "blocks": list(blocks),
    }


def _card(found: Plain, card: Plain, t: Strings) -> Iterator[Block]:
    yield {"kind": "h2", "text": t("handout.role.you")}
    yield {"kind": "p", "text": card["brief"]}
    if card["red_lines"]:
        yield {"kind": "h2", "text": t("handout.role.lines")}
        yield {"kind": "list", "items": [_line(line, t) for line in card["red_lines"]]}
    if card["interests"]:
        yield {"kind": "h2", "text": t("handout.role.interests")}
        yield {"kind": "list", "items": [_interest(one, t) for one in card["interests"]]}
    if card["weighs"]:
        yield {"kind": "h2", "text": t("handout.role.weighs")}
        keys = {True: "handout.role.more", False: "handout.role.less"}
        items = [t(keys[one["gain"]], says=one["says"], sources=_support(one)) for one in card["weighs"]]
        yield {"kind": "list", "items": items}
    yield from _walk_away(card, t)
    if any(card["capacities"].values()):
        yield {"kind": "h2", "text": t("handout.role.capacities")}
        items = [f"{spaced(of)}: {wording.option(most)}" for of, most in card["capacities"].items() if most]
        yield {"kind": "list", "items": items}
    for resource in dict.fromkeys(one["resource"] for one in card["when_sent"]):
        yield {"kind": "h2", "text": t("handout.role.when_sent", resource=spaced(resource))}
        some = [one for one in card["when_sent"] if one["resource"] == resource]
        yield {"kind": "list", "items": [_interest(one, t) for one in some]}
    if card["consent"]:
        yield {"kind": "h2", "text": t("handout.role.consent")}
        yield {"kind": "list", "items": [_when(one["says"], one["when"], t) for one in card["consent"]]}
    yield {"kind": "note", "text": t("handout.role.play")}


def _line(line: Plain, t: Strings) -> str:
    price = ""
    if line["price"] is not None:
        price = (
            t("handout.role.never")
            if line["price"] == NEVER
            else t("handout.role.price", points=wording.level(line["price"]))
        )
    known = t("handout.role.declared") if line["declared"] else t("handout.role.secret_line")
    return " ".join(filter(None, (f"{line['says']}.", known, price, f"({_support(line)})")))


def _interest(one: Plain, t: Strings) -> str:
    if one["points"] is not None:
        size = wording.points(one["points"])
    elif one["size"] in SIZES:
        size = t(f"handout.role.size.{one['size']}")
    else:
        size = one["size"] or ""
    way = t("handout.role.gain") if one["gain"] else t("handout.role.cost")
    return f"{one['says']}: {way}{', ' if size else ''}{size} ({_support(one)})"


def _walk_away(card: Plain, t: Strings) -> Iterator[Block]:
    away = card["walk_away"]
    yield {"kind": "h2", "text": t("handout.role.walk_away")}
    text = t("handout.role.walk_away_how")
    if away["now"] is not None:
        text = f"{text} {t('handout.role.walk_away_now', points=wording.level(away['now']))}"
    yield {"kind": "p", "text": text}
    keys = {True: "handout.role.up", False: "handout.role.down"}
    if away["moved_by"]:
        yield {"kind": "list", "items": [t(keys[one["up"]], says=one["says"]) for one in away["moved_by"]]}


def _sheet(found: Plain, sheet: Plain, t: Strings) -> Iterator[Block]:
    """The score sheet: start, points by option, rules in words, measures, red lines, sum, and a worked example."""
    yield {"kind": "break"}
    yield {"kind": "h2", "text": t("handout.sheet.title")}
    yield {"kind": "p", "text": t("handout.sheet.how")}
    rows = [[t("handout.sheet.fixed"), wording.points(sheet["fixed"]), ""], *_parted(found, sheet, t)]
    for one in sheet["weighs"]:
        rows.append([t("handout.sheet.weigh", measure=spaced(one["measure"])), f"x {one['weight']:g}", ""])
    for one in sheet["red_lines"]:
        price = t("handout.sheet.never") if one["price"] == NEVER else wording.points(-one["price"])
        rows.append([t("handout.sheet.line", says=_when(one["says"], one["when"], t)), price, ""])
    rows.append([t("handout.sheet.walk_away"), wording.points(-sheet["walk_away"]), ""])
    rows.append([t("handout.sheet.sum"), "", ""])
    yield _to_add_up(rows, t)
    yield {"kind": "p", "text": t("handout.sheet.accept")}
    if any(sheet["holds_out"]):
        held = ", ".join(f"{at}: {wording.level(points)}" for at, points in enumerate(sheet["holds_out"], 1))
        yield {"kind": "p", "text": t("handout.sheet.holds_out", months=held)}
    for resource, one in sheet["sending"].items():
        if one["fixed"] or one["issues"] or one["combined"]:
            yield from _sending(found, resource, one, t)
    yield {"kind": "h3", "text": t("handout.sheet.example")}
    yield {"kind": "p", "text": t("handout.sheet.example_how")}
    example = sheet["example"]
    lines = [[entry["says"], wording.points(entry["points"])] for entry in example["ledger"]]
    lines.append([t("handout.sheet.sum"), wording.points(example["surplus"])])
    heads = [t("handout.sheet.rule"), t("handout.sheet.points")]
    yield {"kind": "table", "caption": "", "heads": heads, "rows": lines, "numbers": [1]}
    yield {"kind": "p", "text": t("handout.sheet.verdict", verdict=wording.VERDICTS[example["verdict"]].words)}
    for resource, one in example["sends"].items():
        if one["asked"] and example["verdict"] == "accept":
            what = {"resource": spaced(resource), "amount": wording.option(one["amount"])}
            key = "handout.sheet.sends" if one["sends"] else "handout.sheet.sends_nothing"
            yield {"kind": "p", "text": t(key, points=wording.points(one["surplus"]), **what)}


def _parted(found: Plain, part: Plain, t: Strings) -> Iterator[list[str]]:
    """Points by option where a rule hangs on one issue, and the other rules in words."""
    for one in part["issues"]:
        issue = found["issues"][one["issue"]]
        yield [f"{issue['says']}:", "", ""]
        for row in one["rows"]:
            yield [f"- {option_in_words(issue, row['option'])}", wording.points(row["points"]), ""]
    for one in part["combined"]:
        yield [_when(one["says"], one["when"], t), wording.points(one["points"]), ""]


def _to_add_up(rows: Sequence[Sequence[str]], t: Strings) -> Block:
    heads = [t("handout.sheet.rule"), t("handout.sheet.points"), t("handout.sheet.mine")]
    return {"kind": "table", "caption": "", "heads": heads, "rows": rows, "numbers": [1, 2]}


def _sending(found: Plain, resource: str, part: Plain, t: Strings) -> Iterator[Block]:
    """What counts only if the role sends a resource: a block of its own, which leaves its vote alone."""
    what = {"resource": spaced(resource), "amount": wording.option(part["capacity"])}
    yield {"kind": "h3", "text": t("handout.sheet.sending", **what)}
    yield {"kind": "p", "text": t("handout.sheet.sending_how", **what)}
    rows = [[t("handout.sheet.surplus"), "", ""]]
    if part["fixed"]:
        rows.append([t("handout.sheet.fixed"), wording.points(part["fixed"]), ""])
    rows += [*_parted(found, part, t), [t("handout.sheet.sending_sum"), "", ""]]
    yield _to_add_up(rows, t)
    yield {"kind": "p", "text": t("handout.sheet.sending_rule", **what)}


def _claims(claims: Sequence[Plain], t: Strings) -> Iterator[Block]:
    if claims:
        yield {"kind": "h2", "text": t("handout.role.claims")}
        yield {"kind": "terms", "items": sorted([claim["id"], claim["text"]] for claim in claims)}


def _table(found: Plain, t: Strings) -> Iterator[Block]:
    yield {"kind": "p", "text": found["question"]}
    names = wording.series(found["actors"][one]["name"] for one in found["sponsors"])
    yield {"kind": "h2", "text": t("handout.table.text")}
    yield {"kind": "p", "text": t("handout.table.tabled", names=names)}
    heads = [t("handout.table.issue"), t("handout.table.now"), t("handout.table.options")]
    rows = []
    for name, issue in found["issues"].items():
        open_ = name in found["negotiable"]
        options = "; ".join(option_text(issue, one) for one in issue["options"]) if open_ else t("handout.table.closed")
        rows.append([issue["says"], option_in_words(issue, found["opening"][name]), options])
    yield {"kind": "table", "caption": "", "heads": heads, "rows": rows, "numbers": []}
    terms = wording.count(found["protocol"]["amend_terms"], "term")
    if found["protocol"]["amends"]:
        yield {"kind": "p", "text": t("handout.table.amend", terms=terms)}
    if found["constraints"]:
        yield {"kind": "h2", "text": t("handout.table.constraints")}
        yield {"kind": "list", "items": list(found["constraints"])}
    yield {"kind": "h2", "text": t("handout.table.consent")}
    yield {"kind": "list", "items": [_when(one["says"], one["when"], t) for one in found["consent"]]}
    if found["declared"]:
        yield {"kind": "h2", "text": t("handout.table.declared")}
        actors = found["actors"]
        yield {"kind": "list", "items": [f"{actors[one['actor']]['name']}: {one['says']}" for one in found["declared"]]}
    if found["measures"]:
        yield from _measures(found, t)


def _measures(found: Plain, t: Strings) -> Iterator[Block]:
    measures, lasting = found["measures"]["measures"], found["measures"]["durability"]
    if not measures:
        return
    yield {"kind": "h2", "text": t("handout.measures.title")}
    yield {"kind": "p", "text": t("handout.measures.how")}
    for name, measure in measures.items():
        rows = [[t("handout.measures.start"), wording.level(measure["base"] + measure["fixed"])]]
        for one in measure["issues"]:
            issue = found["issues"][one["issue"]]
            for row in filter(lambda row: row["points"], one["rows"]):
                rows.append(
                    [f"{issue['says']}: {option_in_words(issue, row['option'])}", wording.points(row["points"])]
                )
        rows += [[_when(one["says"], one["when"], t), wording.points(one["points"])] for one in measure["combined"]]
        heads = [t("handout.sheet.rule"), t("handout.sheet.points")]
        caption = f"{spaced(name)}: {measure['says']}"
        yield {"kind": "table", "caption": caption, "heads": heads, "rows": rows, "numbers": [1]}
    if lasting:
        heads = [spaced(lasting["by"]), t("handout.measures.durability")]
        rows = [[wording.level(by), wording.level(chance)] for by, chance in lasting["rows"]]
        caption = t("handout.measures.lasting", says=lasting["says"])
        yield {"kind": "table", "caption": caption, "heads": heads, "rows": rows, "numbers": [0, 1]}


def _result(found: Plain, t: Strings) -> Iterator[Block]:
    yield {"kind": "h2", "text": t("handout.votes.result")}
    yield {"kind": "write", "text": t("handout.votes.table")}
    heads = [t("handout.table.issue"), t("handout.table.options"), t("handout.votes.agreed")]
    issues = found["issues"]
    rows = [
        [issues[one]["says"], ", ".join(wording.option(option) for option in issues[one]["options"]), ""]
        for one in found["negotiable"]
    ]
    yield {"kind": "table", "caption": "", "heads": heads, "rows": rows, "numbers": []}
    heads = [t("handout.votes.seat"), t("handout.votes.yes"), t("handout.votes.no")]
    rows = [[actor["name"], "", ""] for actor in found["actors"].values()]
    yield {"kind": "table", "caption": "", "heads": heads, "rows": rows, "numbers": []}
    yield {"kind": "p", "text": t("handout.votes.enter")}


def _when(says: str, when: str, t: Strings) -> str:
    return t("handout.when", says=says, when=when.replace("_", " ")) if when else says


def _support(one: Plain) -> str:
    """The claims of a rule; ``assumed`` where none stands behind it."""
    return wording.sources(one)
