"""The flights job: which flights out of New York were late in 2013, and what the weather and the planes had to do with it.

Each function takes the dataframe or array module to work with. Plait and Dask fit as they are; `PandasFrames` and
`NumPyArrays` give pandas and NumPy the two functions that they name differently.
"""

import glob

WEATHER = ["temp", "humid", "wind_speed", "precip", "visib"]


def delays(dd, folder):
    """Every question about the tables, as a dictionary of lazy results that share their work."""
    flights = dd.read_csv(f"{folder}/flights-*.csv", parse_dates=["time_hour"])
    planes = dd.read_csv(f"{folder}/planes.csv", usecols=["tailnum", "manufacturer", "seats"])
    weekday = flights.assign(weekday=flights.time_hour.dt.dayofweek)
    with_planes = flights.merge(planes, on="tailnum")
    with_weather = join_weather(dd, flights, folder)
    rain = with_weather.assign(rain=with_weather.precip > 0)
    return {
        "delays by carrier": flights.groupby("carrier").agg(
            {"dep_delay": ["mean", "count"], "arr_delay": ["mean", "max"]}
        ),
        "late flights by month": flights[flights.dep_delay > 60].groupby("month").agg({"dep_delay": ["mean", "count"]}),
        "delays by weekday": weekday.groupby("weekday")[["dep_delay", "arr_delay"]].mean(),
        "the worst days": flights.groupby(["month", "day"])["dep_delay"].mean().nlargest(5),
        "delays by maker of the plane": with_planes.groupby("manufacturer").agg(
            {"arr_delay": ["mean", "count"], "seats": ["mean"]}
        ),
        "delays with and without rain": rain.groupby(["origin", "rain"])["dep_delay"].mean(),
        "the busiest routes": flights.groupby(["origin", "dest"]).size().nlargest(10),
    }


def join_weather(dd, flights, folder):
    """Each flight with the weather at its airport in the hour of its departure."""
    weather = dd.read_csv(
        f"{folder}/weather.csv", usecols=["origin", "time_hour", *WEATHER], parse_dates=["time_hour"]
    )
    return flights.merge(weather, on=["origin", "time_hour"])


def measurements(dd, folder):
    """One row a flight: its delay and the weather."""
    flights = dd.read_csv(
        f"{folder}/flights-*.csv", usecols=["origin", "dep_delay", "time_hour"], parse_dates=["time_hour"]
    )
    return join_weather(dd, flights, folder)[["dep_delay", *WEATHER]]


def correlation(da, table):
    """The correlation of every column of a NumPy array with every other, as an array job over blocks of rows."""
    x = da.from_array(table, chunks=(50_000, table.shape[1]))
    z = (x - x.mean(axis=0)) / x.std(axis=0)
    return z.T @ z / len(table)


class PandasFrames:
    """pandas behind the same name: it reads one file at a time."""

    @staticmethod
    def read_csv(pattern, **options):
        import pandas

        return pandas.concat([pandas.read_csv(name, **options) for name in sorted(glob.glob(pattern))], ignore_index=True)


class NumPyArrays:
    """NumPy behind the same name: an array is an array."""

    @staticmethod
    def from_array(array, chunks):
        return array
