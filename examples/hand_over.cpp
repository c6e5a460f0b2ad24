// One program says what is to be computed, another computes it: plans as files, between C++ and Python.
//
//   build/dev/examples/hand_over write scores.plan       (in Python: plait.save_plan("scores.plan", means, totals))
//   build/dev/examples/hand_over compute scores.plan     (in Python: means, totals = plait.load_plan("scores.plan"))
#include <plait/plait.h>

#include <iostream>
#include <string>

namespace {

void write(const std::string& path) {
  const plait::Array numbers = plait::arange(12, plait::chunks(5)).reshape({3, 4});
  const plait::Array means = (numbers * 2 + 1).mean(0);
  const plait::Table scores({{"team", {"red", "blue", "red", "green"}}, {"points", {3, 5, 4, 1}}});
  const plait::DataFrame frame = plait::DataFrame::from_table(scores, 2);
  plait::save_plan(path, means, frame[frame["points"] > 2].groupby("team").sum());
}

void compute(const std::string& path) {
  const auto [means, totals] = plait::load_plan<plait::Array, plait::DataFrame>(path);
  std::cout << means.compute() << '\n' << totals.compute() << '\n';
}

}  // namespace

int main(int argc, char** argv) {
  const std::string what = argc == 3 ? argv[1] : "";
  if (what != "write" && what != "compute") {
    std::cerr << "usage: hand_over write|compute FILE\n";
    return 2;
  }
  try {
    what == "write" ? write(argv[2]) : compute(argv[2]);
  } catch (const plait::Error& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
  return 0;
}
