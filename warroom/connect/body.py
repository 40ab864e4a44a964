"""An answer's body, decoded as it comes and never past its cap.

Decoding is ours because a client library inflates a chunk whole: 64 KiB of gzip hold up
to 64 MiB. Codings are those of RFC 9110, section 8.4.1: ``gzip`` and ``deflate`` (zlib's
format, or raw as some servers send it); nothing else is advertised.
"""

import zlib
from collections import deque
from collections.abc import Generator, Iterator

from warroom.connect.wording import outside

ADVERTISED = "gzip, deflate"
PIECE = 256 * 1024
"""Bytes that one call of zlib gives at most: it is short, and a bomb goes off in small parts."""
_GZIP, _ZLIB, _RAW = 16 + zlib.MAX_WBITS, zlib.MAX_WBITS, -zlib.MAX_WBITS


class BodyError(Exception):
    """The body is not one we take, in words; what came so far is not to be trusted.

    ``over`` says that it is larger than we take.
    """

    def __init__(self, message: str, *, over: bool = False) -> None:
        super().__init__(message)
        self.over = over


class RawBody:
    """One body as it comes, not decoded yet: for whoever decodes it beside the loop.

    ``limit`` is in bytes, and holds for what came and what it becomes. A coding that was
    not asked for raises BodyError at once.
    """

    def __init__(self, coding: str, limit: int) -> None:
        low = coding.lower()
        self._coding = {"x-gzip": "gzip", "identity": ""}.get(low, low)
        if self._coding not in ("", "gzip", "deflate"):
            raise BodyError(f"body coded as {outside(coding)}, which was not asked for")
        self._limit = limit
        self._raw = 0
        self._parts: deque[bytes] = deque()

    def feed(self, data: bytes) -> None:
        """Take one piece as it came. Raises BodyError past the cap."""
        self._raw += len(data)
        if self._raw > self._limit:
            raise _over(self._limit)
        self._parts.append(data)

    def decoded(self) -> Iterator[bytes]:
        """The decoded body in pieces of at most ``PIECE`` bytes, to be read once: what was
        read is let go of. Raises BodyError past the cap, for broken coding, and at the end
        for a coding that was cut short."""
        decoder = Decoder(self._coding, self._limit)
        while self._parts:
            yield from decoder.pieces(self._parts.popleft())
        decoder.finish()


class BodyReader(RawBody):
    """Collects one body, and decodes it as it comes."""

    def __init__(self, coding: str, limit: int) -> None:
        super().__init__(coding, limit)
        self._decoder = Decoder(self._coding, limit)

    def feed(self, data: bytes) -> None:
        """Take one piece as it came. Raises BodyError past the cap or for broken coding."""
        super().feed(data)
        self._parts.pop()
        self._parts.extend(self._decoder.pieces(data))

    def finish(self) -> bytes:
        """The whole body. Raises BodyError when its coding ends before its end."""
        self._decoder.finish()
        return b"".join(self._parts)


class Decoder:
    """Undoes ``gzip``, ``deflate`` or nothing; ``limit`` bytes may come out of it."""

    def __init__(self, coding: str, limit: int) -> None:
        self._coding = coding
        self._limit = limit
        self._size = 0
        self._inflate: zlib._Decompress | None = None

    def pieces(self, data: bytes) -> Iterator[bytes]:
        """What ``data`` becomes. Raises BodyError past the cap or for broken coding."""
        if not self._coding:
            yield self._counted(data)
            return
        try:
            while data:
                data = yield from self._member(data)
        except zlib.error as error:
            raise BodyError(f"body is not valid {self._coding}") from error

    def finish(self) -> None:
        """Raises BodyError when the coding has not come to its own end."""
        if self._inflate is not None and not self._inflate.eof:
            raise BodyError(f"{self._coding} body is cut short")

    def _member(self, data: bytes) -> Generator[bytes, None, bytes]:
        """Inflates up to a member's end; gives back what comes after it."""
        if self._inflate is not None and self._inflate.eof:
            # RFC 1952, section 2.2: a gzip file may have several members.
            if self._coding != "gzip":
                raise BodyError("deflate body goes on after its end")
            self._inflate = None
        if self._inflate is None:
            self._inflate = zlib.decompressobj(self._window(data))
        inflate = self._inflate
        while not inflate.eof:
            # One byte more than may come out is enough to know that it is too much.
            most = min(PIECE, self._limit - self._size + 1)
            piece = inflate.decompress(data, most)
            yield self._counted(piece)
            data = inflate.unconsumed_tail
            if not data and len(piece) < most:
                break
        return inflate.unused_data

    def _window(self, data: bytes) -> int:
        if self._coding == "gzip":
            return _GZIP
        # RFC 1950: the low bits of the first byte are 8 in zlib's format.
        return _ZLIB if data[0] & 0x0F == 8 else _RAW

    def _counted(self, data: bytes) -> bytes:
        self._size += len(data)
        if self._size > self._limit:
            raise _over(self._limit)
        return data


def _over(limit: int) -> BodyError:
    return BodyError(f"body over {size_words(limit)}", over=True)


def size_words(size: int) -> str:
    """``1 MiB``, ``64 KiB``, ``100 bytes``; never rounded."""
    for factor, unit in ((1 << 20, "MiB"), (1 << 10, "KiB")):
        if size >= factor and size % factor == 0:
            return f"{size // factor} {unit}"
    return f"{size} bytes"
