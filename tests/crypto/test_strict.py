"""Strict JSON: one way to write a document, and everything else refused."""

import json

import pytest

from tests.crypto.vectors import X1
from whistle.crypto import directory, posts, receipts, slots, strict
from whistle.crypto.errors import EnvelopeError
from whistle.crypto.items import META

NAME = strict.Schema(strict.record({"name": strict.text(12), "size": strict.integer}), 64)
SCHEMAS = {
    "HEAD": posts.HEAD,
    "DIRECTORY": directory.DIRECTORY,
    "CHANNEL": directory.CHANNEL,
    "ROSTER": directory.ROSTER,
    "RECEIPT": receipts.RECEIPT,
    "CHECKPOINT": receipts.CHECKPOINT,
    "SLOT": slots.SLOT,
    "META": META,
}


def test_it_works() -> None:
    data = '{"name":"张三\\"\\\\","size":9007199254740991}'.encode()
    assert strict.dump(NAME, strict.parse(NAME, data)) == data


def test_the_valid_vector_is_read_and_written_the_same() -> None:
    data = X1["strict_json"]["valid"].encode()
    assert strict.dump(SCHEMAS[X1["strict_json"]["schema"]], strict.parse(posts.HEAD, data)) == data


@pytest.mark.parametrize("text", X1["strict_json"]["invalid"])
def test_the_invalid_vectors_are_refused(text: str) -> None:
    with pytest.raises(EnvelopeError):
        strict.parse(SCHEMAS[X1["strict_json"]["schema"]], text.encode())


@pytest.mark.parametrize(
    "text",
    [
        '{"name":"a", "size":1}',
        '{"size":1,"name":"a"}',
        '{"name":"a"}',
        '{"name":"a","size":1,"more":1}',
        '{"name":"a","name":"b","size":1}',
        '{"name":"a","size":1.0}',
        '{"name":"a","size":1e0}',
        '{"name":"a","size":01}',
        '{"name":"a","size":-0}',
        '{"name":"a","size":-1}',
        '{"name":"a","size":true}',
        '{"name":"a","size":null}',
        '{"name":"a","size":NaN}',
        '{"name":"a","size":Infinity}',
        '{"name":"a","size":"1"}',
        '{"name":"a","size":9007199254740992}',
        '{"name":1,"size":1}',
        '{"name":"\\u0061","size":1}',
        '{"name":"\\/","size":1}',
        '{"name":"\\n","size":1}',
        '{"name":"\\u0001","size":1}',
        '{"name":"\x7f","size":1}',
        '{"name":"\x9f","size":1}',
        '{"name":"\u202e","size":1}',
        '{"name":"\u2066","size":1}',
        '{"name":"\\ud800","size":1}',
        '{"name":"1234567890123","size":1}',
        '{"name":"一二三四五","size":1}',
        '\ufeff{"name":"a","size":1}',
        '{"name":"a","size":1}\n',
        "[]",
        '"a"',
        "",
    ],
)
def test_whatever_is_not_the_one_way_is_refused(text: str) -> None:
    with pytest.raises(EnvelopeError):
        strict.parse(NAME, text.encode())


@pytest.mark.parametrize("data", [b'{"name":"\xff","size":1}', b'{"name":"\xed\xa0\x80","size":1}', b"\xff\xfe"])
def test_bytes_that_are_not_utf8_are_refused(data: bytes) -> None:
    with pytest.raises(EnvelopeError):
        strict.parse(NAME, data)


def test_a_document_longer_than_its_limit_is_not_even_read() -> None:
    with pytest.raises(EnvelopeError, match="too_long"):
        strict.parse(NAME, b'{"name":"' + b"a" * 100)


def test_numbers_and_nesting_that_break_a_json_reader_are_refused() -> None:
    with pytest.raises(EnvelopeError):
        strict.read(b'{"a":' + b"9" * 5_000 + b"}", 10_000)
    with pytest.raises(EnvelopeError):
        strict.read(b'{"a":' + b"[" * 200_000, 300_000)


def test_writers_write_nfc_and_readers_do_not_ask() -> None:
    decomposed = {"name": "e\u0301", "size": 1}
    with pytest.raises(EnvelopeError, match="not_nfc"):
        strict.dump(NAME, decomposed)
    strict.parse(NAME, json.dumps(decomposed, ensure_ascii=False, separators=(",", ":")).encode())


@pytest.mark.parametrize("value", ["2026-02-30", "2026-2-03", "20260203", "2026-W01-1", "0000-01-01", "２026-01-01"])
def test_a_day_that_does_not_exist_is_refused(value: str) -> None:
    with pytest.raises(EnvelopeError):
        strict.day(value)


@pytest.mark.parametrize("value", ["2026-06-03T24:00Z", "2026-06-03T03:60Z", "2026-06-03T03:00", "2026-06-03 03:00Z"])
def test_a_minute_that_does_not_exist_is_refused(value: str) -> None:
    with pytest.raises(EnvelopeError):
        strict.minute(value)


def test_the_zones_day_begins_at_sixteen_utc() -> None:
    assert strict.zone_day("2026-06-03T15:59Z") == "2026-06-03"
    assert strict.zone_day("2026-06-03T16:00Z") == "2026-06-04"
    assert strict.zone_day("2026-06-03") == "2026-06-03"
    with pytest.raises(EnvelopeError):
        strict.minute("9999-12-31T16:00Z")
