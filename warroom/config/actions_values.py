"""Whether a value written in the file is one that a parameter of an action takes."""

from warroom.config.actions_settings import ParameterSettings
from warroom.regex import Pattern as Expression


def misfit(one: ParameterSettings, value: str | int) -> str:
    """What is wrong with ``value`` for the parameter; empty where nothing is. Of a row nothing is
    said: which there are is known when it is run."""
    if one.type == "integer":
        return _whole(one, value)
    text = str(value)
    if one.type == "string" and len(text) > one.longest:
        return f"has more than {one.longest} characters"
    if one.pattern and not Expression(one.pattern).matches(text):
        return f"does not match {one.pattern}"
    if one.type == "choice" and value not in one.choices:
        return f"is none of its choices: {', '.join(one.choices)}"
    return ""


def _whole(one: ParameterSettings, value: str | int) -> str:
    if not isinstance(value, int):
        return "must be a whole number"
    if one.minimum is not None and value < one.minimum:
        return f"is {value}; the least is {one.minimum}"
    if one.maximum is not None and value > one.maximum:
        return f"is {value}; the most is {one.maximum}"
    return ""
