"""Prints the expected checksums of src/kernels/array/random/random_test.cpp, drawn by NumPy itself.

    python tests/random/expected_draws.py > src/kernels/array/random/expected_draws.h

Run it again when a distribution is added, or with a new NumPy: the difference shows whether NumPy's streams changed.
"""

import warnings

import numpy as np

NUM_DRAWS = 10007
SEED = 7

SCALAR = {
    "random": [[]],
    "uniform": [[], [-3.5, 12.25]],
    "standard_normal": [[]],
    "normal": [[1.5, 0.25]],
    "lognormal": [[0.1, 0.7]],
    "standard_exponential": [[]],
    "exponential": [[2.5]],
    "standard_gamma": [[0.3], [1.0], [4.5]],
    "gamma": [[0.5, 3.0], [7.0, 0.5]],
    "beta": [[0.5, 0.4], [2.0, 3.0]],
    "chisquare": [[1.0], [5.5]],
    "noncentral_chisquare": [[0.7, 2.0], [3.0, 1.5], [3.0, 0.0]],
    "f": [[3.0, 7.0]],
    "noncentral_f": [[3.0, 7.0, 1.2]],
    "standard_cauchy": [[]],
    "standard_t": [[4.0]],
    "pareto": [[3.0]],
    "weibull": [[1.7]],
    "power": [[2.2]],
    "laplace": [[0.5, 2.0]],
    "gumbel": [[0.5, 2.0]],
    "logistic": [[0.5, 2.0]],
    "rayleigh": [[1.5]],
    "wald": [[2.0, 3.0]],
    "vonmises": [[0.5, 4.0], [1.0, 1e-6], [2.0, 2e6]],
    "triangular": [[-1.0, 0.5, 3.0]],
    "poisson": [[3.0], [50.0]],
    "binomial": [[10, 0.3], [1000, 0.4], [1000, 0.8]],
    "negative_binomial": [[5.0, 0.3]],
    "geometric": [[0.2], [0.6]],
    "hypergeometric": [[20, 30, 8], [40, 30, 25], [30, 40, 60]],
    "logseries": [[0.4], [0.99]],
    "zipf": [[2.5]],
    "tomaxint": [[]],
    "multinomial": [[20, 0.2, 0.3, 0.5]],
    "multivariate_hypergeometric": [[12, 10, 20, 30]],
}
SINGLE = {"random": [], "standard_normal": [], "standard_exponential": [], "standard_gamma": [2.5]}
INTEGERS = [
    ("int64", -5, 10), ("int64", 0, 2**40), ("int64", -(2**63), 2**63), ("int64", 0, 2**32), ("uint64", 5, 2**64),
    ("int32", -1000, 1000), ("uint32", 0, 2**32), ("int16", -300, 300), ("uint16", 0, 2**16), ("int8", -100, 28),
    ("uint8", 0, 256), ("bool", 0, 2), ("int64", 3, 4), ("int8", 3, 4),
]


def checksum(drawn):
    """The items' bits as whole numbers, weighted by 1, 3, 5, ... and summed modulo 2^64."""
    drawn = np.ascontiguousarray(drawn).ravel()
    bits = drawn.view(f"u{drawn.itemsize}").astype("u8")
    with np.errstate(over="ignore"):
        return int((bits * (2 * np.arange(bits.size, dtype="u8") + 1)).sum(dtype="u8"))


def generator():
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(SEED).spawn(3)[2]))


def random_state():
    words = np.frombuffer(np.random.RandomState(SEED).bytes(624 * 3 * 4), "<u4").reshape(3, 624)
    return np.random.RandomState(words[2])


def drawn_checksum(source, name, *arguments, **options):
    draw = getattr(source, name if name != "random" or isinstance(source, np.random.Generator) else "random_sample", None)
    if draw is None:
        return 0
    return checksum(draw(*arguments, size=NUM_DRAWS, **options))


def row_arguments(name, parameters):
    if name == "multinomial":
        return [int(parameters[0]), parameters[1:]]
    if name == "multivariate_hypergeometric":
        return [[int(p) for p in parameters[1:]], int(parameters[0])]
    return parameters


def literal(number):
    if number >= 2**63:
        return f"int128{{{number - 1}u}} + 1"
    return f"int128{{{number + 1}}} - 1" if number < 0 else str(number)


def main():
    print("// Made by tests/random/expected_draws.py; not to be edited.")
    print(f"// NumPy {np.__version__}: checksums of {NUM_DRAWS} draws with seed {SEED}, block 2 of 3; 0 where NumPy has no such draw.")
    print("#pragma once\n")
    print("inline const ExpectedDraws kExpectedDraws[] = {")
    for name, cases in SCALAR.items():
        for parameters in cases:
            arguments = row_arguments(name, parameters)
            sums = [drawn_checksum(source, name, *arguments) for source in (generator(), random_state())]
            print(f'    {{"{name}", {{{", ".join(map(str, parameters))}}}, {sums[0]}u, {sums[1]}u}},')
    print("};\n\ninline const ExpectedDraws kExpectedSingles[] = {")
    for name, parameters in SINGLE.items():
        print(f'    {{"{name}", {{{", ".join(map(str, parameters))}}}, {drawn_checksum(generator(), name, *parameters, dtype="f4")}u, 0}},')
    inverse = checksum(generator().standard_exponential(NUM_DRAWS, method="inv", dtype="f4"))
    print(f'    {{"standard_exponential_inverse", {{}}, {inverse}u, 0}},')
    print("};\n\ninline const ExpectedIntegers kExpectedIntegers[] = {")
    for dtype, low, high in INTEGERS:
        scaled = drawn_checksum(generator(), "integers", low, high, dtype=dtype)
        masked = drawn_checksum(random_state(), "randint", low, high, dtype=dtype)
        print(f'    {{"{dtype}", {literal(low)}, {literal(high)}, {scaled}u, {masked}u}},')
    print("};")


if __name__ == "__main__":
    warnings.simplefilter("error")
    main()
