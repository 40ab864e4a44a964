"""An answer's body, decoded as it comes and never past its cap.

Decoding is ours because a client library inflates a chunk whole: 64 KiB of gzip hold up
to 64 MiB. Codings are those of RFC 9110, section 8.4.1: ``gzip`` and ``deflate`` (zlib's
format, or raw as some servers send it); nothing else is advertised.
"""

import zlib

from warroom.text import safe

ADVERTISED = "gzip, deflate"
_GZIP, _ZLIB, _RAW = 16 + zlib.MAX_WBITS, zlib.MAX_WBITS, -zlib.MAX_WBITS


class BodyError(Exception):
    """The body is not one we take, in words; what came so far is not to be trusted."""


class BodyReader:
    """Collects one body. ``limit`` is in bytes, and holds for what came and what it became."""

    def __init__(self, coding: str, limit: int) -> None:
        self._coding = {"x-gzip": "gzip", "identity": ""}.get(coding, coding)
        if self._coding not in ("", "gzip", "deflate"):
            shown = safe(self._coding, 40)
            raise BodyError(f"body coded as {shown}, which was not asked for")
        self._limit = limit
        self._inflate: zlib._Decompress | None = None
        self._raw = 0
        self._size = 0
        self._parts: list[bytes] = []

    def feed(self, data: bytes) -> None:
        """Take one piece as it came. Raises BodyError past the cap or for broken coding."""
        self._raw += len(data)
        if self._raw > self._limit:
            raise self._over()
        if not self._coding:
            self._keep(data)
            return
        try:
            self._decode(data)
        except zlib.error as error:
            raise BodyError(f"body is not valid {self._coding}") from error

    def finish(self) -> bytes:
        """The whole body. Raises BodyError when its coding ends before its end."""
        if self._coding and self._raw and self._inflate is not None and not self._inflate.eof:
            raise BodyError(f"{self._coding} body is cut short")
        return b"".join(self._parts)

    def _decode(self, data: bytes) -> None:
        while data:
            if self._inflate is None:
                self._inflate = zlib.decompressobj(self._window(data))
            # One byte more than may be kept is enough to know that it is too much.
            self._keep(self._inflate.decompress(data, self._limit - self._size + 1))
            if not self._inflate.eof:
                return
            # RFC 1952, section 2.2: a gzip file may have several members.
            data = self._inflate.unused_data
            if data and self._coding == "gzip":
                self._inflate = None
            elif data:
                raise BodyError("deflate body goes on after its end")

    def _window(self, data: bytes) -> int:
        if self._coding == "gzip":
            return _GZIP
        # RFC 1950: the low bits of the first byte are 8 in zlib's format.
        return _ZLIB if data[0] & 0x0F == 8 else _RAW

    def _keep(self, data: bytes) -> None:
        self._size += len(data)
        if self._size > self._limit:
            raise self._over()
        self._parts.append(data)

    def _over(self) -> BodyError:
        return BodyError(f"body over {size_words(self._limit)}")


def size_words(size: int) -> str:
    """``1 MiB``, ``64 KiB``, ``100 bytes``; never rounded."""
    for factor, unit in ((1 << 20, "MiB"), (1 << 10, "KiB")):
        if size >= factor and size % factor == 0:
            return f"{size // factor} {unit}"
    return f"{size} bytes"
