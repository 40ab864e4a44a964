"""The traps that production lays, by number, and the tests that walk into each.

A test says by ``@pytest.mark.trap(number, done, showed)`` which trap it walks into, what it does
and what that shows. ``make faults`` runs them all and writes docs/faults.md of it.
"""

import ast
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

TESTS = Path(__file__).parent
DOCUMENT = TESTS.parent / "docs" / "faults.md"

TRAPS = {
    1: "Keys that run on. Enter held down, a key hit twice, keys typed ahead or pasted run"
    " nothing: a mitigation wants a person who looks.",
    2: "The world moves between the last look and yes. Only the targets that were shown are"
    " touched, by identity and not by number; what is another by then is left and named.",
    3: "It fails and does not say so. No right to it, an answer of false, an exit status of 0"
    " with an error beside it: none of them is called a success, on the screen or in the journal.",
    4: "A value that is a command. Quotes, line ends, `;` and `$(…)` reach the program, the"
    " statement, the key and the address byte for byte, and nobody reads them as anything else.",
    5: "Another thing was shown than ran. What is shown, what runs and what is journalled have"
    " one digest.",
    6: "The answer is lost. It was sent once, nobody knows what came of it, that is what is said,"
    " and nothing is sent again.",
    7: "The engine is killed in the middle of a mitigation. That it begins was durable before its"
    " first byte; the next engine says that nobody knows.",
    8: "A program that does not end. At its deadline, or told to, all of it is dead within 2 s,"
    " whatever it has started; a flood is bounded; a password or a terminal that is asked for is"
    " not had.",
    9: "Two people do the same at once. One does it, the other is told who and what came of it.",
    10: "A console that may not act. The engine refuses it, whatever keys are pressed; an"
    " environment that only the file names is called configured until a connection proves it.",
    11: "What is watched takes no connection, stands still or swallows packets. It cannot be seen,"
    " by its deadline and with its age; all else stays live, nothing storms, and leaving takes"
    " less than 2 s.",
    12: "The watch is a load of its own. Few connections, by their name, in transactions that"
    " cannot write and never stay open; no command that costs more where there is more; through"
    " a pooler no setting reaches another client.",
    13: "Looks that take longer than their interval. They are left out and counted, never stacked,"
    " and cost no other source anything.",
    14: "Nothing can be seen, and it looks well. Not known is neither green nor zero: a gap is a"
    " gap, a counter that begins anew and a clock that is set make no negative figure.",
    15: "A web server that means harm. One deadline, a cap on what is unpacked, the phase in the"
    " error; secrets stay with their origin; the loop is held up by none of it; a page counts"
    " whole or not at all.",
    16: "The header names another environment than the one behind it. The connection's own word"
    " counts, and a mismatch blocks what acts.",
    17: "Text that wants to be obeyed. Markup, escapes, C1 bytes, bidi marks, what has no width"
    " and lines without an end are shown; nothing moves, colours, copies or crashes, in exports"
    " and titles neither.",
    18: "A terminal that does not read. Engine, deadlines and journal go on, memory is bounded,"
    " and one repaint catches up.",
    19: "A terminal that is gone. However it goes, the console is gone within 2 s, the terminal as"
    " it was, the draft kept, nothing left behind; the engine goes on.",
    20: "An error of our own. No local variable on the screen, the incident unharmed, a report"
    " that its owner alone can read.",
    21: "A stack trace pasted in the wrong place. It is a draft, or it is nothing.",
    22: "Terminals that can do little. The smallest, those without UTF-8, colour or control"
    " sequences, a pipe: each shows what matters, and no level by colour alone.",
    23: "Killed at any moment. No entry is lost that was acknowledged, and the chain of hashes"
    " verifies.",
    24: "The disk takes nothing. Nothing is acknowledged that is not kept, it is said loudly, what"
    " was noted waits and is written when there is room, and nothing severe is run meanwhile.",
    25: "The record is changed afterwards. What was edited is found and named; a tail that was cut"
    " off, or all of it written anew, by the head that every export carries.",
    26: "Files that others read, or planted. Under any umask they are their owner's alone, no link"
    " is followed, and a configuration with a secret that others can read is refused with what"
    " to type.",
    27: "Secrets. They are in no argument list, screen, error, log, journal, export; children get"
    " the environment that is named.",
    28: "A configuration that is broken. File, line, key and the nearest one that is right are"
    " named; while the room runs, the old one stays in force.",
}


@dataclass(frozen=True)
class Walk:
    """One test's way into one trap."""

    trap: int
    done: str
    showed: str
    test: str
    """As pytest names it, without what it is parametrized by."""


def walks() -> list[Walk]:
    """All there are, as they stand in the tests, by trap and in the order of files and lines."""
    found = [
        walk
        for path in sorted(TESTS.rglob("test_*.py"))
        if b"mark.trap(" in (source := path.read_bytes())
        for walk in _of(source, path.relative_to(TESTS.parent).as_posix())
    ]
    return sorted(found, key=lambda walk: walk.trap)


def _of(source: bytes, path: str) -> Iterator[Walk]:
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            for mark in node.decorator_list:
                if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.trap":
                    number, done, showed = map(ast.literal_eval, mark.args)
                    yield Walk(number, done, showed, f"{path}::{node.name}")


def document(sprung: Collection[str] = ()) -> str:
    """docs/faults.md; ``sprung`` are the tests that did not pass."""
    lines = [
        "# Traps",
        "",
        "What production, people and terminals do to a console at 3 a.m., what was done to this"
        " one, and what that showed. `make faults` walks into every trap and writes this page;"
        " one that nobody walked into, or that sprang, ends it with an error.",
    ]
    every = walks()
    for number, words in TRAPS.items():
        title, _, rest = words.partition(". ")
        lines += ["", f"## {number}. {title}", "", rest, ""]
        lines += [_line(walk, sprung) for walk in every if walk.trap == number]
    return "\n".join(lines) + "\n"


def _line(walk: Walk, sprung: Collection[str]) -> str:
    bad = "**SPRUNG** " if walk.test in sprung else ""
    return f"* {bad}*{walk.done}*: {walk.showed}. `{walk.test}`"
