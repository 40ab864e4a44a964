"""Bodies decoded as they come, in whatever pieces, and never past the cap."""

import gzip
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from warroom.connect import body
from warroom.connect.body import PIECE, BodyError, BodyReader, RawBody, size_words


def _raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


CODINGS = {
    "": lambda data: data,
    "identity": lambda data: data,
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
}


@pytest.mark.parametrize("coding", [*CODINGS, "raw deflate", "two members"])
@given(data=st.binary(max_size=400), piece=st.integers(1, 50))
def test_any_pieces_give_the_whole(coding: str, data: bytes, piece: int) -> None:
    if coding == "raw deflate":
        packed, coding = _raw_deflate(data), "deflate"
    elif coding == "two members":
        packed, coding = gzip.compress(data[:9]) + gzip.compress(data[9:]), "gzip"
    else:
        packed = CODINGS[coding](data)
    reader = BodyReader(coding, 4096)
    for at in range(0, len(packed), piece):
        reader.feed(packed[at : at + piece])
    assert reader.finish() == data
    raw = RawBody(coding, 4096)
    for at in range(0, len(packed), piece):
        raw.feed(packed[at : at + piece])
    assert b"".join(raw.decoded()) == data


@pytest.mark.parametrize("coding", CODINGS)
def test_the_cap_is_exact(coding: str) -> None:
    reader = BodyReader(coding, 1024)
    reader.feed(CODINGS[coding](bytes(1024)))
    assert len(reader.finish()) == 1024
    with pytest.raises(BodyError, match="body over 1 KiB"):
        BodyReader(coding, 1024).feed(CODINGS[coding](bytes(1025)))


def test_what_came_is_capped_as_well_as_what_it_became() -> None:
    reader = BodyReader("gzip", 1000)
    empty = gzip.compress(b"")
    reader.feed(empty * 40)
    with pytest.raises(BodyError, match="body over 1000 bytes"):
        reader.feed(empty * 40)


@pytest.mark.parametrize("coding", ["br", "gzip, gzip", "\x1b[2J"])
def test_codings_that_were_not_asked_for_are_named(coding: str) -> None:
    with pytest.raises(BodyError) as caught:
        BodyReader(coding, 10)
    assert "\x1b" not in str(caught.value)


def test_junk_after_deflate_and_a_cut_gzip_are_refused() -> None:
    with pytest.raises(BodyError, match="goes on after its end"):
        BodyReader("deflate", 99).feed(zlib.compress(b"abc") + b"junk")
    reader = BodyReader("gzip", 99)
    reader.feed(gzip.compress(b"abc")[:-4])
    with pytest.raises(BodyError, match="cut short"):
        reader.finish()


def test_sizes_in_words() -> None:
    assert [size_words(n) for n in (1 << 20, 3 << 10, 1500)] == ["1 MiB", "3 KiB", "1500 bytes"]


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_what_is_decoded_later_comes_in_small_pieces_and_to_its_cap(coding: str) -> None:
    raw = RawBody(coding, 8 << 20)
    raw.feed(CODINGS[coding](bytes(5 << 20)))
    sizes = [len(piece) for piece in raw.decoded()]
    assert sum(sizes) == 5 << 20
    assert max(sizes) <= PIECE
    assert list(raw.decoded()) == []  # read once, and let go of
    raw = RawBody(coding, 1 << 20)
    raw.feed(CODINGS[coding](bytes(5 << 20)))
    with pytest.raises(BodyError, match="body over 1 MiB"):
        list(raw.decoded())
    raw = RawBody(coding, 1 << 20)
    raw.feed(CODINGS[coding](b"abc" * 100)[:-5])
    with pytest.raises(BodyError, match="cut short"):
        list(raw.decoded())
    with pytest.raises(BodyError, match="over 10 bytes"):
        RawBody("", 10).feed(bytes(11))


@pytest.mark.parametrize("piece", [1, 2, 3, 5000])
def test_nothing_is_left_in_the_decoder(piece: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """One byte of input may be the last of it, and still stand for more than one call gives."""
    monkeypatch.setattr(body, "PIECE", 7)
    data = bytes(2857)
    for packed in (zlib.compress(data), _raw_deflate(data)):
        raw = RawBody("deflate", 1 << 20)
        for at in range(0, len(packed), piece):
            raw.feed(packed[at : at + piece])
        assert b"".join(raw.decoded()) == data
