"""The scribe's grammar: what a typed line means, what it may become, what to say of it. Pure."""

from warroom.incident.scribe.grammar import complete, hint, parse, resolution
from warroom.incident.scribe.types import Ask, Posting, ScribeContext, Wrong

__all__ = ["Ask", "Posting", "ScribeContext", "Wrong", "complete", "hint", "parse", "resolution"]
