// Why a key has no value, as a fault: the task's own where it raised one, else words for what has happened to it.
#pragma once

#include <optional>
#include <string>

#include "base/fault.h"
#include "runtime/parcel.h"
#include "scheduler/messages.h"

namespace plait::cluster {

Fault fault_of_failure(KeyStatus status, TaskFailure failure, const std::string& key,
                       const std::optional<Parcel>& parcel);
Fault fault_in(const Parcel& parcel);

}  // namespace plait::cluster
