"""The themes: neutral until it matters, colour for levels, one accent.

Level colours are chosen so that each keeps 4.5:1 contrast on its theme's background; the
level is told by word and sign as well, so a theme never carries meaning alone.
"""

from textual.theme import Theme


def _theme(name: str, *, dark: bool, base: tuple[str, str, str], colours: dict[str, str]) -> Theme:
    background, surface, foreground = base
    return Theme(
        name=name,
        dark=dark,
        primary=colours["accent"],
        secondary=colours["accent"],
        accent=colours["accent"],
        warning=colours["level-2"],
        error=colours["level-0"],
        success=colours["ok"],
        background=background,
        surface=surface,
        panel=surface,
        foreground=foreground,
        variables={
            **colours,
            "input-selection-background": f"{colours['accent']} 35%",
            "block-cursor-text-style": "none",
        },
    )


THEMES: tuple[Theme, ...] = (
    _theme(
        "dark",
        dark=True,
        base=("#14161a", "#1d2026", "#d7dae0"),
        colours={
            "accent": "#7aa2f7",
            "ok": "#7fb88a",
            "level-0": "#ff6b6b",
            "level-1": "#ff9e57",
            "level-2": "#e5c95c",
            "level-3": "#9db4d0",
            "unseen": "#d38aea",
            "maintenance": "#6cc5cf",
            "ink": "#14161a",
            "quiet": "#868d99",
            "bar": "#6f7d95",
            "edge": "#3a404b",
            "badge": "#2c313a",
        },
    ),
    _theme(
        "light",
        dark=False,
        base=("#fafaf7", "#efefe9", "#23262b"),
        colours={
            "accent": "#1f5fbf",
            "ok": "#26713a",
            "level-0": "#b3161f",
            "level-1": "#a34a00",
            "level-2": "#7a5c00",
            "level-3": "#44607f",
            "unseen": "#86309f",
            "maintenance": "#0f6b75",
            "ink": "#ffffff",
            "quiet": "#666b73",
            "bar": "#8b98ad",
            "edge": "#c3c5c0",
            "badge": "#dcdcd4",
        },
    ),
    _theme(
        "contrast",
        dark=True,
        base=("#000000", "#000000", "#ffffff"),
        colours={
            "accent": "#66b3ff",
            "ok": "#5fff87",
            "level-0": "#ff7070",
            "level-1": "#ffaf40",
            "level-2": "#ffff55",
            "level-3": "#b8d8ff",
            "unseen": "#ff8cff",
            "maintenance": "#55ffff",
            "ink": "#000000",
            "quiet": "#c8c8c8",
            "bar": "#a8a8c0",
            "edge": "#9a9a9a",
            "badge": "#3a3a3a",
        },
    ),
)
