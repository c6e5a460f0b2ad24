"""Ordinary functions as tasks: what waits, waits at the same time."""

import time

import plait
from plait import delayed


def fetch(page):
    time.sleep(0.2)  # as a download would
    return f"page {page} has " + "word " * page


@delayed
def count(text):
    return len(text.split())


start = time.perf_counter()
texts = [delayed(fetch)(page) for page in range(1, 9)]
total = delayed(sum)([count(text) for text in texts])
print(f"{type(total).__name__}: nothing has been fetched after {time.perf_counter() - start:.1f} s")

longest = delayed(max)(texts, key=len)
words, text = plait.compute(total, longest, num_workers=8)
print(f"{words} words on 8 pages; the longest begins with {text[:6]!r}")
print("each page was fetched once, all of them side by side:", time.perf_counter() - start < 1.2)
