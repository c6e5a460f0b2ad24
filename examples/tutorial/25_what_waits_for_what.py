"""Tasks in the order of what they need: two that wait for nobody, one that waits for both, one for that."""

import time

from plait import delayed

order = []


@delayed
def measure(place):
    time.sleep(0.3)
    order.append(place)
    return len(place)


@delayed
def add(first, second):
    order.append("sum")
    return first + second


@delayed
def doubled(number):
    order.append("double")
    return 2 * number


result = doubled(add(measure("north"), measure("south-east")))
result.visualize("what_waits_for_what.svg")
start = time.perf_counter()
print(f"2 * (5 + 10) = {result.compute(num_workers=2)}")
print(f"{sorted(order[:2])} side by side, then {order[2:]}: {time.perf_counter() - start < 0.55}")
