"""What signals can say of an action. Apart from how they come to say it, for a console that paints
at once needs the word only."""

from typing import Literal

Word = Literal["HELPED", "NO EFFECT", "WORSE", "CAN'T TELL"]
