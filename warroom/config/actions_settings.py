"""The settings of ``[actions.NAME]``: what a team does when production breaks, by kind."""

import json
import re
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, StrictBool, StrictInt, field_validator, model_validator

from warroom.config.keys import key_named
from warroom.config.receivers_settings import sound_headers, web_address
from warroom.config.secrets import SecretField, SecretRef
from warroom.config.settings import Settings
from warroom.config.types import Duration, FilePath
from warroom.incident.acting.kinds import Danger
from warroom.regex import Pattern as Expression

PLACEHOLDER = re.compile(r"\{\{|\}\}|\{([a-z][a-z0-9_]*)\}|[{}]")
"""``{name}`` stands for a parameter's value, ``{{`` and ``}}`` for the braces themselves."""
_PATH = re.compile(r"[/?#]")
"""What ends the host of an address (RFC 3986, section 3.2)."""
_WORD = re.compile(r"[a-z][a-z0-9]{2,19}\Z")


def placeholders(text: str) -> tuple[str, ...]:
    """The parameters a text takes. Raises ValueError for a brace that stands alone."""
    names = []
    for match in PLACEHOLDER.finditer(text):
        if match[0] in ("{", "}"):
            raise ValueError(f"a lone {match[0]}; write {match[0] * 2} for the brace itself")
        if match[1]:
            names.append(match[1])
    return tuple(dict.fromkeys(names))


def _template(value: str) -> str:
    placeholders(value)
    return value


def _pattern(value: str) -> str:
    Expression(value)
    return value


def _key(value: str) -> str:
    if value and not key_named(value):
        raise ValueError("is no key; write one character, such as k")
    return value


def _word(value: str) -> str:
    if value and not _WORD.match(value):
        raise ValueError("a word to type has 3 to 20 letters a-z, such as kill")
    return value


Template = Annotated[str, AfterValidator(_template), Field(max_length=8_000)]
"""Text with ``{name}`` for a parameter's value."""
Pattern = Annotated[str, AfterValidator(_pattern), Field(max_length=400)]
"""A regular expression as RE2 reads it."""


class ParameterSettings(Settings):
    """``[actions.NAME.parameters.PARAMETER]``: one value that an action takes."""

    title: str = Field("", max_length=40, description="what it is called on the screen")
    type: Literal["string", "integer", "choice", "row"] = Field(
        "string", description="what it is; a row is chosen from what a source shows now"
    )
    choices: tuple[str, ...] = Field((), max_length=40, description="choice: what there is")
    pattern: Pattern = Field("", description="string: what the whole of it must match")
    minimum: int | None = Field(None, description="integer: the least")
    maximum: int | None = Field(None, description="integer: the most")
    longest: int = Field(200, ge=1, le=4_000, description="string: the most characters")
    default: str | StrictInt | None = Field(
        None, description="the value if none is given; of rows: first, second"
    )
    secret: StrictBool = Field(
        False, description="string: it is shown nowhere, nor written down; 4 characters or more"
    )
    gives: Literal["key", "title"] = Field(
        "key", description="row: what of an item is put in place of {name}"
    )
    source: str = Field("", description="row: the source whose sessions, queues or items it is")

    @model_validator(mode="after")
    def _fitting(self) -> "ParameterSettings":
        if (self.type == "choice") != bool(self.choices):
            raise ValueError("choices go with type choice, and a choice needs them")
        if (self.type == "row") != bool(self.source):
            raise ValueError("source goes with type row, and a row needs one")
        if self.type != "integer" and (self.minimum, self.maximum) != (None, None):
            raise ValueError("minimum and maximum go with type integer")
        if self.minimum is not None and self.maximum is not None and self.minimum > self.maximum:
            raise ValueError("minimum is more than maximum")
        if self.secret and (self.type != "string" or self.default is not None):
            raise ValueError("secret goes with type string, and has no default")
        if self.type != "row" and self.gives != "key":
            raise ValueError("gives goes with type row")
        if self.type != "string" and self.pattern:
            raise ValueError("pattern goes with type string")
        return self


class ExpectSettings(Settings):
    """``[[actions.NAME.expect]]``: a signal that the action should move."""

    signal: str = Field(description="SOURCE.FIGURE, such as jobs.emails.depth")
    moves: Literal["up", "down"] = Field(description="whereto")
    within: Duration = Field(60.0, ge=2, le=3600, description="within how long")


class UndoSettings(Settings):
    """What takes an action back: the paired action, with its values. ``{was}`` is the figure of
    ``was`` before."""

    action: str = Field(description="the name of the paired action")
    values: dict[str, Template | int] = Field(
        {}, description="its parameters; {was}, or {name} for a value of this one"
    )


