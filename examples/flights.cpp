// The demo in C++: a year of flights out of New York, the job of flights_job.py.
//
//   python examples/make_flights.py demo-output/data
//   build/release/examples/flights demo-output/data
#include <plait/plait.h>

#include <chrono>
#include <cstdint>
#include <iostream>
#include <string>
#include <vector>

namespace {

using plait::DataFrame;
using plait::NdArray;
using plait::Table;

const std::vector<std::string> kMeasured = {"dep_delay", "temp", "humid", "wind_speed", "precip", "visib"};

DataFrame read_flights(const std::string& folder) {
  return plait::read_csv(folder + "/flights-*.csv", {.parse_dates = {"time_hour"}});
}

// Each flight with the weather at its airport in the hour of its departure.
DataFrame with_weather(const DataFrame& flights, const std::string& folder) {
  const DataFrame weather = plait::read_csv(folder + "/weather.csv", {.parse_dates = {"time_hour"}});
  const DataFrame wanted = weather[{"origin", "time_hour", "temp", "humid", "wind_speed", "precip", "visib"}];
  return flights.merge(wanted, {.on = {"origin", "time_hour"}});
}

Table delays_by_carrier(const DataFrame& flights) {
  return flights.groupby("carrier").agg({{"dep_delay", {"mean", "count"}}, {"arr_delay", {"mean", "max"}}}).compute();
}

Table late_flights_by_month(const DataFrame& flights) {
  return flights[flights["dep_delay"] > 60].groupby("month").agg({{"dep_delay", {"mean", "count"}}}).compute();
}

Table delays_by_weekday(const DataFrame& flights) {
  const DataFrame dated = flights.assign("weekday", flights["time_hour"].dt().dayofweek());
  return dated.groupby("weekday")[{"dep_delay", "arr_delay"}].mean().compute();
}

Table the_worst_days(const DataFrame& flights) {
  return flights.groupby({"month", "day"})["dep_delay"].mean().nlargest(5, {"dep_delay"}).compute();
}

Table delays_by_maker(const DataFrame& flights, const std::string& folder) {
  const DataFrame planes = plait::read_csv(folder + "/planes.csv", {.usecols = {"tailnum", "manufacturer", "seats"}});
  const DataFrame joined = flights.merge(planes, {.on = {"tailnum"}});
  return joined.groupby("manufacturer").agg({{"arr_delay", {"mean", "count"}}, {"seats", {"mean"}}}).compute();
}

Table delays_with_and_without_rain(const DataFrame& flights, const std::string& folder) {
  const DataFrame joined = with_weather(flights, folder);
  return joined.assign("rain", joined["precip"] > 0).groupby({"origin", "rain"})["dep_delay"].mean().compute();
}

Table the_busiest_routes(const DataFrame& flights) {
  return flights.groupby({"origin", "dest"}).size().nlargest(10).compute();
}

// The named columns side by side: one row a flight.
NdArray matrix(const Table& table, const std::vector<std::string>& names) {
  NdArray out = NdArray::empty(plait::DType::float64, {table.num_rows(), static_cast<std::int64_t>(names.size())});
  for (std::size_t i = 0; i < names.size(); ++i) {
    const NdArray column = table.column(names[i]).as_ndarray().astype(plait::DType::float64);
    out.sliced(1, static_cast<std::int64_t>(i), 1).assign(column.reshaped({table.num_rows(), 1}));
  }
  return out;
}

// The correlation of every measured column with every other, as an array job over blocks of rows.
NdArray correlation(const DataFrame& flights, const std::string& folder) {
  const Table table = with_weather(flights, folder)[kMeasured].dropna().compute();
  const auto x = plait::from_array(matrix(table, kMeasured), plait::chunks({50'000, -1}));
  const auto z = (x - x.mean(0)) / x.std(0);
  return (plait::matmul(z.transpose(), z) / static_cast<double>(table.num_rows())).compute();
}

template <class Answer>
void show(const std::string& title, const Answer& answer) {
  std::cout << '\n' << title << '\n' << answer << '\n';
}

void answer_all(const std::string& folder) {
  const DataFrame flights = read_flights(folder);
  show("Delays by carrier", delays_by_carrier(flights));
  show("Late flights by month", late_flights_by_month(flights));
  show("Delays by weekday", delays_by_weekday(flights));
  show("The worst days", the_worst_days(flights));
  show("Delays by maker of the plane", delays_by_maker(flights, folder));
  show("Delays with and without rain", delays_with_and_without_rain(flights, folder));
  show("The busiest routes", the_busiest_routes(flights));
  show("Correlation of delay, temperature, humidity, wind, rain and visibility", correlation(flights, folder));
}

}  // namespace

int main(int argc, char** argv) {
  const std::string folder = argc > 1 ? argv[1] : "demo-output/data";
  const auto start = std::chrono::steady_clock::now();
  try {
    answer_all(folder);
  } catch (const plait::Error& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
  std::cout << "\nPlait in C++ took " << seconds.count() << " s\n";
}
