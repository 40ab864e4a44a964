"""How the clocks of an incident are written: short, and so that they seldom move. Pure."""


def lasted(seconds: float) -> str:
    """``0:12:30``, ``2d 03:12:30``: how long it has been; the one that moves each second."""
    whole = max(int(seconds), 0)
    days, rest = divmod(whole, 86_400)
    hours, minutes, last = rest // 3600, rest // 60 % 60, rest % 60
    if days:
        return f"{days}d {hours:02}:{minutes:02}:{last:02}"
    return f"{hours}:{minutes:02}:{last:02}"


def coarse(seconds: float) -> str:
    """``45s``, ``12m``, ``2h05m``, ``3d 4h``: by the minute, by the second in the last one only,
    for each change costs bytes."""
    whole = max(int(seconds), 0)
    minutes, hours = whole // 60, whole // 3600
    if whole < 60:
        return f"{whole}s"
    if hours < 1:
        return f"{minutes}m"
    if hours < 24:
        return f"{hours}h{minutes % 60:02}m"
    return f"{hours // 24}d {hours % 24}h"
