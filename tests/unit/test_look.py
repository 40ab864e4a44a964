"""Every level is told by word and sign: a greyscale picture loses nothing."""

import pytest

from warroom.console.look import Look, fit, label, style_of
from warroom.console.paint import paint
from warroom.console.themes.made import THEMES
from warroom.severity import MAINTENANCE, OK, SEV, UNSEEN
from warroom.wire import SourceView

LEVELS = (*SEV.names, OK, UNSEEN, MAINTENANCE)


@pytest.mark.parametrize("look", [Look(), Look(unicode=False)])
def test_every_level_has_a_sign_of_its_own(look):
    signs = [look.sign(level, SEV) for level in LEVELS]
    assert len(set(signs)) == len(LEVELS)
    assert all(len(sign) == 1 for sign in signs)
    assert look.unicode or "".join(signs).isascii()


def test_every_state_and_level_has_words_of_its_own():
    states = [("UP", level) for level in LEVELS if level not in (UNSEEN, MAINTENANCE)]
    states += [("DOWN", level) for level in (*SEV.names, OK)]
    states += [("CAN'T SEE", UNSEEN), ("MAINTENANCE", MAINTENANCE)]
    words = [
        label(SourceView(name="a", title="a", kind="http", interval=1, state=state, level=level))
        for state, level in states
    ]
    assert len(set(words)) == len(words)


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_every_level_is_legible_on_its_theme(theme):
    """WCAG's 4.5:1 for text, computed as WCAG 2.1 defines relative luminance."""
    colours = {**theme.variables, "foreground": theme.foreground}
    for level in LEVELS:
        style = paint(style_of(level, SEV)[1:], colours)
        assert contrast(style.foreground.hex, theme.background) >= 4.5, level
    for badge in ("badge", "badge-0", "badge-1", "badge-2", "badge-3", "badge-unseen"):
        style = paint(badge, colours)
        assert contrast(style.foreground.hex, style.background.hex) >= 4.5, badge


def contrast(one, other):
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour):
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_text_is_fitted_by_cells_not_characters():
    assert fit("漢字漢字", 5) == "漢字…"
    assert fit("ab", 4, ">") == "  ab"
    assert fit("abcdef", 4, end="~") == "abc~"