class ActionSettings(Settings):
    """The options of every kind of action."""

    kind: str = Field(description="command, sql, redis, http, steps or manual")
    title: str = Field(min_length=1, max_length=60, description="what it does, in a few words")
    key: Annotated[str, AfterValidator(_key)] = Field("", description="its key in the menu")
    group: str = Field("", max_length=24, description="under which heading it stands")
    help: str = Field("", max_length=400, description="when to use it, and what to know")
    danger: Danger = Field(
        "moderate", description="mild: press y; moderate: type its word; severe: the environment"
    )
    word: Annotated[str, AfterValidator(_word)] = Field(
        "", description="what is typed to confirm it, if not the name's first word"
    )
    deadline: Duration = Field(60.0, ge=1, le=3600, description="how long it may take")
    cooldown: Duration | None = Field(None, description="how long it rests after a run")
    roles: tuple[str, ...] = Field((), description="who may, by role in the open incident")
    parameters: dict[str, ParameterSettings] = Field({}, description="what it takes, by name")
    expect: tuple[ExpectSettings, ...] = Field((), description="the signals it should move")
    undo: UndoSettings | str | None = Field(
        None, description="the paired action: its name, or { action, values }"
    )
    turns_on: Template = Field(
        "", max_length=60, description="what is on after it, until the paired action is run"
    )
    was: str = Field("", description="signal whose figure before goes into undo, as {was}")
    ttl: Duration | None = Field(None, description="how long it may stay on")
    at_end: Literal["nag", "propose"] = Field(
        "nag", description="after ttl: remind people, or put the undo before them"
    )

    @property
    def takes(self) -> tuple[str, ...]:
        """The parameters that its texts use."""
        return ()

    @property
    def shown(self) -> tuple[str, ...]:
        """The parameters whose values are seen by others: in an argument list, an address."""
        return self.takes

    @property
    def paired(self) -> str:
        """The name of what undoes it; empty for none."""
        if isinstance(self.undo, UndoSettings):
            return self.undo.action
        return self.undo or ""

    @model_validator(mode="after")
    def _whole(self) -> "ActionSettings":
        if (self.ttl is not None or self.was) and not self.turns_on:
            raise ValueError("ttl and was go with turns_on")
        if self.turns_on and not self.paired:
            raise ValueError("turns_on needs undo: the action that switches it off")
        return self


class CommandAction(ActionSettings):
    """A program: no shell, a process group of its own, no terminal."""

    kind: Literal["command"]
    argv: tuple[Template, ...] = Field(
        min_length=1, max_length=60, description="program and arguments; {name} for a value"
    )
    cwd: FilePath | None = Field(None, description="where it is run; the file's own folder if not")
    env: dict[str, str | SecretRef] = Field(
        {}, max_length=40, description='variables it gets; a secret one as { env = "NAME" }'
    )
    stdin: Template | SecretRef | None = Field(
        None, description="what it reads: text with {name}, or a secret by reference"
    )
    statuses: tuple[Annotated[int, Field(ge=0, le=255)], ...] = Field(
        (0,), description="exit statuses that say it succeeded"
    )
    succeeds_if: Pattern = Field("", description="what its output must hold, to have succeeded")
    fails_if: Pattern = Field("", description="what in its output says that it failed")

    @property
    def takes(self) -> tuple[str, ...]:
        read = placeholders(self.stdin) if isinstance(self.stdin, str) else ()
        return (*self.shown, *read)

    @property
    def shown(self) -> tuple[str, ...]:
        return tuple(name for text in self.argv for name in placeholders(text))

    @model_validator(mode="after")
    def _names(self) -> "CommandAction":
        if placeholders(self.argv[0]):
            raise ValueError("argv: the program itself is no value")
        for name in self.env:
            if not name or "=" in name or "\0" in name:
                raise ValueError(f"env: {name!r} is no name of a variable")
        return self


OfSessions = Literal["", "cancel_query", "terminate_query", "terminate_older", "terminate_idle"]
"""What is built in for the sessions of a database."""


class SqlAction(ActionSettings):
    """A statement in one transaction, or what is built in for sessions."""

    kind: Literal["sql"]
    source: str = Field(description="the source whose database it is")
    dsn: str | SecretRef | None = Field(
        None, description='as whom, if not as the source: an address, or { env = "NAME" }'
    )
    password: SecretField | None = Field(
        None, description="where the password is to be found, if not in dsn"
    )
    builtin: OfSessions = Field(
        "",
        description="of {session}; of all active for over {minutes} or {seconds}; of all idle for "
        "so long, of {application} only if it is a parameter",
    )
    sql: Template = Field("", description="the statement; {name} is bound, never written into it")
    targets: Template = Field(
        "", description="a SELECT of the rows; sql then runs for each, {row_COLUMN} is bound"
    )
    least: int | None = Field(None, ge=0, description="rows that must be changed, or it failed")
    most: int | None = Field(None, ge=1, description="rows that may be changed, or it is undone")

    @property
    def takes(self) -> tuple[str, ...]:
        if self.builtin:
            if self.builtin not in ("terminate_older", "terminate_idle"):
                return ("session",)
            unit = "seconds" if "seconds" in self.parameters else "minutes"
            named = self.builtin == "terminate_idle" and "application" in self.parameters
            return (unit, "application") if named else (unit,)
        found = (*placeholders(self.sql), *placeholders(self.targets))
        return tuple(name for name in found if not (self.targets and name.startswith("row_")))

    @model_validator(mode="after")
    def _one(self) -> "SqlAction":
        if bool(self.builtin) == bool(self.sql):
            raise ValueError("sql is the statement, builtin what is built in: one of them")
        if self.builtin and self.targets:
            raise ValueError("targets goes with sql")
        return self


