"""Masks strings, each by its kind; equal values alike for as long as it lives. Pure."""

import re
from collections.abc import Iterable

import msgspec

from warroom.sharing import patterns, sql, told
from warroom.sharing.allow import Allow, address_of
from warroom.sharing.hints import hinted, is_machine
from warroom.sharing.kinds import Kind
from warroom.sharing.pseudonyms import PSEUDONYM, Pseudonyms, What, is_pseudonym
from warroom.sharing.words import Words

CACHED = 8 * 1024 * 1024
"""Characters of texts whose masked form is remembered."""
_ENDING = re.compile(r"[.,;:!?)\]}'\"]*\Z")
_URL = re.compile(
    r"(?P<scheme>[^:/]+)://(?:(?P<login>[^@/?#]*)@)?(?P<host>\[[^\]]*\]|[^:/?#]*)"
    r"(?P<port>:\d*)?(?P<path>[^?#]*)(?:\?(?P<query>[^#]*))?(?:\#(?P<rest>.*))?\Z",
    re.DOTALL,
)
_PLACE = re.compile(r"(?P<host>\[[^\]]+\]|[^:\s]+)(?P<port>:\d+)?\Z")
_SEGMENT = 24
"""Characters from which a piece of an address's path is taken for a token: as long is the last of
a web hook of Slack."""
_SPLIT = re.compile(r"([-_.=+]+)")
_PART = re.compile(rf"({PSEUDONYM})")
HIDDEN = "***"
"""What is masked for everybody: it stays as it is."""


