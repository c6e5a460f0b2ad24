// Will a flight be late? A logistic model and a forest, asked before the aircraft leaves: flights_late.py in C++.
//
//   python examples/make_flights.py demo-output/data
//   build/release/examples/flights_late demo-output/data
//
// Both learn from four days out of five and are tested on the fifth, whole days, since the flights of one hour share
// their weather and their delays. A flight is late if it arrives more than a quarter of an hour behind its schedule.
#include <plait/ml.h>
#include <plait/plait.h>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

namespace {

using plait::Array;
using plait::DataFrame;
using plait::DType;
using plait::NdArray;
namespace ml = plait::ml;

const std::vector<std::string> kMeasured = {"hour",  "weekday",    "distance", "temp",
                                            "humid", "wind_speed", "precip",   "visib"};

DataFrame read(const std::string& folder) {
  const DataFrame flights =
      plait::read_csv(folder + "/flights-*.csv",
                      {.parse_dates = {"time_hour"},
                       .usecols = {"day", "arr_delay", "carrier", "origin", "distance", "hour", "time_hour"}});
  const DataFrame weather = plait::read_csv(
      folder + "/weather.csv", {.parse_dates = {"time_hour"},
                                .usecols = {"origin", "time_hour", "temp", "humid", "wind_speed", "precip", "visib"}});
  const DataFrame known = flights.merge(weather, {.on = {"origin", "time_hour"}}).dropna();
  return known.assign("weekday", known["time_hour"].dt().dayofweek())
      .assign("is_late", (known["arr_delay"] > 15).astype("int64"));
}

// What a model is asked with, and what it should have said.
struct Flights {
  Array measured, chosen, is_late;
};

// A column of ones and zeros for each carrier and each airport.
Flights as_arrays(DataFrame flights, const std::vector<std::pair<std::string, std::string>>& choices) {
  std::vector<std::string> columns = kMeasured;
  for (const auto& [column, value] : choices) {
    columns.push_back(column + "=" + value);
    flights = flights.assign(columns.back(), (flights[column] == value).astype("float64"));
  }
  columns.emplace_back("is_late");
  const Array all = plait::values_of(flights[columns]).with_known_chunks();
  const auto num_measured = static_cast<std::int64_t>(kMeasured.size());
  return {all[{plait::all, plait::slice(0, num_measured)}], all[{plait::all, plait::slice(num_measured, -1)}],
          all[{plait::all, -1}].astype(DType::int64)};
}

std::vector<std::pair<std::string, std::string>> choices_of(const DataFrame& flights) {
  std::vector<std::pair<std::string, std::string>> choices;
  for (const char* column : {"carrier", "origin"}) {
    std::vector<std::string> values = flights[column].unique().compute().to_strings();
    std::ranges::sort(values);
    for (std::string& value : values) choices.emplace_back(column, std::move(value));
  }
  return choices;
}

double number(const Array& lazy) { return lazy.astype(DType::float64).compute().item<double>(); }

// How good the answers are.
void report(const std::string& name, const Array& truth, const Array& answers) {
  const Array likely = plait::from_array(answers.compute());
  const Array both = plait::stack({1 - likely, likely}, 1);
  const NdArray losses = ml::log_loss_sums(truth, both, 1e-15).compute();
  const Array is_surest = likely >= plait::percentile(likely, 90);
  std::printf("%-15s %.3f right, log loss %.3f; of the tenth it finds likeliest, %.3f were late\n", name.c_str(),
              number(((likely > 0.5) == truth).mean()), losses.at<double>({0}) / losses.at<double>({1}),
              number((truth * is_surest).sum()) / number(is_surest.sum()));
}

void ask_all(const std::string& folder) {
  const DataFrame flights = read(folder).persist();
  const auto choices = choices_of(flights);
  const Flights train = as_arrays(flights[flights["day"] % 5 != 0], choices);
  const Flights test = as_arrays(flights[flights["day"] % 5 == 0], choices);
  const double share = number(train.is_late.mean());
  std::printf("%lld flights to learn from, %lld to be asked about; %.3f and %.3f of them late\n",
              static_cast<long long>(train.is_late.size()), static_cast<long long>(test.is_late.size()), share,
              number(test.is_late.mean()));

  const ml::ColumnMoments moments = ml::column_moments(train.measured);
  const auto features = [&](const Flights& of) {
    return plait::hstack({ml::standardized(of.measured, moments), of.chosen});
  };
  report("never late", test.is_late, plait::full(plait::Shape{test.is_late.size()}, share));
  const ml::GlmModel model =
      ml::fit_glm(features(train), train.is_late, {}, {.squared_penalty = 1, .penalty_per_sum = true});
  report("logistic model", test.is_late,
         ml::apply_linear(features(test), model.coefficients, model.intercepts, "probabilities")[{plait::all, 1}]);
  const ml::Forest forest = ml::grow_forest(
      features(train), train.is_late, {},
      {.classes = 2, .n_estimators = 40, .max_features = 5, .max_depth = 12, .min_samples_leaf = 20, .seed = 7});
  report("forest", test.is_late, ml::forest_values(features(test), forest)[{plait::all, 1}]);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    ask_all(argc > 1 ? argv[1] : "demo-output/data");
  } catch (const plait::Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
