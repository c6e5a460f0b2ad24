// Why a key has no value, as a fault: the task's own where it raised one, else words for what has happened to it.
#pragma once

#include <optional>
#include <string>
#include <tuple>

#include "base/fault.h"
#include "runtime/parcel.h"
#include "scheduler/messages.h"

namespace plait::cluster {

// The detail of the fault of a task whose workers died, again and again.
struct KilledWorkers {
  std::string key;  // of the task
  static constexpr auto fields = std::tuple{&KilledWorkers::key};
};
void register_killed_workers();

Fault fault_of_failure(KeyStatus status, TaskFailure failure, const std::string& key,
                       const std::optional<Parcel>& parcel);
Fault fault_in(const Parcel& parcel);

}  // namespace plait::cluster

namespace plait {

template <>
const ValueType& value_type<cluster::KilledWorkers>();

}  // namespace plait
