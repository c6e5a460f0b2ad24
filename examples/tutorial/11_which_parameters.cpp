// A search: which parameters predict best what they have not seen?
#include <plait/ml.h>
#include <plait/plait.h>

#include <algorithm>
#include <iostream>
#include <string>
#include <vector>

namespace {

constexpr std::int64_t kRows = 3'000, kFolds = 3;

struct Candidate {
  double strength;  // of the penalty: 1 / C
  bool is_absolute;
};

// All rows but those from `begin` up to `end`.
plait::Array without(const plait::Array& rows, std::int64_t begin, std::int64_t end) {
  return plait::concatenate({rows[{plait::slice(0, begin)}], rows[{plait::slice(end, {})}]});
}

// The share of right answers about one fold of the rows, of a model of the others.
double score(const plait::NdArray& x, const plait::NdArray& y, const Candidate& candidate, std::int64_t fold) {
  const plait::Array rows = plait::from_array(x), truth = plait::from_array(y);
  const std::int64_t begin = kRows / kFolds * fold, end = begin + kRows / kFolds;
  const plait::ml::GlmOptions how{.squared_penalty = candidate.is_absolute ? 0 : candidate.strength,
                                  .absolute_penalty = candidate.is_absolute ? candidate.strength : 0,
                                  .penalty_per_sum = true};
  const plait::ml::GlmModel model =
      plait::ml::fit_glm(without(rows, begin, end), without(truth, begin, end), {}, how, {.scheduler = "sync"});
  const plait::Array said = plait::ml::apply_linear(rows[{plait::slice(begin, end)}], model.coefficients,
                                                    model.intercepts, "labels", plait::array("[0, 1]"));
  return (said == truth[{plait::slice(begin, end)}]).mean().compute({.scheduler = "sync"}).item<double>();
}

double mean(const plait::Values<double>& scores) {
  double sum = 0;
  for (const double each : scores) sum += each;
  return sum / static_cast<double>(scores.size());
}

}  // namespace

int main() {
  auto numbers = plait::random::default_rng(11);
  const plait::Array measured = numbers.normal(0, 1, plait::Shape{kRows, 8}).persist();
  const plait::Array noise = numbers.normal(0, 0.5, plait::Shape{kRows});
  const plait::Array is_ripe =
      (measured[{plait::all, 0}] - measured[{plait::all, 1}] + noise > 0).astype(plait::DType::int64);

  // Every fit is a task, so that they run side by side.
  const auto scored = plait::delayed(score);
  const auto averaged = plait::delayed(mean);
  std::vector<Candidate> candidates;
  std::vector<plait::Delayed<double>> scores;
  for (const double c : {0.0003, 0.01, 1.0}) {
    for (const bool is_absolute : {true, false}) {
      const Candidate& candidate = candidates.emplace_back(1 / c, is_absolute);
      std::vector<plait::Delayed<double>> folds;
      for (std::int64_t fold = 0; fold < kFolds; ++fold) folds.push_back(scored(measured, is_ripe, candidate, fold));
      scores.push_back(averaged(folds));
    }
  }
  const std::vector<double> found = plait::compute(scores);
  for (std::size_t i = 0; i < found.size(); ++i)
    std::cout << "C=" << 1 / candidates[i].strength << ' ' << (candidates[i].is_absolute ? "l1" : "l2") << ": "
              << found[i] << '\n';
  const auto best = std::ranges::max_element(found) - found.begin();
  std::cout << found.size() << " candidates; the best: C=" << 1 / candidates[static_cast<std::size_t>(best)].strength
            << '\n';
}
