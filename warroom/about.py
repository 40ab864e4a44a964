"""What a report of a fault must name: versions, plugins, terminal. No secret, no address, no home.

``warroom --version`` prints it, and a crash file begins with it.
"""

import json
import os
import platform
import re
import sqlite3
from collections.abc import Iterator, Mapping
from importlib.metadata import Distribution, PackageNotFoundError, distribution, entry_points
from pathlib import Path

from warroom import __version__
from warroom.text import safe

LIBRARIES = (
    "aiosmtplib", "asyncpg", "click", "dnspython", "google-re2", "httpcore", "httpx", "jinja2",
    "msgspec", "prometheus-client", "psycopg", "pydantic", "redis", "rich",
)  # fmt: skip
"""Whose versions have mattered to a fault: what parses, and what drives."""
GROUPS = {"sources": "warroom.sources", "panels": "warroom.panels"}
_OURS = "warroom"
_HASH = re.compile(r"[0-9a-f]{40,64}\Z")
_SHOWN = 60


def version_line() -> str:
    """Our version, Python's, Textual's and the platform, on one line."""
    return (
        f"warroom {__version__} (Python {platform.python_version()}, "
        f"Textual {_version('textual')}, {platform.platform(terse=True)})"
    )


def about_lines(environ: Mapping[str, str] = os.environ) -> Iterator[str]:
    """``version_line``, and on lines of their own all else that is known."""
    yield version_line()
    revision = _revision()
    if revision:
        yield f"revision   {revision}"
    libraries = (f"{name} {_version(name)}" for name in LIBRARIES)
    yield f"libraries  SQLite {sqlite3.sqlite_version}, {', '.join(libraries)}"
    yield f"terminal   {', '.join(terminal_facts(environ))}"
    plugins = sorted(_plugins())
    yield f"plugins    {'; '.join(plugins) if plugins else 'none but the built-in ones'}"


def terminal_facts(environ: Mapping[str, str]) -> Iterator[str]:
    """What the environment says of the terminal, and its size if there is one."""
    for name in ("TERM", "COLORTERM", "TERM_PROGRAM", "TERM_PROGRAM_VERSION", "NO_COLOR"):
        if environ.get(name):
            yield f"{name}={safe(environ[name], _SHOWN)}"
    for name, words in (("TMUX", "in tmux"), ("STY", "in screen"), ("SSH_CONNECTION", "over SSH")):
        if environ.get(name):  # the variable's own value is an address or a path
            yield words
    locale = next((n for n in ("LC_ALL", "LC_CTYPE", "LANG") if environ.get(n)), "")
    yield f"{locale}={safe(environ[locale], _SHOWN)}" if locale else "no locale"
    yield _size()


def _size() -> str:
    for descriptor in (1, 2, 0):
        try:
            columns, rows = os.get_terminal_size(descriptor)
        except (OSError, ValueError):
            continue
        return f"{columns}x{rows}"
    return "no terminal"


def _version(name: str) -> str:
    try:
        return distribution(name).version
    except PackageNotFoundError:
        return "not installed"


def _plugins() -> Iterator[str]:
    """Every package that brings a source or a panel, and what it brings."""
    brought: dict[tuple[str, str], list[str]] = {}
    for what, group in GROUPS.items():
        for point in entry_points(group=group):
            package = point.dist
            if package is not None and package.name != _OURS:
                names = brought.setdefault((package.name, package.version), [])
                names.append(f"{what.removesuffix('s')} {point.name}")
    for (name, version), names in brought.items():
        yield f"{safe(name, _SHOWN)} {safe(version, _SHOWN)} ({safe(', '.join(names), 400)})"


def _revision() -> str:
    """The commit this was installed from, or that is checked out; empty where nobody knows."""
    try:
        recorded = _recorded(distribution(_OURS))
    except PackageNotFoundError:
        recorded = ""
    root = Path(__file__).parents[1]
    if recorded or not (root / "pyproject.toml").is_file():
        return recorded
    try:
        return _checked_out(root / ".git")
    except (OSError, ValueError):
        return ""


def _recorded(package: Distribution) -> str:
    """As pip writes it for ``pip install git+…`` (PEP 610)."""
    try:
        written = json.loads(package.read_text("direct_url.json") or "{}")
        commit = str(written.get("vcs_info", {}).get("commit_id", ""))
    except (ValueError, AttributeError):
        return ""
    return commit[:12] if _HASH.match(commit) else ""


def _checked_out(git: Path) -> str:
    """Read from git's own files (gitrepository-layout(5)): a version starts no program."""
    if git.is_file():  # a worktree
        git = git.parent / git.read_text().removeprefix("gitdir:").strip()
    common = git / "commondir"
    shared = git / common.read_text().strip() if common.is_file() else git
    head = (git / "HEAD").read_text().strip()
    if head.startswith("ref: "):
        name = head.removeprefix("ref: ")
        loose = [place / name for place in (git, shared) if (place / name).is_file()]
        head = loose[0].read_text().strip() if loose else _packed(shared, name)
    return f"{head[:12]} (a working tree)" if _HASH.match(head) else ""


def _packed(git: Path, name: str) -> str:
    for line in (git / "packed-refs").read_text().splitlines():
        found, _, ref = line.partition(" ")
        if ref == name:
            return found
    return ""
