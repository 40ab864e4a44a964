"""A playbook: its symptoms, and the steps from looking to telling. Spans are in seconds."""

from typing import Literal, get_args

import msgspec

from warroom.measure.change import ChangeKind
from warroom.measure.comparison import Threshold
from warroom.measure.rule import Hold
from warroom.sharing.kinds import Ident, Name

ANY = "any"
"""As a symptom's level: whatever step of the scale it is."""

Seen = Literal["up", "down", "can't see", "failing", "maintenance"]
"""How a source stands, as a symptom may ask for it; ``failing`` is down, or giving no answer."""

Part = Literal["look", "mitigate", "escalate", "checklist", "prevent"]
"""The parts of a playbook, in the order in which they are walked."""
PARTS: tuple[Part, ...] = get_args(Part)

Need = Literal["all", "any", "adds", "unless"]
"""What a symptom counts for: it must hold; one of several must; it speaks for the playbook, which
is not proposed for it alone; it must not hold."""


class Symptom(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing that can be seen of it. Exactly one of ``threshold``, ``level``, ``state`` and
    ``change`` is given.

    ``sources`` and ``figure`` are patterns with ``*``: the symptom holds when one of the figures
    (or sources) that fit them has it. Without a ``figure`` it is about sources themselves.
    ``kinds`` limits it to sources of these kinds.
    """

    need: Need = "any"
    every: bool = False
    """It holds only when all that fit have it, not one of them."""
    sources: tuple[Ident, ...] = ("*",)
    kinds: tuple[Ident, ...] = ()
    figure: Ident = ""
    threshold: Threshold | None = None
    """The figure's value."""
    level: str = ""
    """A rule on the figure, or the source as a whole, stands at this step or a worse one; ``any``
    for whatever step."""
    state: Seen | Literal[""] = ""
    reason: str = ""
    """With ``state`` or ``level``: what the source's own words of why must match (RE2, anywhere,
    whatever the case)."""
    change: ChangeKind | Literal[""] = ""
    within: float = 1800.0
    """With ``change``: at most so long before the trouble of now began, or ago where none is."""
    hold: Hold = Hold(polls=2)
    """How long it must be so; not of a ``change``."""
    weight: int = 1
    """How much it counts when playbooks are ranked."""
    says: str = ""
    """How it is told when it holds, with ``{source}``, ``{name}`` (of the figure, without its
    source), ``{part}`` (what the figure is of: the queue, else the source), ``{of}``, ``{value}``,
    ``{limit}``, ``{span}`` and ``{why}``; ours if empty."""
    needs: str = ""
    """What must be configured where nothing fits the patterns."""


class Step(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One step. ``text`` says it, and is what a tick names: no two steps of a playbook have the
    same. What it does on Enter is in at most one of ``panel``, ``check``, ``probe`` and
    ``action``."""

    part: Part
    text: str
    panel: Ident = ""
    """The panel to look at: ``NAME`` or ``NAME:SOURCE,SOURCE``."""
    check: Name = ""
    """The check to run, by its name."""
    probe: Name = ""
    """The source to ask now."""
    action: Name = ""
    """The action to run, by its name, with ``values`` of its parameters."""
    values: dict[str, str] = {}
    tell: tuple[str, ...] = ()
    """Whom to tell, by a contact's name or role."""
    after: float | None = None
    """How long after the incident began it is time for it."""
    when: str = ""
    """The condition on which it is time for it, in words."""
    watch: float | None = None
    """Of a checklist: how long it is watched before it is done."""
    needs: str = ""
    """What must be configured before it can do what it says; empty when nothing."""


class Link(msgspec.Struct, frozen=True):
    """An address to read, by its name."""

    name: str
    address: str


class Playbook(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A playbook as this room has it: the names in its steps are the room's own.

    ``origin`` says where it comes from: ``built in``, the configuration's file name, or its own
    file's; ``needs`` what is not configured of all it names.
    """

    name: Name
    title: str
    about: str = ""
    symptoms: tuple[Symptom, ...] = ()
    steps: tuple[Step, ...] = ()
    vendors: tuple[str, ...] = ()
    """Contacts that are vendors' support."""
    links: tuple[Link, ...] = ()
    origin: str = ""
    needs: tuple[str, ...] = ()

    def of(self, part: Part) -> tuple[Step, ...]:
        """Its steps of that part."""
        return tuple(step for step in self.steps if step.part == part)

    def step(self, text: str) -> Step | None:
        """The step that says so."""
        return next((step for step in self.steps if step.text == text), None)


class CheckView(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A check that can be run on request, and only reads. ``what`` says what it does, in words;
    no secret is in it. ``deadline`` is in seconds."""

    name: Name
    title: str
    kind: Ident
    what: str = ""
    deadline: float = 30.0