class Mask:
    """One engine's, or one command's. ``version`` rises when what was masked before would be
    masked otherwise now."""

    def __init__(self, allow: Allow | None = None, most: int | None = None) -> None:
        self._allow = allow or Allow()
        self._pseudonyms = Pseudonyms() if most is None else Pseudonyms(most)
        self.words = Words()
        self._hinted: dict[str, What] = {}
        """Of the text that is being masked: words that it tells itself whose they are."""
        self._allowed = 0
        self._cache: dict[tuple[Kind | None, str], str] = {}
        self._cached = 0
        self._cache_of = self.version
        self._scan = {
            name: getattr(self, f"_{name}")
            for name in patterns.SCAN.groupindex
            if hasattr(self, f"_{name}")
        }

    @property
    def version(self) -> int:
        return self.words.version + self._allowed

    def allow(self, entries: Iterable[str]) -> None:
        """Another list, at once."""
        if tuple(entries) != self._allow.entries:
            self._allow = Allow(entries)
            self._allowed += 1

    def real(self, line: bytes) -> bytes:
        """A line of JSON with the real values in place of stand-ins."""
        for whole, seen in self.words.slugs.items():
            line = line.replace(seen.encode("ascii"), whole.encode("ascii"))
        return self._pseudonyms.real(line, lambda value: msgspec.json.encode(value)[1:-1])

    def string(self, kind: Kind | None, value: str) -> str:
        """The value as it may be seen; None is text."""
        if kind == "ident" or not value:
            return value
        if kind == "name":
            self.words.stay(value)
            return value
        if self._cache_of != self.version or self._cached > CACHED:
            self._cache.clear()
            self._cached, self._cache_of = 0, self.version
        known = self._cache.get((kind, value))
        if known is None:
            known = self._by_kind(kind, value)
            if self._cache_of == self.version:
                self._cache[kind, value] = known
                self._cached += len(value) + len(known) + 64
        return known

    def text(self, text: str) -> str:
        """Running text."""
        return self.string(None, text)

    def _by_kind(self, kind: Kind | None, value: str) -> str:
        match kind:
            case "person":
                return self._whole("user", value)
            case "phone":
                return self._whole("phone", value)
            case "host":
                return self._place(value)
            case "sql":
                return sql.masked(value, self._sql_word)
            case "explained":
                return "\n".join(map(self._plan_line, value.split("\n")))
            case "line" if (bound := patterns.BOUND.match(value)) is not None:
                return f"{bound[0]}?"
            case "line" if patterns.CLAUSE.match(value):
                return self._text(sql.masked(value, lambda word: word))
            case "titled":
                seen = self._text(value)
                self.words.titled(value, seen)
                return seen
            case "commit" if patterns.COMMIT.match(value):
                return value
        return self._text(value)

    # values that are wholly of a kind --------------------------------------------------

    def _whole(self, what: What, value: str) -> str:
        if is_pseudonym(value) or self.words.stays(value) or value == "warroom":
            return value
        if self._allow.name(value):
            return value
        if "@" in value.strip("@") and " " not in value:
            what = "mail"
        self.words.learn(what, value)
        if value.startswith(("@", "#")):
            self.words.learn(what, value[1:])
        return self._pseudonyms.of(what, value)

    def _place(self, value: str) -> str:
        """A host's name or address, with or without a port."""
        if is_pseudonym(value):
            return value
        if (whole := self._address(value)) is not None:
            return whole
        found = _PLACE.match(value)
        if found is None:
            return self._text(value)
        return self._host(found["host"]) + (found["port"] or "")

    def _host(self, host: str) -> str:
        """A name or an address, which may stand in brackets."""
        if not host or is_pseudonym(host) or "/" in host:
            return host if not host or is_pseudonym(host) else self._text(host)
        bare = host.strip("[]")
        if (found := self._address(bare)) is not None:
            return host.replace(bare, found)
        star = "*." if host.startswith("*.") else ""
        name = host.removeprefix(star)
        if self._allow.name(name) or self._allow.name(host) or name.isdigit():
            return host
        if not star and not self.words.stays(name):
            self.words.learn("host", name)
        return star + self._pseudonyms.of("host", name)

    def _address(self, written: str) -> str | None:
        """An address masked; None where it is none."""
        address = address_of(written)
        if address is None:
            return None
        if self._allow.address(address) or self._allow.name(written):
            return written
        return self._pseudonyms.of("addr", written)

    def _token(self, value: str) -> str:
        if is_pseudonym(value) or set(value) == {"*"} or self._allow.name(value):
            return value
        return self._pseudonyms.of("token", value)

    # running text ----------------------------------------------------------------------

    def _text(self, text: str) -> str:
        if self.words.stays(text):
            return text
        for whole, seen in self.words.slugs.items():
            text = text.replace(whole, seen)
        begins = patterns.SENTENCE.search(text)
        if begins is not None:
            at = begins.start()
            statement = patterns.QUOTED_AGAIN.sub("?", text[at:])
            text = text[:at] + sql.masked(statement, lambda word: word)
        text = patterns.CAST.sub("?", text)
        phrases = self.words.phrases
        if phrases is not None:
            parts = _PART.split(text)
            parts[::2] = [phrases.sub(self._phrase, part) for part in parts[::2]]
            text = "".join(parts)
        text = told.masked(text, self._token)
        outer, self._hinted = self._hinted, hinted(text)
        try:
            return patterns.SCAN.sub(self._found, text)
        finally:
            self._hinted = outer

    def _found(self, found: re.Match[str]) -> str:
        assert found.lastgroup is not None
        made: str = self._scan[found.lastgroup](found)
        return made

    def _phrase(self, found: re.Match[str]) -> str:
        return self._known(found[0]) or found[0]

    def _known(self, word: str) -> str | None:
        """A word that was learned, masked; None for any other."""
        what = self.words.what(word) or self._hinted.get(word.casefold())
        if what is None or self.words.stays(word) or self._allow.name(word):
            return None
        return self._pseudonyms.of(what, word)

    def _pseudo(self, found: re.Match[str]) -> str:
        self._pseudonyms.meet(found[0])
        return found[0]

    def _setting(self, found: re.Match[str]) -> str:
        return found[0]

    def _url(self, found: re.Match[str]) -> str:
        ending = _ENDING.search(found[0])
        assert ending is not None
        address = found[0][: ending.start()]
        parts = _URL.match(address)
        if parts is None:
            return self._token(address) + ending[0]
        return self._address_of(parts) + ending[0]

    def _address_of(self, parts: re.Match[str]) -> str:
        login = ""
        if parts["login"] is not None:
            user, colon, password = parts["login"].partition(":")
            login = (self._whole("user", user) if user.strip("*") else user) + colon
            login += (self._token(password) if password else "") + "@"
        path = "/".join(map(self._segment, parts["path"].split("/")))
        query = "" if parts["query"] is None else "?" + self._query(parts["query"])
        rest = "" if parts["rest"] is None else "#" + (parts["rest"] and self._token(parts["rest"]))
        hosts = ",".join(map(self._host, parts["host"].split(",")))
        return f"{parts['scheme']}://{login}{hosts}{parts['port'] or ''}{path}{query}{rest}"

    def _segment(self, segment: str) -> str:
        if len(segment) >= _SEGMENT and not self.words.stays(segment):
            return self._token(segment)
        return patterns.SCAN.sub(self._found, segment)

    def _query(self, query: str) -> str:
        pairs = (pair.partition("=") for pair in query.split("&"))
        return "&".join(
            key + equals + (self._token(value) if value else "") if equals else self._segment(key)
            for key, equals, value in pairs
        )

    def _login(self, found: re.Match[str]) -> str:
        given = found["given"]
        if given.isalpha() and given.islower():  # "basic authentication"
            return found[0]
        return found[0].removesuffix(given) + self._token(given)

    def _secret(self, found: re.Match[str]) -> str:
        if found["value"].lower() in patterns.VALUES:
            return found[0]
        return found["key"] + found["glue"] + self._token(found["value"])

    def _cookie(self, found: re.Match[str]) -> str:
        return found[0].removesuffix(found["baked"]) + self._token(found["baked"])

    def _failing(self, found: re.Match[str]) -> str:
        """PostgreSQL's ``Failing row contains (…)``."""
        return "(?)"

    def _refused(self, found: re.Match[str]) -> str:
        """A value that PostgreSQL would not have."""
        return found["refusal"] + '"?"'

    def _given_value(self, found: re.Match[str]) -> str:
        """Of ``parameters: $1 = '…'``."""
        return "?"

    def _box(self, found: re.Match[str]) -> str:
        return self._once("host", found[0])

    def _ported(self, found: re.Match[str]) -> str:
        return self._once("host", found[0])

    def _once(self, what: What, value: str) -> str:
        """Masked here, and not learned: the words around it do not make it sure enough that it is
        nobody's but that machine's or person's."""
        if self.words.stays(value) or self._allow.name(value) or is_pseudonym(value):
            return value
        return self._address(value) or self._known(value) or self._pseudonyms.of(what, value)

    def _inner(self, found: re.Match[str]) -> str:
        return self._host(found[0])

    def _prefixed(self, found: re.Match[str]) -> str:
        return self._token(found[0])

    def _base(self, found: re.Match[str]) -> str:
        """Base64 in which a token's letters are; else it is a path, or several words."""
        if patterns.is_key(found[0]):
            return self._token(found[0])
        return _RUN.sub(lambda piece: self._bare(piece[0]), found[0])

    def _row(self, found: re.Match[str]) -> str:
        """``Key (email)=(…) already exists``: PostgreSQL tells the values."""
        return ")=(?)"

    def _said(self, found: re.Match[str]) -> str:
        """``host=db1``, ``user "alice"``."""
        who, lead = found["who"], found["role"] + found["said_glue"]
        if who.lower() in patterns.VALUES:
            return found[0]
        machine = found["role"].lower().startswith(("host", "server", "enotfound", "cn"))
        if ":" in found["said_glue"] or found["role"].lower() == "cn":
            place = _PLACE.match(who) if machine else None
            name = place["host"] if place else who
            return lead + self._once("host" if machine else "user", name) + who[len(name) :]
        if machine:
            return lead + self._place(who)
        return lead + (who if who.isdigit() else self._whole("user", who))

    def _home(self, found: re.Match[str]) -> str:
        return self._whole("user", found[0])

    def _mail(self, found: re.Match[str]) -> str:
        if self._allow.name(found[0]):
            return found[0]
        return self._pseudonyms.of("mail", found[0])

    def _jwt(self, found: re.Match[str]) -> str:
        return self._token(found[0])

    def _uuid(self, found: re.Match[str]) -> str:
        return found[0] if self.words.stays(found[0]) else self._token(found[0])

    def _mac(self, found: re.Match[str]) -> str:
        if self._allow.name(found[0]):
            return found[0]
        return self._pseudonyms.of("addr", found[0])

    def _six(self, found: re.Match[str]) -> str:
        """An address of IPv6; a time, or words with colons, is none."""
        bare = found[0].rstrip(":.")
        for written in (found[0], found[0][:-1], bare):
            if "::" in written or written.count(":") == 7:
                masked = self._address(written)
                if masked is not None:
                    return masked + found[0][len(written) :]
        return _PIECE.sub(lambda piece: self._piece(piece[0]), found[0])

    def _piece(self, word: str) -> str:
        return self._address(word) or self._bare(word)

    def _four(self, found: re.Match[str]) -> str:
        return self._address(found[0]) or found[0]

    def _phone(self, found: re.Match[str]) -> str:
        return self._number(found[0])

    def _called(self, found: re.Match[str]) -> str:
        """A number behind ``tel:`` or ``call``."""
        return found["calling"] + self._number(found["dialled"])

    def _local(self, found: re.Match[str]) -> str:
        """A number as it is dialled within its country."""
        return self._number(found[0])

    def _number(self, number: str) -> str:
        return number if self._allow.name(number) else self._pseudonyms.of("phone", number)

    def _table(self, found: re.Match[str]) -> str:
        """A table's name with its schema's, where the word before says that it is one."""
        name = found["relation"]
        if patterns.is_domain(name) or any(map(is_machine, name.split("."))):
            return found[0].removesuffix(name) + self._bare(name)
        return found[0].removesuffix(name) + ".".join(map(self._bare, name.split(".")))

    def _word(self, found: re.Match[str]) -> str:
        return self._bare(found[0])

    def _cut(self, found: re.Match[str]) -> str:
        """The last word of what was cut off: of a value that is known its beginning tells enough,
        and one that is no plain word may be the beginning of any."""
        word = found[0][:-1]
        if word.isalpha() and (word.islower() or word.istitle()) and not self._begins(word):
            return found[0]
        return "…"

    def _begins(self, word: str) -> bool:
        return self.words.starts(word) or word.casefold() in self._hinted

    def _bare(self, word: str) -> str:
        """A word, with the dots and dashes in it: as a whole, else by its parts."""
        if self.words.stays(word):
            return word
        bare = word.rstrip("=.-")
        if (known := self._known(bare)) is not None:
            return known + word[len(bare) :]
        if patterns.is_host(bare) and not patterns.is_table(bare):
            if self._allow.name(bare) or self.words.stays(bare):
                return word
            return self._pseudonyms.of("host", bare) + word[len(bare) :]
        if patterns.is_token(word):
            return self._token(word)
        parts = _SPLIT.split(word)
        if len(parts) == 1:
            return word
        parts[::2] = [self._known(part) or part for part in parts[::2]]
        return "".join(parts)

    # statements and their plans --------------------------------------------------------

    def _sql_word(self, word: str) -> str:
        """A name in a statement: a table's stays, a person's or a machine's does not."""
        if word.startswith('"'):
            inner = word.strip('"')
            return word.replace(inner, self._text(inner)) if "@" in inner else self._named(word)
        return self._named(word)

    def _named(self, word: str) -> str:
        bare = word.strip('"')
        known = self._known(bare)
        return word if known is None else word.replace(bare, known)

    def _plan_line(self, line: str) -> str:
        if patterns.PLANNED.search(line):
            return sql.masked(line, self._sql_word, numbers=False)
        if patterns.CONDITION.search(line):
            return sql.masked(line, self._sql_word)
        return self._text(line)


_PIECE = re.compile(r"[\w.]+")
_RUN = re.compile(r"\w+=*")
