"""Hypothesis strategies for whole small cases and scenarios, as the plain data of their files."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

WHY = {"assumption": "generated"}
LEVELS = st.integers(-40, 40)
SIZES = st.one_of(
    st.integers(0, 30),
    st.tuples(st.integers(0, 10), st.integers(11, 30)).map(lambda ends: {"low": ends[0], "high": ends[1]}),
    st.just("strong"),
)
ISSUES = {
    "land": ["none", "half", "all"],
    "troops": [0, 10, 20, 50],
    "money": ["little", "much"],
}
ACTORS = ("anna", "ben", "cleo")
PARTIES = ("anna", "ben")
PRICES = st.one_of(
    st.integers(0, 40),
    st.just("never"),
    st.sampled_from([{"never": 0.5, 20: 0.5}, {"never": 0.6, 5: 0.4}, {"never": 0.4, 10: 0.3, 30: 0.3}]).map(
        lambda choices: {"choices": choices}
    ),
)


@st.composite
def conditions(
    draw: st.DrawFn, *, declared: tuple[str, ...] = (), heard: tuple[str, ...] = (), depth: int = 1
) -> dict[str, Any]:
    """Conditions over the generated issues.

    They may ask whether the actors in `declared` have declared a red line, and whether those in `heard` accept.
    """
    condition: dict[str, Any] = {}
    for issue in draw(st.sets(st.sampled_from(sorted(ISSUES)), min_size=1, max_size=2)):
        options = ISSUES[issue]
        one = st.sampled_from(options)
        several = st.lists(one, min_size=1, max_size=2, unique=True)
        compared = st.builds("{}{}".format, st.sampled_from([">=", "<", "!="]), one)
        condition[issue] = draw(st.one_of(one, several, compared))
    if depth and draw(st.booleans()):
        key = draw(st.sampled_from(["any", "all", "not", "count", "sum"]))
        inner = conditions(depth=0)
        if key == "sum":
            condition |= draw(sums())
        else:
            condition[key] = draw(inner if key == "not" else st.lists(inner, min_size=2, max_size=3))
        if key == "count":
            condition[draw(st.sampled_from(["at_least", "at_most"]))] = 1
    if declared and draw(st.booleans()):
        condition["declared_red_line"] = draw(st.sampled_from(declared))
    if heard and draw(st.booleans()):
        condition["accepted_by"] = draw(st.sampled_from(heard))
    return condition


def sums() -> st.SearchStrategy[dict[str, Any]]:
    """Conditions on a sum over the generated issues, some of which are tied at 0.3."""
    points = st.fixed_dictionaries({"half": st.sampled_from([0.1, 0.2]), "all": st.sampled_from([0.3, 20])})
    weights = st.fixed_dictionaries({"land": points}, optional={"troops": st.sampled_from([0.01, -1, 2])})
    limits = st.dictionaries(st.sampled_from(["at_least", "at_most"]), st.sampled_from([0.3, 20]), min_size=1)
    equal = st.sampled_from([{"at_least": 0.3, "at_most": 20}])
    kept = st.one_of(limits.filter(lambda one: one != {"at_least": 20, "at_most": 0.3}), equal)
    return st.builds(lambda weights, limits: {"sum": weights, **limits}, weights, kept)


@st.composite
def points_rules(draw: st.DrawFn, name: str, most: int, **asking: tuple[str, ...]) -> list[dict[str, Any]]:
    """Up to `most` rules with points, once or per unit; `asking` is handed on to their conditions."""
    count = draw(st.integers(0, most))
    per_unit = st.fixed_dictionaries(
        {"per": st.just("troops"), "points": st.sampled_from([-0.3, 0.0004, {"low": 0.1, "high": 0.5}])},
        optional={"from": st.just(20)},
    )
    return [
        {"rule": f"{name}{at}", "says": "x", "when": draw(conditions(**asking)), "points": draw(LEVELS), **WHY}
        | (draw(per_unit) if draw(st.integers(0, 4)) == 0 else {})
        for at in range(count)
    ]


@st.composite
def actors(draw: st.DrawFn, name: str, role: str, declared: tuple[str, ...]) -> dict[str, Any]:
    """One actor; `declared` are the actors whose declared red lines its preferences may ask for.

    A contributor's rules may also ask whether the parties accept.
    """
    asking = {"declared": declared, "heard": PARTIES if role == "contributor" else ()}
    lines = [
        {
            "rule": f"r{at}",
            "says": "x",
            "when": draw(conditions()),
            "price": draw(PRICES),
            "declared": name == "anna" or draw(st.booleans()),
            **WHY,
        }
        for at in range(1 if name == "anna" else draw(st.integers(0, 2)))
    ]
    if name == "ben" and len(lines) > 1 and draw(st.booleans()):
        lines[1]["price"] = {"same_as": "actors.anna.red_lines.r0.price"}
    actor: dict[str, Any] = {
        "name": name.title(),
        "role": role,
        "brief": "x",
        "reservation": {
            "base": draw(st.one_of(LEVELS, st.just({"low": -5, "high": 5}))),
            "slopes": [{"context": "mood", "points": draw(LEVELS), **WHY}] if draw(st.booleans()) else [],
            **WHY,
        },
        "preferences": draw(points_rules("p", 4, **asking)),
        "red_lines": lines,
        "weighs": [{"measure": "calm", "weight": draw(st.sampled_from([-0.5, 0.25, 1])), **WHY}],
        "aspiration": {"opening": draw(SIZES), "e": draw(st.sampled_from([0.3, 1, 2])), **WHY},
        "audience_cost": {"points": draw(st.integers(0, 5)), **WHY},
    }
    if draw(st.booleans()):
        actor["scores"] = {"land": draw(st.lists(LEVELS, min_size=3, max_size=3)), "troops": {"20": 2.5}, **WHY}
    if role == "contributor":
        sending = draw(points_rules("s", 2, **asking))
        actor["capacities"] = {"troops": {"amount": draw(st.integers(5, 30)), "when_sent": sending, **WHY}}
    return actor


def voting() -> st.SearchStrategy[dict[str, Any]]:
    """A quorum by weight or by share."""
    weights = st.fixed_dictionaries({name: st.sampled_from([1, 2, 0.5, 3.25]) for name in ACTORS})
    shares = st.sampled_from(["1/2", "2/3", "55%", "100%"])
    counted = st.builds(lambda of, at_least: {"of": of, "at_least": at_least}, weights | st.just(list(ACTORS)), shares)
    cast = st.builds(
        lambda of, key, share: {"of": of, key: share, "abstain": "ignored"},
        weights,
        st.sampled_from(["at_least", "more_than"]),
        st.sampled_from(["1/2", "2/3"]),
    )
    summed = st.builds(lambda of, part: {"of": of, "more_than": sum(of.values()) * part}, weights, st.just(0.5))
    return st.builds(lambda quorum: {"quorum": quorum}, counted | cast | summed)


def _combined(leaves: st.SearchStrategy[dict[str, Any]], most: int) -> st.SearchStrategy[dict[str, Any]]:
    """Single demands, and combinations of at most `most` of them."""
    return st.recursive(
        leaves,
        lambda parts: st.builds(
            lambda key, of, beside: {key: of, **beside},
            st.sampled_from(["any", "all"]),
            st.lists(parts, min_size=1, max_size=3),
            leaves | st.just({}),
        ),
        max_leaves=most,
    )


def demands() -> st.SearchStrategy[dict[str, Any]]:
    """Whatever a part of a consent rule may ask for, at most three levels deep."""
    troops = {"pledges": {"of": "troops", "from": ["cleo"], "cover": "troops"}}
    names = st.lists(st.sampled_from(ACTORS), min_size=1, max_size=2, unique=True)
    plain = st.builds(lambda key, of: {key: of}, st.sampled_from(["needs", "veto"]), names)
    leaves = plain | voting() | st.just(troops)
    return _combined(leaves, 5)


@st.composite
def cases(draw: st.DrawFn) -> dict[str, Any]:
    """A case of three issues and three actors: two parties and a contributor."""
    rule = {"says": "x", **WHY}
    consent: list[dict[str, Any]] = [{"rule": "both", "needs": ["anna", "ben"], **rule}]
    if draw(st.booleans()):
        consent.append({"rule": "veto", "when": draw(conditions()), "veto": ["cleo"], **rule})
    if draw(st.booleans()):
        quorum = {"of": list(ACTORS), "at_least": draw(st.integers(1, 3))}
        consent.append({"rule": "quorum", "when": draw(conditions()), "quorum": quorum, **rule})
    if draw(st.booleans()):
        pledges = {"of": "troops", "from": ["cleo"], "cover": "troops"}
        consent.append({"rule": "cover", "when": {"troops": ">0"}, "pledges": pledges, **rule})
    if draw(st.booleans()):
        when = {**draw(conditions()), "troops": ">0"}  # where pledges are asked for, there is something to send
        consent.append({"rule": "combined", "when": when, **draw(demands()), **rule})
    constraints = [{"rule": "no_land_no_troops", "when": {"land": "none"}, "then": {"troops": 0}, **rule}]
    if draw(st.booleans()):
        constraints.append({"rule": "all_land_is_held", "when": {"land": "all"}, "then": {"troops": ">10"}, **rule})
    return {
        "id": "generated",
        "title": "Generated",
        "question": "x?",
        "codebook": {"strong": {"is": {"low": 10, "mode": 15, "high": 25}, **WHY}},
        "issues": {
            name: {"says": "x", "options": options, "default": options[0], **WHY} for name, options in ISSUES.items()
        },
        "constraints": constraints,
        "context": {"mood": {"says": "x", "start": {"low": 0, "high": 1}, "drift": 0.01, "volatility": 0.1, **WHY}},
        "measures": {
            "calm": {
                "says": "x",
                "base": 20,
                "rules": [{"rule": "m", "when": draw(conditions()), "points": {"low": 10, "high": 70}, **rule}],
                **WHY,
            }
        },
        "durability": {
            "says": "x",
            "horizon": 5,
            "deterrence": "calm",
            "temptation": {"base": 40, "slopes": [{"context": "mood", "points": 20, **WHY}], **WHY},
            "scale": 10,
            **WHY,
        },
        "consent": consent,
        "actors": {
            "anna": draw(actors("anna", "party", ())),
            "ben": draw(actors("ben", "party", ("anna",))),
            "cleo": draw(actors("cleo", "contributor", ("anna",))),
        },
        "claims": {},
    }


VOTERS = ("dora", "emil", "fritz")
"""Voters of whom each has an issue of its own."""


def ballots() -> st.SearchStrategy[dict[str, Any]]:
    """Demands on the voters, alone and together with the others, at most three levels deep; some of them tie."""
    everybody = (*ACTORS, *VOTERS)
    names = st.lists(st.sampled_from(everybody), min_size=1, max_size=3, unique=True)
    plain = st.builds(lambda key, of: {key: of}, st.sampled_from(["needs", "veto"]), names)
    weights = names.flatmap(lambda of: st.fixed_dictionaries({one: st.sampled_from([1, 2, 0.5, 3.25]) for one in of}))
    key, share = st.sampled_from(["at_least", "more_than"]), st.sampled_from(["1/2", "2/3", "55%"])
    votes = st.builds(
        lambda of, key, share, abstain: {"quorum": {"of": of, key: share, "abstain": abstain}},
        weights | st.just(list(everybody)),
        key,
        share,
        st.sampled_from(["against", "ignored"]),
    )
    troops = {"pledges": {"of": "troops", "from": ["cleo", *VOTERS], "cover": "troops"}}
    leaves = plain | votes | st.just(troops)
    return _combined(leaves, 4)


@st.composite
def divided_cases(draw: st.DrawFn) -> dict[str, Any]:
    """A generated case with extra voters, each with an issue of its own, and consent rules that involve both."""
    case: dict[str, Any] = draw(cases())
    for name in VOTERS:
        options = ["against", "in_favour", "sends"][: draw(st.integers(2, 3))]
        case["issues"][name] = {"says": "x", "options": options, "default": "against", **WHY}
        sending = [{"rule": "s", "says": "x", "when": {name: "in_favour"}, "points": draw(st.integers(-9, 1)), **WHY}]
        case["actors"][name] = {
            "name": name.title(),
            "role": draw(st.sampled_from(["party", "contributor"])),
            "brief": "x",
            "reservation": {"base": 1, **WHY},
            "scores": {name: dict(zip(options, draw(st.permutations([0, 1, 2])), strict=False)), **WHY},
            "capacities": {
                "troops": {"amount": draw(st.sampled_from([0.1, 10, 15])), "when_sent": sending, **WHY},
            },
        }
    voters = draw(st.sets(st.sampled_from(VOTERS), min_size=1, max_size=2))
    conditions_ = st.just({}) | conditions() | st.just(dict.fromkeys(voters, "against"))
    for rule in range(draw(st.integers(1, 2))):
        when = {**draw(conditions_), **({"troops": ">0"} if draw(st.booleans()) else {})}
        case["consent"].append({"rule": f"ballot{rule}", "says": "x", "when": when, **draw(ballots()), **WHY})
    if draw(st.booleans()):
        del case["consent"][0]
    return case


@st.composite
def scenarios(draw: st.DrawFn) -> dict[str, Any]:
    """A scenario on a generated case."""
    name = draw(st.sampled_from(["one_shot", "single_text", "single_text", "alternating"]))
    months = draw(st.integers(1, 8))
    protocol: dict[str, Any] = {
        "name": name,
        "months": months,
        "amend_terms": draw(st.integers(1, 2)),
        "step": draw(st.sampled_from([0.5, 2, 5])),
        "patience": draw(st.integers(0, 2)),
    }
    if name == "single_text" and draw(st.booleans()):
        protocol["mediator"] = draw(st.sampled_from(ACTORS))
    if draw(st.booleans()):
        protocol["negotiable"] = draw(st.sampled_from([["land", "troops"], ["land", "money"], ["troops"]]))
    sponsor = draw(st.sampled_from(["anna", "cleo"]))
    event = st.fixed_dictionaries(
        {"month": st.integers(1, months), "set": st.fixed_dictionaries({"mood": st.sampled_from([0, 0.5, 1])})}
    ).map(lambda one: {**one, "says": "x"})
    return {
        "id": "generated",
        "title": "Generated",
        "question": "x?",
        "case": draw(cases()),
        "sponsor": sponsor,
        "co_sponsors": draw(st.sampled_from([[], [name for name in ACTORS if name not in (sponsor, "ben")]])),
        "proposal": {"land": "half", "troops": draw(st.sampled_from(ISSUES["troops"]))},
        "protocol": protocol,
        "events": draw(st.lists(event, max_size=2)),
    }


TERMS = {"land": ["none", "half", "all"], "troops": [0, 10, 20, 50], "money": ["little", "some", "much"]}
TASTES = {"anna": (4, 12), "ben": (-12, -4), "cleo": (-5, 5)}
"""The least and the most points that a step along the options of an issue is worth to an actor."""


@st.composite
def bargains(draw: st.DrawFn) -> dict[str, Any]:
    """A scenario with much to trade: Anna wants more of everything, Ben less; each cares for other issues most."""
    source: dict[str, Any] = draw(scenarios())
    case = source["case"]
    case["issues"] = {
        name: {"says": "x", "options": options, "default": options[0], **WHY} for name, options in TERMS.items()
    }
    for name, tastes in TASTES.items():
        actor = case["actors"][name]
        step = st.integers(*tastes)
        actor["preferences"] += [
            {"rule": f"{issue}{at}", "says": "x", "when": {issue: options[at:]}, "points": draw(step), **WHY}
            for issue, options in TERMS.items()
            for at in range(1, len(options))
        ]
        actor["reservation"]["base"] = draw(st.integers(0, 20)) if name == "anna" else draw(st.integers(-40, -10))
    source["protocol"] |= {"months": draw(st.integers(8, 10)), "amend_terms": draw(st.integers(1, 2))}
    source["proposal"] = {"land": "all", "troops": 50, "money": draw(st.sampled_from(TERMS["money"]))}
    return source
