"""A bag: items of any kind, here the lines of a log, each a record in JSON."""

import json
import random

import plait.bag as db

random.seed(7)
with open("visits.json", "w") as file:
    for i in range(5000):
        visit = {"page": random.choice(["home", "search", "basket"]), "seconds": random.randrange(120), "at": f"{i % 24:02}:{i % 60:02}"}
        print(json.dumps(visit), file=file)

visits = db.read_text("visits.json", blocksize="64kB").map(json.loads)
print(f"{visits.npartitions} partitions")

pages = dict(visits.pluck("page").frequencies().compute())
print("visits:", " ".join(f"{page}={pages[page]}" for page in sorted(pages)))

long = visits.filter(lambda visit: visit["seconds"] >= 90)
print(f"{long.count().compute()} stayed for a minute and a half, {long.pluck('seconds').mean().compute():.0f} s on average")

by_hour = visits.foldby(lambda visit: visit["at"][:2], lambda most, visit: max(most, visit["seconds"]), 0, max, 0)
print(f"{by_hour.count().compute()} hours; the longest visit at eight: {dict(by_hour.compute())['08']} s")

frame = visits.to_dataframe(meta={"page": str, "seconds": int, "at": str})
print(f"as a frame: {frame.groupby('page').seconds.max().compute().max()} s at most")
