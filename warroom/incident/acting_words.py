"""What the entries of actions say, as text. Pure."""

from collections.abc import Callable
from datetime import datetime

from warroom.incident.acting.bodies import ActionFinished, ActionStarted, ActionVerdict, StillOn
from warroom.text import short_duration

_SHORT = 12


def started(body: ActionStarted, at: Callable[[datetime], str]) -> str:
    reach = f", {body.reach}" if body.reach else ""
    where = f" in {body.environment}" if body.environment else ""
    lines = [f"{body.title}{where}{reach}", *body.lines]
    lines += [f"on {target}" for target in body.targets]
    lines.append(f"SHA-256 {body.digest[:_SHORT]}")
    return "\n".join(lines)


def finished(body: ActionFinished, at: Callable[[datetime], str]) -> str:
    took = f" after {short_duration(body.seconds)}" if body.seconds else ""
    text = f": {body.text}" if body.text else ""
    lines = [f"{body.title} {body.outcome.upper()}{took}{text}"]
    lines += [f"left alone: {one}" for one in body.refused]
    if body.on is not None:
        detail = f" ({body.on.detail})" if body.on.detail else ""
        until = f", until {at(body.on.until)}" if body.on.until else ""
        lines.append(f"on now: {body.on.name}{detail}{until}")
    lines += [f"off again: {name}" for name in body.off]
    return "\n".join((*lines, *body.output))


def verdict(body: ActionVerdict, at: Callable[[datetime], str]) -> str:
    text = f": {body.text}" if body.text else ""
    return f"{body.title} {body.verdict}{text}"


def still_on(body: StillOn, at: Callable[[datetime], str]) -> str:
    word = "is kept on" if body.state == "kept" else "is off, switched off by hand"
    text = f": {body.text}" if body.text else ""
    return f"{body.name} {word}{text}"
