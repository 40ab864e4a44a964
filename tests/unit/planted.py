"""Messages in which every string holds what must not be seen, made from their types alone."""

import types
import typing
from datetime import UTC, date, datetime

import msgspec

from warroom.sharing.kinds import KEY

HOSTS = ("db1.planted.internal", "plantedhost7", "Api-3.Planted.example")
ADDRESSES = ("10.31.41.59", "2001:db8:31:41::59", "192.0.2.77")
MAILS = ("ana.planted@mail.example", "ops+planted@db1.planted.internal")
PEOPLE = ("plantedperson", "Ana Plantedova", "planted-login")
TOKENS = (
    "sk_live_51PlantedAbCdEf012",
    "eyJhbGciOiJI.eyJzdWIiOiIx.SflKxwRJSMeKKF2QT4",
    "3f2504e0-4f89-41d3-9a0c-0305e82c3301",
    "plantedhunter2",
)
PHONES = ("+49 170 5550199", "ext. 55501")
LITERALS = ("plantedliteral", "4711911")
SECRETS = (*HOSTS, *ADDRESSES, *MAILS, *PEOPLE, *TOKENS, *PHONES, *LITERALS, "Plantedova")
TEXT = (
    f'cannot reach {HOSTS[0]} ({ADDRESSES[0]}:5432), host "{HOSTS[1]}", http://{HOSTS[2]}:8080/x '
    f"[{ADDRESSES[1]}] {ADDRESSES[2]}/32; {MAILS[0]}, <{MAILS[1]}>; {PEOPLE[0]} and {PEOPLE[1]}, "
    f"{PEOPLE[2]}; key {TOKENS[0]} Bearer {TOKENS[1]} id={TOKENS[2]} password={TOKENS[3]}; "
    f"call {PHONES[0]} or {PHONES[1]}; select a from users where name = '{LITERALS[0]}' and "
    f"n = {LITERALS[1]}"
)
SQL = f"SELECT a FROM public.orders WHERE b = '{LITERALS[0]}' AND n = {LITERALS[1]} -- {HOSTS[0]}"
BY_KIND = {
    "ident": "ident",
    "name": "app.latency_p95",
    "person": PEOPLE[1],
    "host": f"{HOSTS[1]}:5432",
    "phone": PHONES[1],
    "sql": SQL,
}
NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)


def planted(kind, said=None, depth=0):
    """A value of that type; every union's every struct is tried by ``all_of``."""
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin is typing.Annotated:
        metas = [m for m in arguments[1:] if isinstance(m, msgspec.Meta) and m.extra]
        return planted(arguments[0], metas[0].extra[KEY] if metas else said, depth)
    if origin is typing.Literal:
        return arguments[0]
    if origin in (typing.Union, types.UnionType):
        return planted(next(one for one in arguments if one is not type(None)), None, depth)
    if origin is tuple:
        inner = arguments[:1] if arguments[-1] is Ellipsis else arguments
        return tuple(planted(one, None, depth) for one in inner)
    if origin is dict:
        return {planted(arguments[0]): planted(arguments[1], None, depth)}
    if kind is str:
        return BY_KIND.get(said, TEXT)
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return struct(kind, depth + 1)
    return {int: 7, float: 1.5, bool: True, datetime: NOON, date: NOON.date()}[kind]


def struct(kind, depth=0):
    fields = msgspec.structs.fields(kind)
    return kind(**{one.name: planted(one.type, None, depth) for one in fields})


def structs_in(kind, found=None):
    """Every struct that a message of that type may hold."""
    found = set() if found is None else found
    for inner in typing.get_args(kind):
        structs_in(inner, found)
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct) and kind not in found:
        found.add(kind)
        for one in msgspec.structs.fields(kind):
            structs_in(one.type, found)
    return found
