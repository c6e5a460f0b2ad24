"""A graph written by hand: keys to tasks, which name the keys that they take."""

from operator import add, mul

import plait
from plait.threaded import get

sums = {"x": 3, "y": 4, "square of x": (mul, "x", "x"), "square of y": (mul, "y", "y"), "sum": (add, "square of x", "square of y")}
print(f"3*3 + 4*4 = {get(sums, 'sum')}")
print(f"several at once: {get(sums, ['square of x', ['square of y', 'sum']])}")


def count(text):
    return len(text.split())


books = {f"book {i}": " ".join(["word"] * i * 100) for i in range(1, 4)}
counts = {f"words of {name}": (count, name) for name in books}
print(f"words of all books: {plait.get({**books, **counts, 'all': (sum, list(counts))}, 'all', scheduler='processes')}")
