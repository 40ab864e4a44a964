"""``/sev /status /phase /role /milestone /due /reopen``, read. Pure."""

from warroom.incident.entries import Due, Milestone, Phase, Reopened, Role, Severity, Status
from warroom.incident.nearest import level_meant
from warroom.incident.scribe.names import name_first, text_left
from warroom.incident.scribe.types import Ask, Piece, ScribeContext, WrongError

SEV = "/sev LEVEL REASON"
STATUS = "/status STATUS [TEXT]"
PHASE = "/phase PHASE"
ROLE = "/role ROLE PERSON [BRIEF]"
MILESTONE = "/milestone NAME [TEXT]"
REOPEN = "/reopen REASON"
DUE = "/due NAME [done], /due NAME drop REASON, /due NAME open [WHY]"


def severity(piece: Piece, context: ScribeContext) -> Severity:
    level, rest = name_first(piece, context.scale.names, "level", SEV, level_meant)
    has = context.incident.level if context.incident is not None else ""
    if rest.blank and has and has != level:
        raise WrongError(f"why {level}, and no longer {has}? {SEV}", rest.at)
    return Severity(level=level, reason=rest.text)


def status(piece: Piece, context: ScribeContext) -> Status:
    known = context.procedures.statuses
    name, rest = name_first(piece, tuple(step.name for step in known), "status", STATUS)
    if any(step.final for step in known if step.name == name):
        raise WrongError(f"{name} is no mere status: resolve with /resolve", piece.at)
    return Status(status=name, text=rest.text)


def phase(piece: Piece, context: ScribeContext) -> Phase:
    known = tuple(step.name for step in context.procedures.phases)
    name, rest = name_first(piece, known, "phase", PHASE)
    if not rest.blank:
        raise WrongError(f"{PHASE}, and nothing after it", rest.at)
    return Phase(phase=name)


def role(piece: Piece, context: ScribeContext) -> Role:
    known = tuple(kind.name for kind in context.procedures.roles)
    name, rest = name_first(piece, known, "role", ROLE)
    if rest.blank:
        raise WrongError(f"who is {name}? {ROLE}: me, a name, or - to give it up", rest.at)
    who, brief = person_first(rest, context)
    return Role(role=name, person=who, brief=brief.text)


def person_first(piece: Piece, context: ScribeContext) -> tuple[str, Piece]:
    """Who stands at the beginning, and the rest: ``me`` is who types, ``-`` nobody. A name may
    have ``@`` before it, and several words if that person is known."""
    bare = piece.cut(1) if piece.text.startswith("@") else piece
    word, rest = bare.word()
    if word == "-":
        return "", rest
    if word.casefold() == "me" and context.me:
        return context.me, rest
    typed = f"{bare.text} ".casefold()
    for one in sorted(context.people, key=len, reverse=True):
        if typed.startswith(f"{one.casefold()} "):
            return one, bare.cut(len(one))
    return word, rest


def milestone(piece: Piece, context: ScribeContext) -> Milestone | Ask:
    if piece.blank:
        return Ask("milestone")
    known = tuple(step.name for step in context.procedures.milestones)
    name, rest = name_first(piece, known, "milestone", MILESTONE)
    return Milestone(name=name, text=rest.text)


def due(piece: Piece, context: ScribeContext) -> Due:
    """Done, where nothing is said; ``drop`` wants the reason."""
    known = tuple(one.name for one in context.procedures.dues)
    name, rest = name_first(piece, known, "thing that is due", DUE)
    word, text = rest.word()
    if word.casefold() in ("drop", "dropped"):
        return Due(name=name, state="dropped", text=text_left(text, DUE))
    if word.casefold() == "open":
        return Due(name=name, state="open", text=text.text)
    return Due(name=name, text=text.text if word.casefold() == "done" else rest.text)


def reopen(piece: Piece, context: ScribeContext) -> Reopened:
    if context.incident is not None and context.incident.open:
        raise WrongError(f"{context.incident.id} is open", piece.at)
    return Reopened(reason=text_left(piece, REOPEN))
