"""Small hand-made dicts of every format, in the shapes of docs/reference/json.md, for tests of the renderers."""

from __future__ import annotations

from typing import Any

TEXT = {"force": "european", "force_size": 50000, "mandate": "tripwire", "nato_path": "deferred"}
LATER = {**TEXT, "force_size": 15000, "mandate": "monitor"}


def entry(rule: str, points: float | str, kind: str = "preference", **more: Any) -> dict[str, Any]:
    """One ledger entry."""
    says = more.pop("says", rule.replace("_", " "))
    return {"rule": rule, "kind": kind, "says": says, "points": points, "sources": ["C07"], "assumption": None, **more}


def actor(name: str, verdict: str, ledger: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    """One actor's part of a verdicts dict; its sums follow from the ledger."""
    finite = [one for one in ledger if one["points"] != "never"]
    never = len(finite) < len(ledger)
    surplus = sum(one["points"] for one in finite)
    reservation = -sum(one["points"] for one in finite if one["kind"] == "reservation")
    price = -sum(one["points"] for one in finite if one["kind"] == "red_line")
    return {
        "name": name,
        "role": "party",
        "verdict": verdict,
        "surplus": surplus,
        "utility": surplus + reservation + price,
        "reservation": reservation,
        "aspiration": 0.0,
        "price": price,
        "never": never,
        "needed": True,
        "why_needed": "consent",
        "shares": {verdict: 1.0},
        "pledge": {},
        "declares": [],
        "ledger": ledger,
        "short": "never" if never else max(0.0, -surplus),
        **more,
    }


def actors() -> dict[str, Any]:
    """Two who talk and one who pledges."""
    return {
        "ukraine": actor(
            "Ukraine", "accept", [entry("guarantee", 40.0), entry("no_deal", -15.5, "reservation", sources=["C13"])]
        ),
        "russia": actor(
            "Russia",
            "red_line",
            [
                entry("sanctions_relief", 5.0),
                entry("no_deal", -25.0, "reservation", sources=[], assumption="Open whether it wants peace."),
                entry("western_troops", "never", "red_line", says="No Western troops", sources=["C30", "C31"]),
            ],
            declares=["western_troops"],
        ),
        "baltics": actor(
            "Baltic states",
            "worse_than_no_deal",
            [entry("drawn_in", -8.0)],
            needed=False,
            why_needed=None,
            pledge={"troops": 0},
        ),
    }


AS_TABLED = {
    "text": "tabled",
    "text_month": None,
    "moment": "opening",
    "month": None,
    "months": 12,
    "events_passed": [],
    "events_to_come": [],
    "changes": [],
}
"""What a verdict judges if nothing is asked for: the proposal before the talks."""


def verdicts(**more: Any) -> dict[str, Any]:
    """A verdicts dict at central values."""
    return {
        "format": "parley.verdicts/1",
        "seed": 0,
        "worlds": 1,
        "nominal": True,
        "case": "island",
        "scenario": "force",
        "title": "A force on the island",
        "question": "Can [a force] be agreed?",
        "adjusted": [{"issue": "force_size", "asked": 40000.0, "taken": 50000.0}],
        "agreed_share": 0.0,
        **evaluation(),
        "judged": AS_TABLED,
        "claims": {"C10": "Russia's forces advance."},
        **more,
    }


def evaluation(**more: Any) -> dict[str, Any]:
    """What everybody answers to one text: a run's `final`, and the heart of a verdicts dict."""
    return {
        "month": None,
        "package": TEXT,
        "agreed": False,
        "blocked_by": ["russia"],
        "unmet": [
            {
                "rule": "ceasefire",
                "says": "A ceasefire needs both",
                "sources": ["C06"],
                "assumption": None,
                "blockers": ["russia"],
            }
        ],
        "measures": {"deterrence": 62.5, "durability": 41.0},
        "durability": 0.41,
        "context": {"us_aid": 0.8},
        "actors": actors(),
        **more,
    }


def month(number: int, **more: Any) -> dict[str, Any]:
    """One month of a timeline at central values."""
    kept = ("verdict", "surplus", "aspiration", "pledge", "declares", "ledger")
    reactions = {name: {key: one[key] for key in kept} for name, one in actors().items()}
    return {
        "month": number,
        "events": [],
        "text": TEXT if number == 1 else LATER,
        "changed": {},
        "tabled_by": ["ukraine"],
        "move": None,
        "learnt": [],
        "context": {"us_aid": 0.8},
        "reactions": reactions,
        "agreed": False,
        "blocked_by": ["russia"],
        "unmet": verdicts()["unmet"],
        "decision": "amended",
        "open": 1.0,
        "agreed_share": 0.0,
        **more,
    }


def run(months: int = 2, **more: Any) -> dict[str, Any]:
    """A run at central values that ends without agreement."""
    timeline = [month(number) for number in range(1, months + 1)]
    if months > 1:
        changed = {"force_size": [50000, 15000], "mandate": ["tripwire", "monitor"]}
        made = {"kind": "improve", "by": ["ukraine"], "changed": list(changed), "gaps": {"russia": [None, None]}}
        made |= {"surplus": {"russia": [-22.5, -20.0]}, "crosses": [], "learnt": []}
        timeline[1] |= {"changed": changed, "move": made, "events": ["The US halts its aid"]}
    timeline[-1]["decision"] = "expired"
    return {
        "format": "parley.run/2",
        "seed": 0,
        "worlds": 1,
        "nominal": True,
        "case": "island",
        "scenario": "force",
        "title": "A force on the island",
        "question": "Can [a force] be agreed?",
        "sponsors": ["ukraine"],
        "protocol": {
            "name": "single_text",
            "months": months,
            "amend_terms": 2,
            "negotiable": None,
            "label": "Single text",
            "setup": f"single text, {months} months, at most 2 terms a month",
            "amends": True,
        },
        "outcome": "expired",
        "months": months,
        "final_package": LATER,
        "adjusted": verdicts()["adjusted"],
        "blocked_by": ["russia"],
        "verdicts": {name: one["verdict"] for name, one in actors().items()},
        "shares": {"expired": 1.0},
        "durability": 0.41,
        "final": evaluation(package=LATER, month=months),
        "blockers": {"russia": 1.0},
        "final_texts": [{"package": LATER, "share": 1.0, "outcome": "expired"}],
        "timeline": timeline,
        **more,
    }


def ensemble() -> dict[str, Any]:
    """A run over 200 worlds."""
    found = run(
        seed=7,
        worlds=200,
        nominal=False,
        shares={"agreed": 0.125, "impasse": 0.075, "expired": 0.8},
        blockers={"russia": 0.985, "troops_cover": 0.2},
        final_texts=[
            {"package": LATER, "share": 0.7, "outcome": "expired"},
            {"package": TEXT, "share": 0.3, "outcome": "agreed"},
        ],
    )
    for at in found["timeline"]:
        at["reactions"] = {
            "ukraine": {"shares": {"accept": 0.9, "holding_out": 0.1}},
            "russia": {"shares": {"accept": 0.002, "red_line": 0.998}},
            "baltics": {"shares": {"worse_than_no_deal": 1.0}},
        }
        at["agreed_share"] = 0.1
    return found


def share(worlds: int, of: int, **more: Any) -> dict[str, Any]:
    """A share of worlds with an interval."""
    return {"worlds": worlds, "share": worlds / of, "low": worlds / of * 0.9, "high": min(1, worlds / of * 1.1), **more}


def worlds(**more: Any) -> dict[str, Any]:
    """An ensemble of two scenarios: one that is sometimes agreed, and one that never is."""
    texts = [
        {"package": LATER, "outcome": "agreed", "share": 0.6, "worlds": 120},
        {"package": TEXT, "outcome": "expired", "share": 0.4, "worlds": 80},
    ]
    one = {
        "case": "island",
        "scenario": "force",
        "title": "A force on the island",
        "question": "Can [a force] be agreed?",
        "changes": {},
        "proposal": TEXT,
        "actors": {name: one["name"] for name, one in actors().items()},
        "outcomes": {"agreed": share(120, 200), "impasse": share(0, 200), "expired": share(80, 200)},
        "months": {"lower_quartile": 3, "median": 5, "upper_quartile": 8, "worlds": {"3": 60, "5": 40, "8": 20}},
        "durability": {"mean": 0.41, "lower_quartile": 0.3, "median": 0.4, "upper_quartile": 0.5},
        "verdicts": {name: {"accept": 0.6, "red_line": 0.4} for name in actors()},
        "blockers": [
            {"name": "russia", **share(80, 80), "verdicts": {"red_line": 0.75, "holding_out": 0.25, "accept": 0.0}},
            {"name": "troops_cover", **share(8, 80), "verdicts": {}},
        ],
        "final_texts": texts,
    }
    never = {"months": None, "durability": None, "outcomes": {"agreed": share(0, 200), "expired": share(200, 200)}}
    counts = {"agreed_in_both": 0, "in_first_alone": 120, "in_second_alone": 0, "in_neither": 80}
    return {
        "format": "parley.ensemble/1",
        "seed": 7,
        "worlds": 200,
        "confidence": 0.95,
        "scenarios": [one, one | never | {"scenario": "bare", "title": "Bare", "final_texts": texts[1:]}],
        "differences": [{"first": "force", "second": "bare", **counts, "share": -0.6, "low": -0.67, "high": -0.53}],
        **more,
    }


def why() -> dict[str, Any]:
    """Why Russia says no."""
    russia = actors()["russia"]
    kept = ("name", "verdict", "surplus", "aspiration", "reservation", "utility", "price", "short", "ledger")
    return {
        "format": "parley.why/1",
        "case": "island",
        "scenario": "force",
        "month": None,
        "actor": "russia",
        **{key: russia[key] for key in kept},
        "beyond_core": None,
        "turns": [
            {"change": {"force": ["european", "none"]}, "verdict": "red_line", "surplus": 12.0, "accepts": False},
            {"change": {"force_size": [50000, 0]}, "verdict": "holding_out", "surplus": 2.0, "accepts": False},
        ],
        "package": TEXT,
        "measures": {"deterrence": 62.5},
        "brief": "It thinks that it is winning.",
        "judged": AS_TABLED,
        "claims": {"C30": "Moscow rejects Western troops in Ukraine."},
    }


def compare() -> dict[str, Any]:
    """Two scenarios side by side."""
    given = {name: one["verdict"] for name, one in actors().items()}
    row = {
        "scenario": "force",
        "title": "A force on the island",
        "question": "Can a force be agreed?",
        "judged": AS_TABLED,
        "outcome": "expired",
        "months": 12,
        "durability": 0.41,
        "verdicts": given,
        "final_verdicts": given,
        "blocked_by": ["russia"],
        "agreed_share": None,
    }
    second = row | {"scenario": "bare", "outcome": "agreed", "months": 1, "durability": None}
    return {
        "format": "parley.compare/1",
        "rows": [row, second],
        "actors": {name: one["name"] for name, one in actors().items()},
    }


def sources() -> dict[str, Any]:
    """Two numbers, one of each kind, and one that is the same as the first."""
    number = {"path": "actors.russia.reservation.base", "written": "strong", "central": 20.0, "low": 10.0, "high": 30.0}
    sourced = {**number, "source": ["C10"], "assumption": None, "note": None, "says": "", "owner": "russia"}
    sourced["same_as"] = None
    assumed = {**sourced, "path": "context.us_aid.start", "written": "0.8", "source": [], "owner": "context"}
    assumed |= {"assumption": "As the year begins.", "kind": "assumed"}
    same = {**sourced, "path": "actors.russia.red_lines.ships.price", "kind": "sourced"}
    same |= {"written": "{same_as: actors.russia.reservation.base}", "same_as": number["path"]}
    return {
        "format": "parley.sources/1",
        "case": "island",
        "numbers": [sourced | {"kind": "sourced"}, same, assumed],
        "share_sourced": 0.5,
        "share_assumed": 0.5,
        "rules": [],
        "claims": {"C10": "Russia's forces advance.", "C46": "Battalions elsewhere could serve as a model."},
        "unused_claims": [{"id": "C46", "text": "Battalions elsewhere could serve as a model."}],
        "codebook": [],
    }


def judged(surplus: dict[str, float | str], blocked_by: list[str], shortfall: float, **more: Any) -> dict[str, Any]:
    """One package of an outcome space; `text` is its package."""
    text = more.pop("text", TEXT)
    found = {"package": text, "agreed": not blocked_by, "blocked_by": blocked_by, "shortfall": shortfall}
    return {**found, "surplus": surplus, **more}


def outcomes(**more: Any) -> dict[str, Any]:
    """An outcome space whose zone is empty, between two who would both gain by one package that a third blocks."""
    fair = judged(
        {"ukraine": 12.0, "russia": 3.5, "baltics": -4.0}, ["baltics"], 4.0, alike=2, tied=1, tied_packages=2, others=[]
    )
    other = judged(
        {"ukraine": 14.0, "russia": 2.5, "baltics": -6.0},
        ["baltics"],
        6.0,
        text=LATER,
        alike=1,
        tied=1,
        tied_packages=1,
        others=[],
    )
    never = judged({"ukraine": 20.0, "russia": "never", "baltics": 1.0}, ["russia"], 8.0, text=LATER)
    return {
        "format": "parley.outcomes/1",
        "judged": AS_TABLED,
        "seed": 0,
        "worlds": 1,
        "nominal": True,
        "case": "island",
        "scenario": None,
        "title": "An island",
        "question": "Can [a force] be agreed?",
        "packages": 4000,
        "counted": False,
        "parts": [],
        "actors": {
            one: {
                "name": name,
                "accepts": 1000,
                "share": 0.25,
                "needed": one != "baltics",
                "agreed_without": lifted,
                "decisive": None,
            }
            for one, name, lifted in (("ukraine", "Ukraine", 0), ("russia", "Russia", 1234), ("baltics", "Baltics", 2))
        },
        "agreed": 0,
        "among": ["ukraine", "russia"],
        "acceptable": 40,
        "frontier": {
            "points": 7,
            "packages": 70,
            "acceptable_points": 2,
            "acceptable_packages": 3,
            "best": [fair, other],
        },
        "solutions": {"nash": fair, "kalai_smorodinsky": fair, "egalitarian": fair, "utilitarian": other},
        "nearest": [fair, never],
        "in_worlds": None,
        **more,
    }


def outcomes_counted() -> dict[str, Any]:
    """Far too many packages to list, of which a quarter is agreed."""
    found = outcomes(packages=4 * 10**9, agreed=10**9, counted=True, parts=[["land"], ["troops", "money"]])
    actors = {name: {**actor, "decisive": 5_678} for name, actor in found["actors"].items()}
    return {**found, "actors": actors, "frontier": None, "solutions": {}, "nearest": []}


def outcomes_in_worlds() -> dict[str, Any]:
    """The same, with worlds drawn."""
    found = outcomes(nominal=False, worlds=200)
    drawn = [{**one, "agreed_share": share} for one, share in zip(found["nearest"], (0.25, 0.001), strict=True)]
    return {**found, "in_worlds": {"judged": 1000, "any_agreed": 0.3, "best": drawn}}


def flip(**more: Any) -> dict[str, Any]:
    """A package that two sets of two changed terms would get agreed."""
    change = {"force_size": [50000, 15000], "mandate": ["tripwire", "monitor"]}
    gains = {"ukraine": 4.0, "russia": 1.5, "baltics": "never"}
    one = {"change": change, "surplus": gains, "needed": ["ukraine", "russia"]}
    return {
        "format": "parley.flip/1",
        "judged": AS_TABLED,
        "case": "island",
        "scenario": "force",
        "title": "An island",
        "question": "Can [a force] be agreed?",
        "package": TEXT,
        "adjusted": [],
        "actors": {"ukraine": "Ukraine", "russia": "Russia", "baltics": "Baltic states"},
        "agreed": False,
        "blocked_by": ["russia"],
        "most_terms": 3,
        "terms": 2,
        "flips": [one, {**one, "needed": []}],
        "at_all": None,
        "only": None,
        "numbers": None,
        "joint": None,
        "talks": None,
        **more,
    }


def side(value: float | str, blocked_by: list[str], outcome: str | None = "expired") -> dict[str, Any]:
    """One side of a turn."""
    months = None if outcome is None else 12 if blocked_by else 3
    return {"value": value, "agreed": not blocked_by, "blocked_by": blocked_by, "outcome": outcome, "months": months}


def turn(**more: Any) -> dict[str, Any]:
    """A red line that would have to have a price."""
    return {
        "path": "actors.russia.red_lines.troops.price",
        "what": "the price of Russia's red line troops",
        "unit": "points",
        "says": "No Western troops",
        "owner": "russia",
        "kind": "assumed",
        "source": ["C35"],
        "assumption": "Our reading of [C35].",
        "note": None,
        "written": "{choices: {never: 0.8, 60: 0.2}}",
        "also": ["actors.russia.red_lines.ships.price"],
        "now": "never",
        "low": 0.0,
        "high": 60.0,
        "range": "case",
        "direction": "at_most",
        "value": 35.0,
        "ranges": 1.417,
        "within": True,
        "back_at": None,
        "below": side(35.0, [], "agreed"),
        "above": side(35.001, ["russia"]),
        **more,
    }


def flip_numbers(**more: Any) -> dict[str, Any]:
    """A package that a price of a red line would get agreed, in talks too."""
    plain = {"low": -10.0, "high": 10.0, "range": "declared", "written": "0", "now": 0.0, "kind": "sourced"}
    free = turn(path="actors.russia.reservation.base", what="Russia's reservation value (base)", **plain)
    free |= {"direction": "at_least", "value": 3.5, "ranges": 0.175, "assumption": None, "back_at": 7.25}
    free |= {"says": "Russia", "also": []}
    free |= {"below": side(3.499, ["russia"]), "above": side(3.5, [], "agreed")}
    far = {**free, "within": False, "value": 30.0}
    change = {key: value for key, value in free.items() if key not in ("direction", "value", "within", "back_at")}
    joint = {
        "size": 1.0,
        "changes": [{**change, "to": 4.0, "without": ["russia", "baltics"]}],
        "programmes": 4,
        "ways": 1,
        "all_ways": True,
        "at": side(0, [], "agreed"),
        "nearly": side(0, ["russia"]),
    }
    found = {"tried": 181, "turns": [turn(), far], "frees": {"russia": [free], "baltics": [far], "troops_cover": []}}
    talks = {"tried": 181, "sample": 9, "now": side(0, ["russia"]), "turns": [turn(value=40.0)]}
    return flip(numbers=found, joint=joint, talks=talks, **more)


def estimate(value: float, spread: float = 0.1) -> dict[str, float]:
    """A share of variance with its interval."""
    return {"value": value, "low": value - spread, "high": value + spread}


def part(name: str, total: float, places: tuple[int, int] = (1, 1), **more: Any) -> dict[str, Any]:
    """A group, or a number, with half of its total by itself."""
    first = estimate(total / 2)
    return {"name": name, "numbers": 3, "first": first, "total": estimate(total), "places": list(places), **more}


def tried(value: float, mean: float, changed: float) -> dict[str, float]:
    """A value of a setting of the protocol."""
    return {"value": value, "mean": mean, "changed": changed}


def number(path: str, support: str, **more: Any) -> dict[str, Any]:
    """An uncertain number with what it rests on."""
    about = {"says": "No Western troops", "owner": "russia", "kind": "red_line_price", "support": support}
    about["what"] = f"the number {path.rpartition('.')[0].rpartition('.')[2]}"
    return {**about, "source": ["C30"], "assumption": None, "note": None, "path": path, **more}


def sensitivity(**more: Any) -> dict[str, Any]:
    """The variance of an agreement, of which much is assumed."""
    groups = [part("assumed", 0.7), part("worded", 0.4), part("sourced", 0.2), part("luck", -0.04)]
    return {
        "format": "parley.sensitivity/1",
        "case": "island",
        "scenario": "force",
        "title": "A force on the island",
        "question": "Can [a force] be agreed?",
        "seed": 0,
        "base": 256,
        "worlds": 9_000,
        "of": "agreed",
        "says": "whether the talks end agreed",
        "binary": True,
        "mean": 0.31,
        "variance": 0.2139,
        "varies": True,
        "varying": [],
        "uncertain": 60,
        "shocks": 12,
        "actors": {"russia": "Russia"},
        "confidence": 0.95,
        "resamples": 1000,
        "screening": {"trajectories": 64, "kept": 2, "effects": [{"path": "x"}] * 9},
        "groups": {"support": groups, "owner": [part("russia", 1.2), part("context", 0.1)], "kind": [part("slope", 1)]},
        "interactions": {"support": estimate(0.3), "owner": estimate(0.2), "kind": estimate(0)},
        "unsupported": {"first": estimate(0.5), "total": estimate(0.9)},
        "numbers": [
            part(
                "actors.russia.red_lines.western_troops.price",
                0.6,
                (1, 2),
                written="strong",
                **number("r.western_troops.price", "worded"),
            )
            | {"note": "Read as a price."},
            part(
                "context.us_aid.start",
                0.5,
                (1, 2),
                written="{low: 0, high: 1}",
                **number("us_aid.start", "assumed", source=[]),
            ),
        ],
        "protocol": [
            {
                "path": "protocol.step",
                "says": "the least change of a gap that counts as coming closer",
                "unit": "point",
                "now": 2.0,
                "values": [tried(1.0, 0.31, 0.002), tried(2.0, 0.31, 0.0), tried(4.0, 0.2, 0.13)],
            }
        ],
        "pairs": None,
        "together": [],
        "set_aside": {"numbers": 58, "first": estimate(0.05), "total": estimate(0.25)},
        "wide": True,
        **more,
    }


def box(step: int, *limits: dict[str, Any], **more: Any) -> dict[str, Any]:
    """One box."""
    held = {"worlds": 100, "hits": 80, "coverage": 0.6, "density": 0.8, "mass": 0.1}
    return {"step": step, **held, "dimensions": len(limits), "limits": list(limits), **more}


def discover(**more: Any) -> dict[str, Any]:
    """Two boxes: a choice and a bound, and a bound at the other end."""
    bound = {"low": None, "high": None, "values": None, "quasi_p": 0.03, "range": [0.0, 40.0]}
    price = number("actors.russia.red_lines.western_troops.price", "sourced")
    choice = {**price, **bound, "values": [60.0, "never"], "quasi_p": 1e-9, "range": [60.0, "never"]}
    upper = {**number("actors.russia.reservation.base", "assumed", source=[], says="Russia"), **bound, "high": 22.5}
    lower = {**number("context.us_aid.start", "worded"), **bound, "low": 0.4}
    trajectory = [box(step, *[choice] * min(step, 2)) for step in range(20)]
    return {
        "format": "parley.discover/1",
        "judged": AS_TABLED,
        "case": "island",
        "scenario": "force",
        "title": "A force on the island",
        "question": "Can [a force] be agreed?",
        "seed": 0,
        "worlds": 1_000,
        "of": "agreed",
        "not": False,
        "says": "the talks end agreed",
        "hits": 130,
        "varies": True,
        "varying": [],
        "share": 0.13,
        "actors": {"russia": "Russia"},
        "uncertain": 60,
        "alpha": 0.05,
        "mass": 0.05,
        "chance": 0.05,
        "boxes": [box(7, choice, upper, trajectory=trajectory), box(3, lower, trajectory=trajectory[:5])],
        **more,
    }


def export(**more: Any) -> dict[str, Any]:
    """A case for NegMAS, with something dropped."""
    actor = {
        "file": "01_russia.yml",
        "utility": "LinearAdditiveUtilityFunction",
        "rectangles": 0,
        "reserved_value": 13.0,
    }
    return {
        "format": "parley.export/1",
        "case": "ukraine_2025",
        "scenario": None,
        "title": "Ukraine, early 2025",
        "question": "Can [a force] be agreed?",
        "to": "negmas",
        "packages": 8_709_120,
        "actors": {
            "russia": {"name": "Russia", **actor},
            "ukraine": {"name": "Ukraine", **actor, "rectangles": 278, "utility": "HyperRectangleUtilityFunction"},
        },
        "dropped": [
            {"path": "actors.russia.red_lines.western_troops", "why": "no price buys it, and utilities are finite"}
        ],
        "left_out": [{"path": "consent", "why": "every negotiator of a mechanism has to agree there"}],
        **more,
    }


PATHS = ("context.us_aid.start", "actors.russia.red_lines.no_troops.price")


def sweep(**more: Any) -> dict[str, Any]:
    """Two numbers varied together, in 200 worlds at each of 28 points."""
    aid = [round(at / 6, 3) for at in range(7)]
    price: list[Any] = [0, 20, 60, "never"]
    cells = [[0.0, 0.004, None, 0.14], *([1.0, 0.996, 0.5, 0.07] for _ in aid[1:])]
    varied = {"says": "A number", "written": "strong"}
    return {
        "format": "parley.sweep/1",
        "case": "island",
        "scenario": "force",
        "title": "An island",
        "question": "Can [a force] be agreed?",
        "actors": {"ukraine": "Ukraine", "russia": "Russia"},
        "seed": 7,
        "worlds": 200,
        "nominal": False,
        "confidence": 0.95,
        "design": "grid",
        "design_seed": None,
        "points": 28,
        "varied": [
            {"path": PATHS[0], "low": 0, "high": 1, "values": 7, **varied},
            {"path": PATHS[1], "low": 0, "high": "never", "values": 4, **varied},
        ],
        "agreed": 0.42,
        "most": {"agreed": 1.0, "values": dict(zip(PATHS, (0.167, 0), strict=True))},
        "least": {"agreed": 0.0, "values": dict(zip(PATHS, (0, 0), strict=True))},
        "blockers": [{"name": "russia", "share": 0.5}, {"name": "troops_cover", "share": 0.1}],
        "effects": [
            {"path": PATHS[0], "bins": [{"low": one, "high": one, "points": 4, "agreed": 0.4} for one in aid]},
            {"path": PATHS[1], "bins": [{"low": one, "high": one, "points": 7, "agreed": 0.3} for one in price]},
        ],
        "map": {"down": PATHS[0], "across": PATHS[1], "agreed": cells},
        "rows": None,
        **more,
    }


def imported(**more: Any) -> dict[str, Any]:
    """A domain of Genius."""
    return {
        "format": "parley.import/1",
        "from": "genius",
        "source": "market/market.xml",
        "case": "market",
        "title": "market, from Genius",
        "scenario": "offers_in_turn",
        "issues": {"pitch": 3, "days": 6},
        "packages": 18,
        "points_for_1": 100.0,
        "step": 5.0,
        "rounded_by": 2.0**-21,
        "actors": {"baker": {"name": "baker", "file": "market/baker.xml", "rules": 8, "reservation": 40.0}},
        "left_out": ["market/baker.xml: the discount factor 0.9 (points do not shrink with time)"],
        "notes": ["issue 'days': the whole numbers from 1 to 6, as its bounds are 0.5 and 6.5"],
        **more,
    }


def sampled() -> dict[str, Any]:
    """A sample over three numbers, one of them words."""
    bins = [
        {"low": 0, "high": 0.5, "points": 30, "agreed": 0.2},
        {"low": 0.5, "high": 1, "points": 0, "agreed": None},
    ]
    terms = [{"low": word, "high": word, "points": 16, "agreed": 0.3} for word in ("none", "european")]
    force = {"path": "proposal.force", "low": None, "high": None, "values": 2, "says": None, "written": None}
    found = sweep()
    effects = [{"path": PATHS[0], "bins": bins}, *found["effects"][1:], {"path": "proposal.force", "bins": terms}]
    varied = [{**found["varied"][0], "values": None}, found["varied"][1], force]
    return sweep(design="latin_hypercube", design_seed=0, points=32, map=None, effects=effects, varied=varied)


def point_by_point(*, nominal: bool) -> dict[str, Any]:
    """Two points, as few enough to be listed."""
    central = {"outcome": "expired", "months": 12, "blocks.russia": True, "blocks.ukraine": False, "stuck.troops": True}
    drawn = {"agreed": 0.25, "agreed_low": 0.2, "agreed_high": 0.3, "months": 4, "blocks.russia": 0.75}
    agreed = {"outcome": "agreed", "months": 3, "blocks.russia": False, "stuck.troops": False}
    first, second = (central, central | agreed) if nominal else (drawn, drawn | {"months": None})
    rows = [{PATHS[0]: 0.5, PATHS[1]: "never", **first}, {PATHS[0]: 1, PATHS[1]: 20, **second}]
    return sweep(points=2, nominal=nominal, worlds=1 if nominal else 200, rows=rows)
