"""Who may come in and what he sees: users, rights, passwords, TLS, sockets, the environment."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.live.certificates import Authority
from tests.live.held import Shifted, answered, failure, figures
from tests.live.redis.queues import EVERY_KIND, filled
from tests.live.redis.servers import Server
from tests.live.redis.watching import queue, seen, watching
from warroom.config.masker import Masker
from warroom.connect.network import Network
from warroom.demo import account

PAGE = Path(__file__).parents[3] / "docs/footprint.md"
PASSWORD = "hunter2-and-more"


@contextmanager
def user(server: Server, *rules: str, name: str = "watch") -> Iterator[str]:
    """A user with these rights, for the block; its name."""
    with server.client() as admin:
        admin.execute_command("ACL", "SETUSER", name, "reset", "on", f">{PASSWORD}", *rules)
        try:
            yield name
        finally:
            admin.execute_command("ACL", "DELUSER", name)


async def test_the_acl_line_of_the_page_is_enough_and_lets_nothing_be_written(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    (line,) = re.findall(r"^ACL SETUSER (\S+) (.*)$", PAGE.read_text(), re.MULTILINE)
    name, rules = line[0], line[1].split()
    monkeypatch.setenv("PASSWORD_REDIS", PASSWORD)
    filled(server)
    with user(server, *(rule for rule in rules if not rule.startswith(">")), name=name):
        dsn = f"redis://{name}@127.0.0.1:{server.port}/0"
        async with watching(
            dsn,
            *EVERY_KIND,
            password={"env": "PASSWORD_REDIS"},
            environment="deploy:environment",
        ) as source:
            for _ in range(2):
                sample = await source.sample()
            told = seen(sample)
            assert told.blind == ()
            noted = " ".join(note for each in told.queues for note in each.notes)
            assert "NOPERM" not in noted
            assert "refused" not in noted
            assert not [note for note in told.notes if "refused" in note]
            for each in EVERY_KIND:
                if queue(sample, each["name"]).failures:
                    job = queue(sample, each["name"]).failures[0]
                    assert await source.inspect(job.key)
        with server.client(username=name, password=PASSWORD) as client:
            for command in (("SET", "x", 1), ("DEL", "x"), ("FLUSHALL",), ("EVAL", "x", 0)):
                with pytest.raises(Exception, match="permission"):
                    client.execute_command(*command)


async def test_what_is_refused_is_named_and_the_rest_is_seen(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PASSWORD_REDIS", PASSWORD)
    clock = Shifted()
    rights = ("~jobs", "+ping", "+info", "+time", "+llen", "+lrange", "+lindex")
    with user(server, *rights) as name, server.client() as admin:
        admin.rpush("jobs", "a", "b")
        admin.rpush("other", "c")
        async with watching(
            f"redis://{name}@127.0.0.1:{server.port}",
            {"name": "jobs", "kind": "list"},
            {"name": "other", "kind": "list"},
            password={"env": "PASSWORD_REDIS"},
            clock=clock,
        ) as source:
            sample = await source.sample()
            told = seen(sample)
            assert figures(sample)["jobs.depth"] == 2
            assert figures(sample)["other.depth"] is None
            assert "other: NOPERM" in told.blind[0]
            assert "docs/footprint.md has the ACL line" in told.blind[0]
            assert "CONFIG GET is refused: changes of settings are not seen" in told.notes[0]
            # Named as long as it stands, and not asked again meanwhile.
            admin.config_resetstat()
            clock.ahead += 61
            assert seen(await source.sample()).notes == told.notes
            assert "cmdstat_config|get" not in admin.info("commandstats")
            assert admin.info("commandstats").get("cmdstat_config", {"calls": 1})["calls"] <= 1
            clock.ahead += 900
            admin.execute_command("ACL", "SETUSER", name, "+config|get")
            assert seen(await source.sample()).notes == ()
    with user(server, "~*", "+llen", "+lrange", "+lindex") as name:
        async with watching(
            f"redis://{name}@127.0.0.1:{server.port}",
            {"name": "jobs", "kind": "list"},
            password={"env": "PASSWORD_REDIS"},
        ) as source:
            sample = await source.sample()
            assert figures(sample)["jobs.depth"] == 2
            assert figures(sample)["memory"] is figures(sample)["ping"] is None
            assert {words.partition(":")[0] for words in seen(sample).blind} == {"PING", "INFO"}


async def test_passwords_and_databases_that_are_wrong(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REDIS_URL", f"redis://watch:{PASSWORD}@127.0.0.1:{server.port}/3")
    monkeypatch.setenv("WRONG", "not-the-password-1")
    masker = Masker()
    with user(server, "~*", "+@all"), server.client(db=3) as third:
        third.mset({"a": 1, "b": 2})
        async with watching({"env": "REDIS_URL"}, masker=masker) as source:
            sample = await source.sample()
            assert (figures(sample)["keys"], seen(sample).server.database) == (2, 3)
        assert PASSWORD not in masker.mask(f"the password is {PASSWORD}")
        async with watching(
            f"redis://watch@127.0.0.1:{server.port}", password={"env": "WRONG"}
        ) as source:
            error = await failure(source)
            assert (error.phase, error.hint) == ("set-up", "check user and password of dsn")
            assert "not-the-password-1" not in f"{error} {error.hint}"
        async with watching(f"redis://127.0.0.1:{server.port}/999") as source:
            error = await failure(source)
            assert "check the database in dsn" in error.hint


async def test_a_server_that_wants_a_password(another: Callable[..., Server]) -> None:
    server = another(6, requirepass=PASSWORD)
    server.start()
    async with watching(server.url) as source:
        error = await failure(source)
        assert error.phase == "set-up"
        assert "NOAUTH" in str(error)


async def test_tls_proves_the_name_and_shows_our_certificate(
    another: Callable[..., Server], tmp_path: Path
) -> None:
    server = another(7)
    authority = Authority(server.home)
    pair, ours = authority.issue("redis.example"), authority.issue("us", stem="ours")
    server.options |= {
        "port": "0",
        "tls-port": str(server.port),
        "tls-cert-file": pair.cert,
        "tls-key-file": pair.key,
        "tls-ca-cert-file": authority.file,
    }
    if (owner := account.for_servers()) is not None:
        for path in (pair.cert, pair.key, authority.file):
            owner.own(Path(path))
    server.launch()
    network = Network(lambda host: ("127.0.0.1",))
    dsn = f"rediss://redis.example:{server.port}"
    shown = {"ca_file": authority.file, "client_cert": ours.cert, "client_key": ours.key}
    async with (
        watching(dsn, network=network, **shown) as good,
        watching(f"rediss://other.example:{server.port}", network=network, **shown) as wrong,
        watching(f"redis://127.0.0.1:{server.port}") as plain,
    ):
        sample = await answered(good, lambda s: True)
        assert figures(sample)["up"] == 1
        sample = await wrong.sample()
        assert figures(sample)["up"] == 0
        assert "tls: Hostname mismatch" in seen(sample).faults[0]
        error = await failure(plain)
        assert error.phase in ("first byte", "answer")


async def test_a_unix_socket(another: Callable[..., Server]) -> None:
    server = another(7)
    path = server.home / "redis.sock"
    server.options["unixsocket"] = str(path)
    server.start()
    async with watching(f"unix://{path}?db=1") as source:
        sample = await source.sample()
        assert (seen(sample).server.address, seen(sample).server.database) == (str(path), 1)
    async with watching(f"unix://{path}.not") as source:
        assert (await failure(source)).phase == "connect"


async def test_the_environment_is_the_servers_own_word(server: Server) -> None:
    with server.client() as app:
        async with watching(server.url, environment="deploy:environment") as source:
            told = seen(await source.sample())
            assert told.environment == ""
            assert told.notes == (
                "the environment is not proven: there is no key deploy:environment",
            )
            app.set("deploy:environment", "production")
            assert seen(await source.sample()).environment == "production"
            app.delete("deploy:environment")
            app.rpush("deploy:environment", "production")
            assert "environment: WRONGTYPE" in seen(await source.sample()).blind[0]
