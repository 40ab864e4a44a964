"""Templates: ours, and over them the team's own files. Jinja2, in its sandbox.

A team's template that does not render costs nobody a message: the built-in text comes in its
place, and what is wrong is said with file and line.
"""

import os
import stat
import traceback
from collections.abc import Callable, Iterable
from errno import EPERM
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

from jinja2 import TemplateError, TemplateSyntaxError

from warroom.comms.bounded import STEPS, Bounded
from warroom.text import safe

LARGEST = 64 * 1024
"""Bytes of a template's file."""
LONGEST = 16_000
"""Characters of a message."""
FILENAME = "<template>"
"""What a template is called in a traceback, whatever its file is."""
SUBJECT = "subject:"
"""What the first line begins with where it is the subject."""


class Rendered(NamedTuple):
    """A text with its subject. ``template`` names what made it; ``problem`` says what is wrong
    with the team's own one, if it was not that."""

    text: str
    subject: str
    template: str = "built in"
    problem: str = ""


class Templates:
    """The templates of a room. ``folder`` holds the team's own ``NAME.j2``; None for none."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._ours = files("warroom.comms") / "templates"

    def render(self, names: Iterable[str], context: dict[str, Any]) -> Rendered:
        """The text of the first of ``names`` that the team has a file of; else the built-in one of
        the last. Blocks."""
        *_, last = wanted = tuple(names)
        path, problem = None, ""
        try:
            path = self._find(wanted)
            if path is not None:
                source = _read(path, path.parent)
                return self._rendered(source, path.name, context)._replace(template=path.name)
        except OSError as error:
            problem = f"{path or self._folder}: {error.strerror}"
        except FAULTS as error:
            problem = f"{path}:{template_line(error)}: {template_words(error)}"
        ours = (self._ours / f"{last}.j2").read_text("utf-8")
        made = self._rendered(ours, f"{last}.j2", context, cut=True)
        return made._replace(problem=problem)

    def _find(self, names: tuple[str, ...]) -> Path | None:
        """The team's file of the first name it has one of, whatever the case of its letters."""
        if self._folder is None:
            return None
        there = {path.name.casefold(): path for path in self._folder.iterdir()}
        found = (there.get(f"{name}.j2".casefold()) for name in names)
        return next((path for path in found if path is not None), None)

    @staticmethod
    def _rendered(
        source: str, name: str, context: dict[str, Any], *, cut: bool = False
    ) -> Rendered:
        """Where it gives too much, it is ``cut``: of ours there always is a text."""
        environment = sandbox()
        code = environment.compile(source, name=name, filename=FILENAME)
        template = environment.template_class.from_code(environment, code, environment.globals)
        parts: list[str] = []
        length = 0
        for steps, part in enumerate(template.generate(context)):
            parts.append(part)
            length += len(part)
            if length > LONGEST or steps > STEPS:
                if cut:
                    break
                raise _TooLongError(f"it gives more than {LONGEST:,} characters")
        return _split("".join(parts)[:LONGEST], titled=SUBJECT in source.casefold())


class _TooLongError(ValueError):
    """A template that gives more than a message may have."""


FAULTS: tuple[type[Exception], ...] = (
    TemplateError,
    ArithmeticError, AttributeError, LookupError, MemoryError, RuntimeError, SyntaxError, TypeError,
    ValueError,
)  # fmt: skip
"""What a template can come to, beside Jinja's own complaints; ``SyntaxError`` is Python's, of what
Jinja has made of it: it has a bound on how deep loops may stand in each other."""


def sandbox() -> Bounded:
    """Where a template of ours or of a team is rendered, once."""
    found = Bounded()
    filters: dict[str, Callable[..., Any]] = {
        "or_blank": or_blank,
        "listed": listed,
        "sentence": sentence,
    }
    found.filters.update(filters)
    return found


def or_blank(value: str, name: str) -> str:
    """The value, or a blank that a person fills and the linter finds: ``[cause?]``."""
    return value or f"[{name}?]"


def listed(values: Iterable[str], empty: str = "") -> str:
    """In a line, or one below the other where there are several."""
    found = [value for value in values if value]
    if len(found) > 1:
        return "".join(f"\n- {value}" for value in found)
    return found[0] if found else empty


def sentence(text: str) -> str:
    """With a capital letter and a full stop, but for a blank."""
    return text if text.startswith("[") or not text else f"{text[0].upper()}{text[1:]}."


def _read(path: Path, folder: Path) -> str:
    """What stands in a file of that folder. A link may lead about in the folder (so does a mounted
    ConfigMap), and not out of it; of a pipe nobody waits for the other end."""
    if not path.resolve().is_relative_to(folder.resolve()):
        raise PermissionError(EPERM, "a link that leads out of the folder is not followed")
    with open(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:
        mode = os.fstat(file.fileno()).st_mode
        if not stat.S_ISREG(mode):
            raise OSError(EPERM, "Is a directory" if stat.S_ISDIR(mode) else "it is no file")
        content = file.read(LARGEST + 1)
    if len(content) > LARGEST:
        raise _TooLongError(f"the file has more than {LARGEST // 1024} KiB")
    return content.decode("utf-8-sig")


def _split(text: str, *, titled: bool) -> Rendered:
    """Subject and text; no more than one empty line together, every character visible. Only a
    template that is ``titled`` has a subject: an incident may be called ``Subject: …`` as well."""
    lines: list[str] = []
    for line in text.replace("\r\n", "\n").split("\n"):
        whole = safe(line.expandtabs(4), max(len(line) * 4, 1)).rstrip()
        if whole or (lines and lines[-1]):
            lines.append(whole)
    subject = ""
    if titled and lines and lines[0].casefold().startswith(SUBJECT):
        subject = lines.pop(0)[len(SUBJECT) :].strip()
    return Rendered("\n".join(lines).strip("\n"), subject)


def template_line(error: Exception) -> int:
    """The line of the template at which it failed."""
    if isinstance(error, TemplateSyntaxError):
        return error.lineno
    frames = reversed(traceback.extract_tb(error.__traceback__))
    return next((frame.lineno or 0 for frame in frames if frame.filename == FILENAME), 0)


def template_words(error: Exception) -> str:
    """What is wrong with a template."""
    if isinstance(error, UnicodeDecodeError):
        return "it is not UTF-8"
    if isinstance(error, RecursionError):
        return "it goes round without end"
    if isinstance(error, SyntaxError):
        return safe(error.msg, 300)
    said = error.message if isinstance(error, TemplateError) else str(error)
    return safe(said or type(error).__name__, 300)
