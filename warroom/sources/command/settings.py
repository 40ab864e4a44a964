"""What ``[sources.NAME]`` with ``kind = "command"`` may hold."""

from typing import Annotated, Literal

from pydantic import AfterValidator, Field, StringConstraints, field_validator, model_validator

from warroom.config.settings import Settings
from warroom.config.types import Duration, FilePath
from warroom.connect.values import Size, TextOrSecret
from warroom.regex import Pattern
from warroom.sources.down import DownSettings

FIELDS = ("title", "at", "state", "url", "by", "key")
"""What is told of an item."""
_OF_EXIT = ("down", "raise_after", "clear_after")


def _word(value: str) -> str:
    if "\0" in value:
        raise ValueError("holds a NUL, which no argument and no variable can")
    return value


Word = Annotated[str, AfterValidator(_word)]
VariableName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]
State = Annotated[str, StringConstraints(min_length=1)]


class FieldSettings(Settings):
    """Where in one object of the JSON each part of an item stands."""

    title: str = Field("", description="what it is called: names joined by dots")
    at: str = Field("", description="when it was: ISO 8601 with its zone, or Unix (milli)seconds")
    state: str = Field("", description="how it stands, in the command's own word")
    url: str = Field("", description="where there is more to see")
    by: str = Field("", description="who did it")
    key: str = Field("", description="what tells it from the others; title and at if not given")


class CommandSettings(DownSettings):
    """A command that is run at each poll, and what is read from what it prints."""

    argv: tuple[Word, ...] = Field(
        min_length=1, description="the program and its arguments, one by one; there is no shell"
    )
    cwd: FilePath | None = Field(
        None, description="the folder to run it in; this file's own if not given"
    )
    env: dict[VariableName, TextOrSecret] = Field(
        {}, description='variables it gets; a secret one as { env = "NAME" }'
    )
    interval: Duration = Field(60.0, ge=0.1, description="from the start of one run to the next")
    shows: Literal["lines", "json", "number", "exit"] = Field(
        "lines", description="what its output is read as; exit: its exit status is what counts"
    )
    list_at: str = Field("", alias="list", description="path of the list in the JSON; its root")
    fields: FieldSettings | None = Field(None, description="what the objects of the list hold")
    pattern: str = Field(
        "", description="regular expression (RE2) with groups (?P<title>…) for lines"
    )
    unit: str = Field("", max_length=12, description="of the number: ms, s, %, B, or a plural noun")
    ok: tuple[int, ...] = Field((0,), min_length=1, description="exit statuses that are right")
    max_bytes: Size = Field(
        1 << 20, ge=1, le=8 << 20, description='output that is read: "1MiB"; more ends the command'
    )
    lists: Literal["deployments"] | None = Field(
        None, description='"deployments", if that is what the items are, the newest first'
    )
    failed: tuple[State, ...] = Field((), description="states that mean it failed")
    passed: tuple[State, ...] = Field((), description="states that mean it went well")
    running: tuple[State, ...] = Field((), description="states that mean it is not over")
    failed_deployment: str | None = Field(
        None,
        description='step of the scale when the newest failed; the third if not given, or "none"',
    )

    @field_validator("pattern")
    @classmethod
    def _pattern(cls, value: str) -> str:
        Pattern(value)
        return value

    @model_validator(mode="after")
    def _together(self) -> "CommandSettings":
        if wrong := self._clashes():
            raise ValueError("; ".join(wrong))
        return self

    @property
    def told(self) -> frozenset[str]:
        """Which of ``FIELDS`` are told of its items; none where it has no items."""
        if self.shows == "json" and self.fields is not None:
            return frozenset(name for name in FIELDS if getattr(self.fields, name))
        return frozenset(Pattern(self.pattern).names) if self.pattern else frozenset()

    @property
    def judges(self) -> bool:
        """Whether it can be known that the newest deployment failed."""
        return self.lists is not None and bool(self.failed)

    def _clashes(self) -> list[str]:
        """What in these options does not go together, in words."""
        given = self.model_fields_set
        wrong = [
            f'{option} goes with shows = "{kind}"'
            for option, kind in (("fields", "json"), ("pattern", "lines"), ("unit", "number"))
            if getattr(self, option) and self.shows != kind
        ]
        if self.list_at and self.shows != "json":
            wrong.append('list goes with shows = "json"')
        wrong += [
            f'{option} goes with shows = "exit"'
            for option in _OF_EXIT
            if option in given and self.shows != "exit"
        ]
        if not self.argv[0]:
            wrong.append("argv names no program")
        return wrong or self._clashes_of_items()

    def _clashes_of_items(self) -> list[str]:
        told, wrong = self.told, []
        if strange := sorted(told - set(FIELDS)):
            wrong.append(f"the pattern's groups are {', '.join(FIELDS)}, not {', '.join(strange)}")
        elif (self.pattern or self.shows == "json") and not told & {"title", "key"}:
            wrong.append("title or key must be told of each item: by fields, or the pattern")
        if self.lists and not told:
            wrong.append("what it lists is read by fields from json, or by a pattern from lines")
        words = [word.casefold() for word in (*self.failed, *self.passed, *self.running)]
        if words and "state" not in told:
            wrong.append("failed, passed and running need a state of each item")
        if twice := sorted({word for word in words if words.count(word) > 1}):
            wrong.append(f"{', '.join(twice)} cannot mean two things")
        if self.failed_deployment and not self.judges:
            wrong.append('failed_deployment needs lists = "deployments" and failed = [...]')
        return wrong
