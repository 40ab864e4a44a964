"""What a message is drafted from and judged by, as the engine has it."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from warroom.comms.context import Case
from warroom.comms.lint import Linted, lint
from warroom.comms.lint_words import LintFacts
from warroom.config.load import Config
from warroom.engine.board import Board
from warroom.engine.messages.watched import watched_hosts
from warroom.incident.drafted import Drafted, Finding
from warroom.incident.entries import Entry
from warroom.incident.incident import Incident
from warroom.incident.outbox import next_purpose
from warroom.incident.outward import Purpose
from warroom.incident.procedures import Procedures
from warroom.severity import MAINTENANCE, OK, Scale
from warroom.wire import CheckMessage, SendMessage

MOST = 12
"""Sources that are not well, and are told to a template."""


class Drafting:
    """One room's templates, and what its linter knows."""

    def __init__(self) -> None:
        self._folder: Path | None = None
        self._procedures = Procedures()
        self._facts = LintFacts()

    def configure(self, config: Config) -> None:
        """Take the team's templates and names."""
        folder = config.messages.templates
        self._folder = Path(folder) if folder else None
        self._procedures = config.procedures
        self._facts = LintFacts(
            hosts=frozenset(watched_hosts(config.sources.values())),
            internal=config.messages.internal,
            people=frozenset(config.messages.people),
            public_hosts=frozenset(host.casefold() for host in config.messages.public_hosts),
        )

    def case(
        self, incident: Incident, entries: tuple[Entry, ...], board: Board, now: datetime, me: str
    ) -> Case:
        """All that a template may know."""
        room = board.room()
        return Case(
            incident=incident,
            entries=entries,
            procedures=self._procedures,
            scale=board.scale,
            now=now,
            room=room.name,
            environment=room.environment,
            signals=tuple(_ill(board)),
            me=me,
        )

    def draft(self, case: Case, purpose: str) -> Drafted:
        """The message that is asked for, or the one that comes next. Blocks."""
        # Here, for it is run in a thread: Jinja takes 40 ms to load (measured).
        from warroom.comms.draft import brief, draft
        from warroom.comms.render import Templates

        templates = Templates(self._folder)
        if purpose == "brief":
            return brief(case, templates)
        wanted: Purpose = purpose or next_purpose(case.incident)  # type: ignore[assignment]
        return draft(case, wanted, templates)

    def lint(
        self,
        incident: Incident,
        request: CheckMessage | SendMessage,
        now: datetime,
        scale: Scale,
        *,
        public: bool,
    ) -> tuple[Finding, ...]:
        """What is wrong with a message."""
        return lint(
            Linted(
                text=request.text,
                subject=request.subject,
                purpose=request.purpose,
                public=public,
                incident=incident,
                procedures=self._procedures,
                scale=scale,
                now=now,
                next=request.next,
                facts=self._facts_of(incident),
            )
        )

    def _facts_of(self, incident: Incident) -> LintFacts:
        """With the people of this incident, and those whom the team's file names."""
        contacts = (one for one in self._procedures.contacts if not one.vendor)
        named = {part for one in contacts for part in one.name.split() if part[:1].isupper()}
        held = {one.person for one in incident.roles.values()}
        people = self._facts.people | named | held | set(incident.people)
        people |= {task.who for task in incident.tasks}
        people |= {item.owner for item in incident.follow_ups}
        return LintFacts(
            hosts=self._facts.hosts,
            internal=self._facts.internal,
            people=frozenset(name for name in people if name.strip()),
            public_hosts=self._facts.public_hosts,
        )


def _ill(board: Board) -> Iterator[str]:
    """What is not well now, the worst first."""
    views = [view for view in board.views() if view.level not in (OK, MAINTENANCE)]
    views.sort(key=lambda view: -board.scale.rank(view.level))
    for view in views[:MOST]:
        yield f"{view.title}: {view.cause}" if view.cause else view.title
