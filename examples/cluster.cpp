// A cluster on this machine: worker processes, calls with futures, and a collection computed on it.
//
//   build/release/examples/cluster
#include <plait/plait.h>

#include <algorithm>
#include <cstdint>
#include <iostream>
#include <vector>

// Workers are this program, started again: they know functions by their names.
static const auto simulate = plait::register_function<int>("simulate", [](int seed) {
  std::vector<double> path = {0.0};
  std::uint64_t state = static_cast<std::uint64_t>(seed) * 2 + 1;
  for (int step = 0; step < 100'000; ++step) {
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    path.push_back(path.back() + ((state >> 63) != 0 ? 1.0 : -1.0));
  }
  return path;
});
static const auto highest = plait::register_function<std::vector<double>>(
    "highest", [](const std::vector<double>& path) { return *std::max_element(path.begin(), path.end()); });
static const auto larger =
    plait::register_function<double, double>("larger", [](double a, double b) { return std::max(a, b); });

int main(int argc, char** argv) {
  plait::init(argc, argv);  // in a worker, this works and never returns
  plait::LocalCluster cluster({.n_workers = 2});
  plait::Client client(cluster);

  // A path stays on the worker that has made it; only its highest point comes here.
  std::vector<plait::ClusterFuture<double>> peaks;
  for (int seed = 1; seed <= 20; ++seed) peaks.push_back(client.submit(highest, client.submit(simulate, seed)));
  plait::ClusterFuture<double> best = peaks[0];
  for (const auto& peak : peaks) best = client.submit(larger, best, peak);
  std::cout << "highest of 20 paths: " << best.result() << "\n";

  // A worker that dies is started again, and what it held is made again.
  const plait::Array x = plait::arange(1'000'000, plait::chunks(100'000));
  std::cout << "sum: " << x.sum().compute({.scheduler = "cluster"}) << "\n";
}
