#include "cluster/failures.h"

namespace plait::cluster {
namespace {

Fault fault_with(ErrorKind kind, const std::string& message, const std::string& key) {
  return {.kind = kind, .message = key.empty() ? message : key + ": " + message};
}

}  // namespace

Fault fault_in(const Parcel& parcel) {
  const Record record = parcel.unpack();
  Decoder from(record);
  return decode<Fault>(from);
}

Fault fault_of_failure(KeyStatus status, TaskFailure failure, const std::string& key,
                       const std::optional<Parcel>& parcel) {
  if (parcel) return fault_in(*parcel);
  switch (failure) {
    case TaskFailure::worker_died: {
      Fault fault = fault_with(ErrorKind::runtime,
                               "the workers that ran this task died, again and again. It may crash its process, or use "
                               "more memory than there is; run it with scheduler=\"sync\" to see",
                               key);
      fault.detail = Value::of(KilledWorkers{key});
      return fault;
    }
    case TaskFailure::asks_to_run_again:
    case TaskFailure::data_lost:
      return fault_with(
          ErrorKind::runtime,
          "the data is lost with the worker that held it, and nobody can make it again: scatter it again, "
          "with broadcast=True to keep it on several workers",
          key);
    case TaskFailure::never_fits:
      return fault_with(
          ErrorKind::memory,
          "the inputs of the task and its result are more than the memory of any worker: use smaller chunks "
          "or partitions, or raise memory_limit",
          key);
    case TaskFailure::over_its_cap:
      return fault_with(ErrorKind::memory, "the task took more memory than it may", key);
    case TaskFailure::nobody_can:
      return fault_with(ErrorKind::value, "no worker of the cluster has what the task asks for (workers=, resources=)",
                        key);
    case TaskFailure::input_unknown:
      return fault_with(
          ErrorKind::key,
          "the task takes a result that is not on the cluster any more: its future was released, cancelled, "
          "or belongs to another cluster",
          key);
    case TaskFailure::damaged:
      return fault_with(ErrorKind::io,
                        "the result was damaged whenever it was to be read: its checksum does not match. Check this "
                        "machine's memory and the disk of its spill folder",
                        key);
    case TaskFailure::none:
    case TaskFailure::raised:
      break;
  }
  if (status == KeyStatus::lost) return fault_of_failure(status, TaskFailure::data_lost, key, parcel);
  if (status == KeyStatus::cancelled) return fault_with(ErrorKind::cancelled, "the task was cancelled", key);
  return fault_with(ErrorKind::runtime, "the task failed", key);
}

void register_killed_workers() { register_value_type(value_type<KilledWorkers>()); }

}  // namespace plait::cluster

namespace plait {

template <>
const ValueType& value_type<cluster::KilledWorkers>() {
  static const ValueType type = detail_type<cluster::KilledWorkers>("task that killed its workers");
  return type;
}

}  // namespace plait
