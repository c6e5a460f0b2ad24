// Ordinary functions as tasks: what waits, waits at the same time.
#include <plait/plait.h>

#include <chrono>
#include <iostream>
#include <numeric>
#include <string>
#include <thread>
#include <vector>

int main() {
  const auto fetch = plait::delayed("fetch", [](int page) {
    std::this_thread::sleep_for(std::chrono::milliseconds(200));  // as a download would
    return std::string(static_cast<std::size_t>(page), 'w');
  });
  const auto count = plait::delayed("count", [](const std::string& text) { return static_cast<int>(text.size()); });
  const auto add = plait::delayed("add", [](int a, int b) { return a + b; });

  plait::Delayed<int> total(0);
  for (int page = 1; page <= 8; ++page) total = add(total, count(fetch(page)));
  std::cout << "nothing has been fetched yet\n";
  std::cout << total.compute({.num_workers = 8}) << " letters on 8 pages\n";
}
