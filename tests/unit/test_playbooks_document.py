"""``docs/playbooks.md`` is what there is: its tables load, its list is the library's, its links
lead somewhere."""

import re
import tomllib
from pathlib import Path
from typing import get_args

import pytest
from click import Group

from docs.reference import playbooks
from warroom.cli import group
from warroom.config.document import parse
from warroom.config.load import validate
from warroom.measure.change import ChangeKind
from warroom.playbooks.library import built_in
from warroom.playbooks.playbook import Need, Seen
from warroom.sources.registry import discover

DOCS = Path(__file__).parents[2] / "docs"
TEXT = (DOCS / "playbooks.md").read_text()
BLOCKS = re.findall(r"^```toml\n(.*?)^```$", TEXT, re.DOTALL | re.MULTILINE)
FORMS = re.findall(r"^\| `((?:signal|source|kinds) = .*?)` \| ", TEXT, re.MULTILINE)
ROOM = """
version = 1
[room]
name = "docs"
[sources.jobs]
kind = "redis"
dsn = "redis://127.0.0.1/0"
queues = [{ name = "emails", kind = "list" }]
[sources.db]
kind = "postgres"
dsn = "postgresql://monitor@127.0.0.1/shop"
queries = [{ name = "orders_open", sql = "SELECT 1" }]
[sources.shop]
kind = "prometheus"
url = "http://127.0.0.1/metrics"
figures = { error_rate = { gauge = "error_rate" } }
[sources.api]
kind = "http"
url = "http://127.0.0.1/api"
[sources.web]
kind = "http"
url = "http://127.0.0.1/"
[sources.payments]
kind = "http"
url = "http://127.0.0.1/payments"
[sources.stripe]
kind = "http"
url = "http://127.0.0.1/stripe"
[sources.checkout]
kind = "http"
url = "http://127.0.0.1/checkout"
[sources.mail-provider]
kind = "http"
url = "http://127.0.0.1/mail"
[sources.releases]
kind = "command"
argv = ["true"]
lists = "deployments"
shows = "json"
fields = { title = "version" }
[[rules]]
name = "connections"
signal = "db.connections_used"
levels = { SEV1 = "> 95" }
[[rules]]
name = "errors"
signal = "shop.error_rate"
levels = { SEV2 = "> 5" }
[[rules]]
name = "slow"
signal = "api.latency_p95"
levels = { SEV3 = "> 500" }
[[contacts]]
name = "Caro"
role = "team lead"
[[contacts]]
name = "Dev Okafor"
role = "engineering lead"
[[contacts]]
name = "Security desk"
role = "security"
[[contacts]]
name = "Hosting"
vendor = true
"""
ACTIONS = ("scale_workers", "resend_webhooks", "rollback", "scale_app", "restart_web", "scale")
CHECKS = "".join(block for block in BLOCKS if block.startswith("[checks."))
NUMBERS = {"scale_workers": "workers", "scale_app": "replicas"}


def _action(name: str) -> str:
    takes = NUMBERS.get(name)
    argv = f'["true", "{{{takes}}}"]' if takes else '["true"]'
    table = f'[actions.{name}]\nkind = "command"\ntitle = "Do"\nargv = {argv}\n'
    return f'{table}parameters.{takes}.type = "integer"\n' if takes else table


def room(block: str, folder: Path):
    """The room of the page, with one of its pieces."""
    actions = "".join(_action(name) for name in ACTIONS)
    checks = "" if block == CHECKS else CHECKS + '[checks.web_logs]\nkind = "logs"\nfile = "x"\n'
    text = f"{ROOM}{actions}{checks}{block}"
    (folder / "playbooks").mkdir()
    return validate(parse(folder / "warroom.toml", text.encode()), discover())


@pytest.mark.parametrize("block", BLOCKS, ids=range(len(BLOCKS)))
def test_every_piece_of_configuration_loads_and_lacks_nothing(block: str, tmp_path: Path) -> None:
    config = room(block, tmp_path)
    for name, written in tomllib.loads(block).get("playbooks", {}).items():
        (found,) = [one for one in config.playbooks if one.name == name]
        assert {"look", "mitigations", "escalation"} & {*written} or found.symptoms
        own = [*written.get("look", ()), *written.get("mitigations", ())]
        texts = {one["text"] for one in own if isinstance(one, dict)}
        assert not [step.needs for step in found.steps if step.text in texts and step.needs]


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_a_symptom_loads(form: str, tmp_path: Path) -> None:
    lines = re.sub(r"`, `", "\n", form)
    table = f'[playbooks.form]\ntitle = "Form"\n[[playbooks.form.symptoms]]\n{lines}\n'
    (found,) = [one for one in room(table, tmp_path).playbooks if one.name == "form"]
    assert len(found.symptoms) == 1


def test_every_word_a_symptom_may_have_is_told() -> None:
    assert len(FORMS) > 5
    for word in (*get_args(Seen), *get_args(Need), *get_args(ChangeKind)):
        assert f"`{word}`" in TEXT, word


def test_the_list_is_what_would_be_made_now() -> None:
    assert playbooks.page() == TEXT, "type make reference"
    for name in built_in():
        assert f"| `{name}`: " in TEXT


def test_its_commands_are_those_there_are() -> None:
    shown = set(re.findall(r"`warroom (playbooks?(?: [a-z]+)?)", TEXT))
    known = group.command.get_command(None, "playbook")
    assert isinstance(known, Group)
    assert shown == {"playbooks", *(f"playbook {name}" for name in known.commands)}


def test_every_link_leads_somewhere() -> None:
    for link in re.findall(r"\]\(([^)#]+)\)", TEXT):
        assert (DOCS / link).exists(), link
    for anchor in re.findall(r"\]\(#([^)]+)\)", TEXT):
        heads = re.findall(r"^## (.*)$", TEXT, re.MULTILINE)
        assert anchor in {head.lower().replace(" ", "-") for head in heads}
