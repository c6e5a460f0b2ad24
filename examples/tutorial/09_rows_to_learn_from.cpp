// From files to rows to learn from and rows to be tested by, on one scale.
#include <plait/ml.h>
#include <plait/plait.h>

#include <cstdint>
#include <iostream>

namespace {

// A parcel every two minutes; every third one leaves from the port, and the heavy ones take long.
plait::Table some_parcels(std::int64_t count) {
  plait::Table::Column sent{"sent", {}}, kg{"kg", {}}, depot{"depot", {}}, days{"days", {}};
  for (std::int64_t i = 0; i < count; ++i) {
    const auto weight = static_cast<double>(i * 37 % 100) / 5;
    sent.values.emplace_back(plait::Timestamp{1'709'510'400 + 120 * i, plait::TimeUnit::s, ""});
    kg.values.emplace_back(weight);
    depot.values.emplace_back(i % 3 == 0 ? std::string("port") : std::string("yard"));
    days.values.emplace_back(weight > 12 ? 4 + i % 2 : i % 4);
  }
  return plait::Table::from_columns({sent, kg, depot, days});
}

}  // namespace

int main() {
  plait::DataFrame::from_table(some_parcels(5'000), 4).to_csv("parcels_*.csv", {.index = false});

  const plait::DataFrame parcels = plait::read_csv("parcels_*.csv", {.parse_dates = {"sent"}});
  const plait::DataFrame features = parcels.assign("hour", parcels["sent"].dt().hour())
                                        .assign("is_port", (parcels["depot"] == "port").astype("int64"));
  const plait::Array rows = plait::values_of(features[{"kg", "hour", "is_port"}]).with_known_chunks();
  const plait::Array is_slow = plait::values_of((parcels["days"] > 3).astype("int64")).with_known_chunks();

  // The same seed, the same positions: rows and their answers stay together.
  const auto parts = plait::ml::split_rows({rows, is_slow}, {.seed = 9, .num_test = 1'000, .num_train = 4'000});
  const plait::Array &train = parts[0].train, &test = parts[0].test;
  std::cout << rows.shape()[0] << " rows: " << train.shape()[0] << " to learn from, " << test.shape()[0]
            << " for the test\n";

  const plait::ml::ColumnMoments moments = plait::ml::column_moments(train);
  std::cout << "means: " << moments.mean << "\ndeviations of the training rows, scaled: "
            << plait::round(plait::ml::standardized(train, moments).std(0), 6).compute() << '\n';
  std::cout << "slow parcels: " << plait::round(parts[1].train.mean(), 2).compute() << " of those, "
            << plait::round(parts[1].test.mean(), 2).compute() << " of the others\n";
}