class RedisAction(ActionSettings):
    """What is built in for a queue, or one command."""

    kind: Literal["redis"]
    source: str = Field(description="the source whose server it is")
    dsn: str | SecretRef | None = Field(
        None, description='as whom, if not as the source: an address, or { env = "NAME" }'
    )
    password: SecretField | None = Field(
        None, description="where the password is to be found, if not in dsn"
    )
    builtin: Literal["", "flush", "unflush", "clear_stuck", "retry_failed"] = Field(
        "", description="of {queue}, in its layout"
    )
    stuck_for: Duration = Field(300.0, description="clear_stuck: how long in hand is too long")
    command: tuple[Template, ...] = Field((), max_length=60, description="one command")
    reply: Pattern = Field("", description="what the reply must match, to have succeeded")

    @property
    def takes(self) -> tuple[str, ...]:
        if self.builtin:
            return ("queue",)
        return tuple(name for text in self.command for name in placeholders(text))

    @model_validator(mode="after")
    def _one(self) -> "RedisAction":
        if bool(self.builtin) == bool(self.command):
            raise ValueError("command is one command, builtin what is built in: one of them")
        if self.command and placeholders(self.command[0]):
            raise ValueError("command: the command itself is no value")
        return self


class HttpAction(ActionSettings):
    """One request, sent once."""

    kind: Literal["http"]
    url: Template = Field(min_length=1, description="the address; {name} in its path or query")
    method: Literal["POST", "PUT", "PATCH", "DELETE", "GET"] = Field(
        "POST", description="how it is asked"
    )
    headers: dict[str, str | SecretRef] = Field(
        {}, max_length=20, description='headers to send; a secret one as { env = "NAME" }'
    )
    bearer: SecretField | None = Field(None, description="bearer token (RFC 6750)")
    body: dict[str, Any] | Template | None = Field(
        None, description="a table, sent as JSON, or text; {name} for a value"
    )
    content_type: str = Field(
        "application/json", max_length=100, pattern=r"^[!-~]([ -~]*[!-~])?$", description="its type"
    )
    expect_status: tuple[Annotated[int, Field(ge=100, le=599)], ...] = Field(
        (), max_length=20, description="statuses that say it succeeded; 200 to 299 if none"
    )
    succeeds_if: Pattern = Field("", description="what the answer must hold, to have succeeded")
    fails_if: Pattern = Field("", description="what in the answer says that it failed")
    ca_file: FilePath | None = Field(
        None, min_length=1, description="PEM file of the authorities to trust, and no others"
    )

    @property
    def takes(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self.shown, *names_in(self.body))))

    @property
    def shown(self) -> tuple[str, ...]:
        return placeholders(self.url)

    @model_validator(mode="after")
    def _sound(self) -> "HttpAction":
        web_address(PLACEHOLDER.sub("x", self.url))
        if placeholders(_PATH.split(self.url.partition("://")[2], maxsplit=1)[0]):
            raise ValueError("url: its host is no value")
        taking = isinstance(self.body, str) and placeholders(self.body)
        plain = self.content_type.startswith(("text/plain", "application/x-www-form-urlencoded"))
        if taking and not plain:
            raise ValueError("body: write it as a table, so that no value can break out of it")
        if self.bearer is not None and "authorization" in map(str.lower, self.headers):
            raise ValueError("bearer is the header Authorization; leave one of them out")
        try:
            json.dumps(self.body, allow_nan=False)
        except (TypeError, ValueError) as error:
            raise ValueError(f"body: JSON cannot say it: {error}") from error
        return self

    @field_validator("headers")
    @classmethod
    def _headers(cls, value: dict[str, str | SecretRef]) -> dict[str, str | SecretRef]:
        return sound_headers(value)


class StepsAction(ActionSettings):
    """Several actions, one after the other; it stops at the first that does not succeed."""

    kind: Literal["steps"]
    steps: tuple[str, ...] = Field(min_length=2, max_length=12, description="actions by name")


class ManualAction(ActionSettings):
    """What a person does by hand, and says so."""

    kind: Literal["manual"]
    text: Template = Field(min_length=1, description="what is to be done by hand")

    @property
    def takes(self) -> tuple[str, ...]:
        return placeholders(self.text)


KINDS: dict[str, type[ActionSettings]] = {
    "command": CommandAction,
    "sql": SqlAction,
    "redis": RedisAction,
    "http": HttpAction,
    "steps": StepsAction,
    "manual": ManualAction,
}


def names_in(body: object) -> tuple[str, ...]:
    """The parameters in a body: text, or a table of any depth."""
    if isinstance(body, str):
        return placeholders(body)
    if isinstance(body, dict):
        return tuple(name for value in body.values() for name in names_in(value))
    if isinstance(body, list | tuple):
        return tuple(name for value in body for name in names_in(value))
    return ()
