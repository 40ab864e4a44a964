"""What a role may read, and how one signs in: rights, passwords, TLS, files of libpq."""

import asyncio
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.live.certificates import Authority
from tests.live.checks.running import Checking
from tests.live.held import failure, figures
from tests.live.postgres.servers import Server
from tests.live.postgres.watching import seen, watching
from warroom.config.masker import Masker
from warroom.connect.network import Network
from warroom.demo import account
from warroom.errors import ProbeError


async def test_a_plain_role_says_what_it_cannot_see_and_what_to_grant(server: Server) -> None:
    async with server.session("postgres") as admin, server.session("shop"):
        async with watching(server.dsn("plain")) as source:
            for _ in range(2):
                sample = await source.sample()
        found, told = figures(sample), seen(sample)
        assert found["connections"] is not None
        assert found["active"] is found["waiting"] is found["longest_query"] is None
        assert [w for w in told.blind if "GRANT pg_monitor TO plain;" in w]
        assert not [w for w in told.notes if "pg_monitor" in w]
        (identity,) = [w for w in told.notes if w.startswith("identity")] or [""]
        if told.identity.system_identifier == "":
            assert "GRANT EXECUTE ON FUNCTION pg_control_system() TO plain;" in identity
        async with watching(server.dsn("monitor")) as source:
            told = seen(await source.sample())
        assert (told.blind, told.notes) == ((), ())
        system = await admin.fetchval("SELECT system_identifier::text FROM pg_control_system()")
        assert told.identity.system_identifier == system


async def test_what_was_refused_is_not_asked_again(pg15: Server) -> None:
    asked = "SELECT calls FROM pg_stat_statements WHERE query LIKE '%warroom identity%'"
    async with pg15.session("postgres") as admin:
        await admin.execute(
            "REVOKE EXECUTE ON FUNCTION pg_control_system() FROM PUBLIC, pg_monitor"
        )
        try:
            async with watching(pg15.dsn("plain")) as source:
                notes = seen(await source.sample()).notes
                assert any("pg_control_system() TO plain" in words for words in notes)
                await admin.execute("SELECT pg_stat_statements_reset()")
                for _ in range(3):
                    assert seen(await source.sample()).notes == notes
            assert await admin.fetchval(asked) is None
        finally:
            grant = "GRANT EXECUTE ON FUNCTION pg_control_system() TO PUBLIC, pg_monitor"
            await admin.execute(grant)


PAGE = Path(__file__).parents[3] / "docs/footprint.md"


async def test_the_grants_of_the_page_are_enough(another: Callable[..., Server]) -> None:
    server = another(15)
    await server.made()
    statements = "".join(re.findall(r"```sql\n(.*?)```", PAGE.read_text(), re.DOTALL))
    async with server.session("postgres") as admin:
        await admin.execute("DROP EXTENSION pg_stat_statements")
        await admin.execute("DROP OWNED BY monitor; DROP ROLE monitor")
        await admin.execute(statements)
    async with server.session("shop"), watching(server.dsn(), statements="1ms") as source:
        await source.sample()
        sample = await source.sample()
    assert (seen(sample).blind, seen(sample).notes) == ((), ())
    assert seen(sample).statements.advice == ""
    assert figures(sample)["active"] == 0


async def test_the_password_comes_by_reference_or_from_pgpass_and_is_never_said(
    pg16: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPASSFILE", str(tmp_path / "none"))
    word = tmp_path / "word"
    word.write_text("open sesame")
    word.chmod(0o600)
    dsn = pg16.dsn("locked")
    async with watching(dsn, tmp_path, password={"file": str(word)}) as source:
        assert figures(await source.sample())["up"] == 1
    word.write_text("open barley")
    async with watching(dsn, tmp_path, password={"file": str(word)}) as source:
        error = await failure(source)
        assert error.phase == "set-up"
        assert "password authentication failed" in str(error)
        assert "barley" not in str(error) + error.hint
    monkeypatch.setenv("WHOLE", dsn.replace("locked@", "locked:open sesame@"))
    masker = Masker()
    async with watching({"env": "WHOLE"}, masker=masker) as source:
        assert figures(await source.sample())["up"] == 1
    assert "sesame" not in masker.mask(f"it is open sesame, of {dsn}")
    monkeypatch.setenv("BROKEN", "postgresql://u:pass\uff20word\u2100@h/x")
    async with watching({"env": "BROKEN"}) as source:
        error = await failure(source)
        assert (error.phase, "pass" in str(error)) == ("set-up", False)
    passes = tmp_path / "pgpass"
    passes.write_text(f"127.0.0.1:{pg16.port}:*:locked:open sesame\n")
    passes.chmod(0o600)
    monkeypatch.setenv("PGPASSFILE", str(passes))
    async with watching(dsn, tmp_path) as source:
        assert figures(await source.sample())["up"] == 1


async def test_a_service_names_the_server(
    pg16: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "services"
    file.write_text(f"[shop]\nhost=127.0.0.1\nport={pg16.port}\nuser=monitor\ndbname=postgres\n")
    monkeypatch.setenv("PGSERVICEFILE", str(file))
    monkeypatch.setenv("PGSSLMODE", "disable")
    async with watching(None, service="shop") as source:
        sample = await source.sample()
        assert (figures(sample)["up"], seen(sample).identity.user) == (1, "monitor")
    async with watching(None, service="shops") as source:
        error = await failure(source)
        assert "no service shops" in str(error)


async def test_tls_is_verified_by_name_and_without_dns(
    another: Callable[..., Server], tmp_path: Path
) -> None:
    authority = Authority(tmp_path)
    pair = authority.issue("db.shop.example")
    server = another(15)
    await asyncio.to_thread(server.create)
    for name, path in (("server.crt", pair.cert), ("server.key", pair.key)):
        target = server.data / name
        target.write_bytes(Path(path).read_bytes())
        target.chmod(0o600)
        if (owner := account.for_servers()) is not None:
            owner.own(target)
    server.options |= {"ssl": "on"}
    await asyncio.to_thread(server.start)
    await server._fill()
    base = f"postgresql://monitor@db.shop.example:{server.port}/postgres"
    good = f"{base}?sslmode=verify-full&sslrootcert={authority.file}"
    async with watching(good, address="127.0.0.1", network=Network()) as source:
        assert figures(await source.sample())["up"] == 1
    wrong = good.replace("db.shop.example", "other.example")
    async with watching(wrong, address="127.0.0.1") as source:
        sample = await source.sample()
        assert figures(sample)["up"] == 0
        assert "tls" in seen(sample).faults[0]
    (tmp_path / "other").mkdir()
    other = Authority(tmp_path / "other", "Another Authority")
    distrusted = good.replace(str(authority.file), str(other.file))
    async with watching(distrusted, address="127.0.0.1") as source:
        assert "tls" in seen(await source.sample()).faults[0]
    table = f'kind = "postgres"\ndsn = "{good}"\naddress = "127.0.0.1"'
    sql = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
    checking = Checking(tmp_path, f"kind = 'sql'\nsource = 'db'\nsql = '{sql}'", table)
    assert (await checking.run()).lines[-1] == "true"
    huge = "kind = 'sql'\nsource = 'db'\nsql = 'SELECT lpad(\"name\", 60000000) FROM products'"
    with pytest.raises(ProbeError, match="more came than the 4 MiB"):
        await Checking(tmp_path, huge, table).run()
