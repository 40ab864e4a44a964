"""``docs/keys.md``: every id, its keys and where they are live, from the declarations."""

from collections.abc import Iterator

from docs.reference.tables import cell
from warroom.cli.key_lines import Found, keys_found
from warroom.config.key_ids import CONTEXTS, ids_in
from warroom.config.keys import key_words

HEAD = """\
# Keys

Every key of the console has an id, and `[keys]` in the file gives it another one. This page is made
by `make reference` from the declarations themselves; `warroom config keys` lists the same with the
keys of your own file (`--json` for programs), and `?` in the console shows them as they are now. On
a dialog `F1`, or `?` where nothing is typed, shows that dialog's.

```toml
[keys]
quit = "f10"
acknowledge = "k,K"        # several keys, and k is then not `list.up` any more:
list.up = "up"             # an id with a dot is written as it is, or in quotes
"run.end" = "ctrl+x"
```

A key is a character, or a name such as `f5`, `ctrl+x`, `space`, `question_mark`. What is given
replaces all the keys that the id had: write `"up,p"` to keep the arrow. The footer, help, the words
in a dialog's frame and what a refusal says show the key there is now.

`warroom config check` names, with file and line: an id that is none, with the nearest; what is no
key; what is fixed; a letter where words are typed; and two ids that have one key **where both are
live**, with both ids and the place. Two ids may share a key where they never meet: `x` ends a run
in one dialog and gives up a message in another. What shares a key by itself is meant to: the
playbook beside the panels has its own meaning of `s`, `o` and Enter while it has the keys.

## What holds everywhere

* Every screen closes with one **Esc**, which cannot be remapped; `q` too where nothing is typed. A
  half-written message and a form that is left are there when they are opened again.
* Arrows and **vim's keys**: `j` `k`, `g` `G`, `ctrl+d` `ctrl+u`, with Page Up, Page Down, Home and
  End, in panels, lists and texts alike.
* Nothing that ends, discards or leaves something lies on Backspace, Enter or beside them; whoever
  binds it there is **warned** by `config check`. In a field Backspace, `ctrl+w`, `ctrl+u` and
  `ctrl+k` delete words in the field only.
* `q` and `ctrl+q` leave at once while nothing is under way. While an incident is open, an action
  runs or something is still on they **ask**, with Cancel in focus; Enter is never yes. `ctrl+q`
  pressed again leaves (a held one does not). A signal (SIGTERM, SIGHUP) never asks.
* Answers (Space, Tab, Enter, `y` and the phrase in the last look at an action) are fixed: they must
  be the same on everybody's console, and Enter must never be yes. So are the keys of the actions'
  menu and of milestones, which the file gives with `key` beside the action and the milestone.
* Keys of text fields are the terminal's usual ones, and fixed.
"""


def page() -> str:
    """The whole page."""
    parts = [HEAD]
    found = {one.id: one for one in keys_found({})}
    parts += ["## Commands", "", *_table([one for one in found.values() if "." not in one.id])]
    parts += ["## The others", "", *_table([one for one in found.values() if "." in one.id])]
    parts += ["## What is live where", "", "| place | ids |", "| --- | --- |"]
    for context in CONTEXTS:
        names = [name for name in ids_in(context) if "." in name or len(context.commands) < 10]
        every = ["every command"] if len(context.commands) >= 10 else []
        shown = ", ".join([*every, *(f"`{name}`" for name in names if not _numbered(name))])
        parts.append(f"| {context.name} | {shown} |")
    return "\n".join([*parts, ""])


def _numbered(name: str) -> bool:
    return name[-1].isdigit() and not name.endswith("_1")


def _table(found: list[Found]) -> Iterator[str]:
    yield "| id | key | what it does |"
    yield "| --- | --- | --- |"
    for one in found:
        keys = " ".join(f"`{cell(key_words(key))}`" for key in one.default.split(","))
        marks = [word for word, is_so in (("fixed", one.fixed), ("loses", one.loses)) if is_so]
        told = f" *({', '.join(marks)})*" if marks else ""
        yield f"| `{one.id}` | {keys} | {cell(one.does)}{told} |"
    yield ""
