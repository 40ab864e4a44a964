"""What a role must be granted so that a part can be read: what to type, for each."""

_GRANTS = {
    "size": "GRANT CONNECT ON DATABASE {database} TO {user};",
    "identity": "GRANT EXECUTE ON FUNCTION pg_control_system() TO {user};",
    "statements": "GRANT pg_read_all_stats TO {user};",
    "texts": "GRANT pg_read_all_stats TO {user};",
}
_OTHERWISE = "GRANT pg_monitor TO {user};"


def quoted(name: str) -> str:
    """A name as SQL has it (PostgreSQL documentation, "Identifiers and Key Words")."""
    plain = name.isascii() and name.replace("_", "a").isalnum() and name == name.lower()
    return name if plain and not name[:1].isdigit() else '"' + name.replace('"', '""') + '"'


def grant(part: str, user: str, database: str) -> str:
    """The statement that lets ``user`` read ``part``."""
    wanted = _GRANTS.get(part, _OTHERWISE)
    return wanted.format(user=quoted(user), database=quoted(database))
