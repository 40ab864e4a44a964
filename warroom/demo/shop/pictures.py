"""Pictures of the products, drawn in the size that is asked for and kept.

What has been drawn is never drawn again: by product and width, as long as the app runs. The
pages need one width. Whoever asks for every width there is makes the app keep them all.
"""

import ctypes
import struct

WIDTHS = range(16, 1025)
KEPT_BYTES = 224 * 1024 * 1024
"""Nothing more is kept past this. Meant as a cap for a larger machine: with the rest of the
app it is above the memory the app is given."""

MAGIC = b"BM"
HEADERS = 14 + 40
"""Bytes of BITMAPFILEHEADER and BITMAPINFOHEADER, Windows bitmap version 3."""


class Pictures:
    """Draws and keeps."""

    def __init__(self) -> None:
        self._kept: dict[tuple[int, int], bytes] = {}
        self._bytes = 0

    def forget(self) -> None:
        """Let go of all that was drawn, and of its memory."""
        self._kept.clear()
        self._bytes = 0
        _trim()

    def picture(self, product: int, width: int) -> bytes:
        """A bitmap of the product, four to three; ValueError for a width not in `WIDTHS`."""
        if width not in WIDTHS:
            raise ValueError(f"width must be {WIDTHS.start} to {WIDTHS.stop - 1}")
        kept = self._kept.get((product, width))
        if kept is not None:
            return kept
        drawn = _draw(product, width, width * 3 // 4)
        if self._bytes + len(drawn) <= KEPT_BYTES:
            self._kept[product, width] = drawn
            self._bytes += len(drawn)
        return drawn


def _trim() -> None:
    """Have the C library return what is free to the system: glibc alone keeps it, in between
    what is still in use, and alone has a call for this (malloc_trim(3))."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


def _draw(product: int, width: int, height: int) -> bytes:
    """A fade in the product's colour, as an uncompressed 24-bit bitmap."""
    red, green, blue = (product * 67 % 256, product * 131 % 256, product * 29 % 256)
    row = bytearray()
    for column in range(width):
        light = 256 * column // width
        row += bytes(part * light // 256 for part in (blue, green, red))
    row += bytes(-len(row) % 4)  # every row ends on a multiple of four
    size = HEADERS + len(row) * height
    file = struct.pack("<2sIHHI", MAGIC, size, 0, 0, HEADERS)
    info = struct.pack("<IiiHHIIiiII", 40, width, height, 1, 24, 0, 0, 2835, 2835, 0, 0)
    return file + info + bytes(row) * height
