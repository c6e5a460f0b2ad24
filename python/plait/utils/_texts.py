"""Sizes, times, keys and names as text, and back."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from numbers import Number
from typing import Any

_BYTES = {"": 1, "b": 1}
for _power, _letter in enumerate("kmgtp", start=1):
    _BYTES[_letter] = _BYTES[_letter + "b"] = 1000**_power
    _BYTES[_letter + "i"] = _BYTES[_letter + "ib"] = 1024**_power
byte_sizes = _BYTES

_SECONDS = {
    ("w", "week", "weeks"): 7 * 86400,
    ("d", "day", "days"): 86400,
    ("h", "hour", "hours"): 3600,
    ("m", "minute", "minutes"): 60,
    ("s", "second", "seconds"): 1,
    ("ms", "millisecond", "milliseconds"): 1e-3,
    ("us", "microsecond", "microseconds"): 1e-6,
    ("ns", "nanosecond", "nanoseconds"): 1e-9,
}
timedelta_sizes = {name: seconds for names, seconds in _SECONDS.items() for name in names}


def _number_and_unit(text: str) -> tuple[str, str]:
    """A text such as ``"1.5 kB"`` as its number (1, if there is none) and the letters behind it."""
    text = text.replace(" ", "")
    unit = re.search(r"[^\W\d_]*$", text)
    letters = unit.group() if unit else ""
    return text[: len(text) - len(letters)] or "1", letters


def parse_bytes(s: float | str) -> int:
    """The number of bytes that a text such as ``"10MB"`` (10**7) or ``"10MiB"`` (10 * 2**20) says.

    Raises
    ------
    ValueError
        If the text is not a size.

    Examples
    --------
    >>> plait.utils.parse_bytes("5.4 kB"), plait.utils.parse_bytes("1kiB"), plait.utils.parse_bytes("MB")
    (5400, 1024, 1000000)
    """
    if isinstance(s, (int, float)):
        return int(s)
    number, unit = _number_and_unit(s)
    try:
        count = float(number)
    except ValueError:
        raise ValueError(f"parse_bytes: {s!r} is not a size: '{number}' is not a number; expected one such as '100 MB' or '2GiB'") from None
    if unit.lower() not in _BYTES:
        raise ValueError(f"parse_bytes: {s!r} is not a size: '{unit}' is not a unit of bytes; expected one such as kB, MB, GiB")
    return int(count * _BYTES[unit.lower()])


def format_bytes(n: float) -> str:
    """A number of bytes as text with a fitting unit.

    Examples
    --------
    >>> plait.utils.format_bytes(12345678), plait.utils.format_bytes(1)
    ('11.77 MiB', '1 B')
    """
    for power, prefix in ((5, "Pi"), (4, "Ti"), (3, "Gi"), (2, "Mi"), (1, "ki")):
        if n >= 0.9 * 1024**power:
            return f"{n / 1024**power:.2f} {prefix}B"
    return f"{n} B"


def memory_repr(num: float) -> str:
    """A number of bytes as text, with one digit behind the point: ``"1.5 KB"`` are 1536."""
    for unit in ("bytes", "KB", "MB", "GB"):
        if num < 1024:
            return f"{num:.1f} {unit}"
        num /= 1024
    return f"{num:.1f} TB"


def parse_timedelta(s: Any, default: str | bool = "seconds") -> float | None:
    """The seconds that a text such as ``"3.5 seconds"`` or ``"300ms"`` says.

    Parameters
    ----------
    s : str, float, timedelta or None
        None stays None.
    default : str or False
        The unit of what has none; False refuses it.

    Raises
    ------
    ValueError
        If the text has no number, or no unit where ``default`` is False.
    KeyError
        If the unit is not one of time.

    Examples
    --------
    >>> plait.utils.parse_timedelta("300ms"), plait.utils.parse_timedelta("2 minutes")
    (0.3, 120)
    """
    if s is None:
        return None
    if isinstance(s, timedelta):
        seconds = s.total_seconds()
    else:
        number, unit = _number_and_unit(str(s) if isinstance(s, Number) else s)
        wanted = unit or default
        if wanted is False:
            raise ValueError(f"parse_timedelta: {s!r} has no unit; expected one such as 's', 'ms' or 'minutes'")
        if not isinstance(wanted, str):
            raise TypeError(f"parse_timedelta: default is {default!r}, expected the name of a unit or False")
        if wanted.lower() not in timedelta_sizes:
            raise KeyError(f"parse_timedelta: '{wanted}' is not a unit of time; expected one of {', '.join(timedelta_sizes)}")
        seconds = float(number) * timedelta_sizes[wanted.lower()]
    return int(seconds) if int(seconds) == seconds else seconds


def format_time(n: float) -> str:
    """A number of seconds as text with fitting units.

    Examples
    --------
    >>> plait.utils.format_time(0.001234), plait.utils.format_time(123.456), plait.utils.format_time(12345.67)
    ('1.23 ms', '123.46 s', '3hr 25m')
    """
    minutes, seconds = divmod(int(n), 60)
    hours, minutes_left = divmod(minutes, 60)
    days, hours_left = divmod(hours, 24)
    if n > 2 * 86400:
        return f"{days}d {hours_left}hr"
    if n > 2 * 3600:
        return f"{hours}hr {minutes_left}m"
    if n > 600:
        return f"{minutes}m {seconds}s"
    if n >= 1:
        return f"{n:.2f} s"
    return f"{n * 1e3:.2f} ms" if n >= 1e-3 else f"{n * 1e6:.2f} us"


def format_time_ago(n: datetime) -> str:
    """How long ago a moment was, in the largest unit that fits: ``"3 hours ago"``; ``"Just now"`` if it is less than a minute."""
    past = datetime.now() - n
    days = past.days
    counts = (
        ("year", days / 365),
        ("month", days / 30.436875),
        ("week", days / 7),
        ("day", days),
        ("hour", past.seconds / 3600),
        ("minute", past.seconds % 3600 / 60),
    )
    for unit, count in counts:
        if int(count) > 0:
            return f"{maybe_pluralize(int(count), unit)} ago"
    return "Just now"


def maybe_pluralize(count: float, noun: str, plural_form: str | None = None) -> str:
    """A count with its noun: ``"1 task"``, ``"2 tasks"``."""
    return f"{count} {noun}" if count == 1 else f"{count} {plural_form or noun + 's'}"


def natural_sort_key(s: str) -> list[str | int]:
    """A key by which texts sort as people number them: f2 before f10.

    Examples
    --------
    >>> sorted(["f10", "f2", "f1"], key=plait.utils.natural_sort_key)
    ['f1', 'f2', 'f10']
    """
    return [int(part) if part.isdigit() else part for part in re.split(r"(\d+)", s)]


def key_split(s: Any) -> str:
    """The name in a task's key, without tokens and numbers.

    Examples
    --------
    >>> plait.utils.key_split(("hello-world-1", 0)), plait.utils.key_split("x-abcdefab")
    ('hello-world', 'x')
    """
    while type(s) is tuple and s:
        s = s[0]
    if type(s) is bytes:
        try:
            s = s.decode()
        except UnicodeDecodeError:
            return "Other"
    if not isinstance(s, str) or not s:
        return "Other"
    first, *others = s.split("-")
    if not first:
        return "Other"
    name = first if first[0].isalpha() else first.split(",")[0].strip("_'()\"")
    for word in others:
        if not word.isalpha() or (len(word) == 8 and word[0] in "abcdef"):
            break
        name += f"-{word}"
    if re.fullmatch(r"[a-f0-9]{32}", name):
        return "data"
    if name.startswith("<"):
        return name.strip("<>").split()[0].split(".")[-1]
    return name or "Other"


def stringify(obj: Any, exclusive: Iterable | None = None) -> Any:
    """An object as text; with ``exclusive``, a copy of lists, tuples and dicts in which only those values are texts.

    Examples
    --------
    >>> plait.utils.stringify([("a", 0), ("b", 1)], exclusive={("a", 0)})
    ["('a', 0)", ('b', 1)]
    """
    if type(obj) in (str, bytes):
        return obj
    if exclusive is None:
        return str(obj)
    if type(obj) is list:
        return [stringify(each, exclusive) for each in obj]
    if type(obj) is dict:
        return {key: stringify(value, exclusive) for key, value in obj.items()}
    try:
        if obj in exclusive:  # type: ignore[operator]
            return str(obj)
    except TypeError:
        pass  # what cannot be hashed is none of them
    return tuple(stringify(each, exclusive) for each in obj) if type(obj) is tuple else obj


def asciitable(columns: Iterable, rows: Iterable[Iterable]) -> str:
    """A table as text, with a frame of ``+``, ``-`` and ``|``."""
    head = [str(each) for each in columns]
    body = [[str(each) for each in row] for row in rows]
    widths = [max(len(line[place]) for line in [head, *body]) for place in range(len(head))]
    bar = "+" + "+".join("-" * (width + 2) for width in widths) + "+"

    def line(cells: list[str]) -> str:
        return "|" + "".join(f" {cell:<{width}} |" for cell, width in zip(cells, widths, strict=True))

    return "\n".join([bar, line(head), bar, *(line(row) for row in body), bar])


def put_lines(buf: Any, lines: Iterable) -> None:
    """Write lines into a file-like object, without a line break behind the last one."""
    buf.write("\n".join(map(str, lines)))


def ensure_bytes(s: Any) -> bytes:
    """Text, or an object that holds bytes, as bytes.

    Raises
    ------
    TypeError
        If it is neither.
    """
    if isinstance(s, bytes):
        return s
    if hasattr(s, "encode"):
        return s.encode()
    try:
        return bytes(s)
    except Exception as error:
        raise TypeError(f"Object {s} is neither a bytes object nor can be encoded to bytes") from error


def ensure_unicode(s: Any) -> str:
    """Bytes, or an object that holds bytes, as text.

    Raises
    ------
    TypeError
        If it is neither text nor bytes.
    """
    if isinstance(s, str):
        return s
    try:
        return s.decode() if hasattr(s, "decode") else bytes(memoryview(s)).decode()
    except Exception as error:
        raise TypeError(f"Object {s} is neither a str object nor can be decoded to str") from error
