// Ordinary functions as tasks: counts primes in pieces, on threads and in worker processes.
//
//   build/dev/examples/delayed 1000000
#include <plait/plait.h>

#include <cstdlib>
#include <iostream>
#include <string>
#include <vector>

namespace {

bool is_prime(long number) {
  for (long divisor = 2; divisor * divisor <= number; ++divisor) {
    if (number % divisor == 0) return false;
  }
  return number > 1;
}

// Registered by name, so that worker processes have it, too.
const auto count_primes = plait::register_function<long, long>("count_primes", [](long begin, long end) {
  long count = 0;
  for (long number = begin; number < end; ++number) count += is_prime(number) ? 1 : 0;
  return count;
});

const auto add = plait::register_function<long, long>("add", [](long a, long b) { return a + b; });

// Nothing runs here: the calls are noted.
plait::Delayed<long> primes_below(long end, long num_pieces) {
  const auto count = plait::delayed(count_primes);
  const auto sum = plait::delayed(add);
  plait::Delayed<long> total(0);
  for (long piece = 0; piece < num_pieces; ++piece)
    total = sum(total, count(end * piece / num_pieces, end * (piece + 1) / num_pieces));
  return total;
}

}  // namespace

int main(int argc, char** argv) {
  plait::init(argc, argv);  // worker processes start here
  const long end = argc > 1 ? std::atol(argv[1]) : 100'000;
  const auto primes = primes_below(end, 16);
  const auto share = plait::delayed("share", [end](long count) { return double(count) / double(end); });

  const auto [count, part, total] = plait::compute(primes, share(primes), plait::arange(end).sum());
  std::cout << count << " primes below " << end << ", a share of " << part << "; all numbers add up to " << total
            << '\n';
  std::cout << "in worker processes: " << primes.compute({.scheduler = "processes"}) << '\n';
}
