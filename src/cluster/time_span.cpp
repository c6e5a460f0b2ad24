#include "cluster/time_span.h"

#include <fmt/format.h>

namespace plait::cluster {

double TimeSpan::number_in(const PlainData& arguments, const std::string& name, double otherwise) {
  const PlainData& found = entry(arguments, name);
  if (const auto* number = std::get_if<double>(&found.held)) return *number;
  if (const auto* number = std::get_if<std::int64_t>(&found.held)) return static_cast<double>(*number);
  return otherwise;
}

AddressBook::AddressBook(const SchedulerState& state) {
  for (const WorkerInfo& worker : state.workers()) addresses_[worker.worker] = worker.address;
}

std::string AddressBook::of(WorkerNumber worker) const {
  const auto found = addresses_.find(worker);
  return found == addresses_.end() ? fmt::format("worker {}", worker) : found->second;
}

}  // namespace plait::cluster
