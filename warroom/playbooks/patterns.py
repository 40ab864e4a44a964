"""Names with ``*`` in them. Pure."""


def fits(pattern: str, name: str) -> bool:
    """Whether the name is what the pattern says, in which ``*`` stands for anything."""
    first, *rest = pattern.split("*")
    if not rest:
        return pattern == name
    last = rest.pop()
    if not name.startswith(first) or len(name) < len(first) + len(last):
        return False
    at, end = len(first), len(name) - len(last)
    for part in rest:
        found = name.find(part, at, end)
        if found < 0:
            return False
        at = found + len(part)
    return name.endswith(last)
