"""The demo: a year of flights out of New York, analysed with Plait and compared with pandas and Dask.

    python examples/make_flights.py demo-output/data
    python examples/flights.py demo-output              # reads demo-output/data, writes its pictures to demo-output
"""

import pathlib
import sys

import flights_job
import flights_systems

import plait
import plait.array as da
import plait.dataframe as dd
from plait.diagnostics import ProgressBar


def show(name, answer):
    print(f"\n{name.capitalize()}\n{answer}")


def draw_graph(question, path):
    question.visualize(str(path))
    print(f"\nThe task graph of 'delays by carrier': {path}")


def plot_months(by_month, path):
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    by_month = by_month.sort_index()
    figure, axes = pyplot.subplots(figsize=(7, 3.5), layout="constrained")
    axes.bar(by_month.index, by_month[("dep_delay", "count")], color="#4477aa")
    axes.set(title="Flights out of New York that left more than an hour late, 2013", xlabel="month", ylabel="flights")
    axes.set_xticks(by_month.index)
    figure.savefig(path, dpi=120)
    print(f"The late flights of each month: {path}")


def main():
    output = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "demo-output")
    folder = output / "data"

    questions = flights_job.delays(dd, folder)
    table = flights_job.measurements(dd, folder)
    with ProgressBar():
        *answers, table = plait.compute(*questions.values(), table)
    answers = dict(zip(questions, answers))
    for name, answer in answers.items():
        show(name, answer)

    matrix = flights_job.correlation(da, table.dropna().to_numpy())
    show("an array job", matrix)
    for column, value in zip(table.columns, matrix.compute()[0]):
        print(f"  delay and {column:12} {value:+.3f}")

    draw_graph(questions["delays by carrier"], output / "flights-graph.svg")
    plot_months(answers["late flights by month"], output / "late-flights.png")

    different = flights_systems.race(folder)
    if different:
        sys.exit(f"These answers differ from those of pandas: {different}")


if __name__ == "__main__":
    main()
