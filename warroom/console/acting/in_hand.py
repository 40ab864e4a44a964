"""The row under the cursor, as the value of an action's parameter. Pure."""

from typing import NamedTuple

from warroom.incident.acting.kinds import ActionView, Parameter


class InHand(NamedTuple):
    """A row of a source: ``key`` is how an action knows it, ``words`` how a person does."""

    source: str
    key: str
    words: str


def in_hand(cursor: str) -> InHand | None:
    """What a panel's cursor stands on: ``db.session:4711:…``, ``redis.queue:mail``, a deployment;
    None for a source itself, or nothing."""
    source, _, rest = cursor.partition(".")
    if not rest:
        return None
    kind, _, name = rest.partition(":")
    if kind == "queue":
        return InHand(source, name, f"queue {name}")
    if kind == "session":
        return InHand(source, rest, f"pid {name.partition(':')[0]}")
    return InHand(source, rest, rest)


def takes(action: ActionView, hand: InHand) -> Parameter | None:
    """The parameter of the action that such a row can be."""
    return next(
        (
            one
            for one in action.parameters
            if one.type == "row" and one.source == hand.source and _fits(one, hand)
        ),
        None,
    )


def _fits(one: Parameter, hand: InHand) -> bool:
    session = hand.key.startswith("session:")
    return session if one.rows == "sessions" else not session
