// The values that have gone from workers to others last, for those who ask what moving them took: when and how much.
#pragma once

#include <cstdint>
#include <unordered_map>

#include "cluster/last_ones.h"
#include "cluster/plain_data.h"
#include "scheduler/scheduler_state.h"

namespace plait::cluster {

// `clock_s` is the time of the clock. A value is on its way from when its holder was asked for it, or was done with it
// if it was to send it by itself, until it has come here; what follows is no more than handing on a descriptor.
class TransferStream {
 public:
  void given(const message::Compute& task);
  void done(TaskNumber task, double clock_s);
  void asked(TransferNumber transfer, double clock_s);
  void came(WorkerNumber from, TransferNumber transfer, std::uint64_t num_bytes, double clock_s);

  // A list of dicts with worker, start, stop and nbytes, in the order of their ends: of those that ended after `start`
  // and began before `stop`, if these are given.
  PlainData answer(const SchedulerState& state, const PlainData& arguments) const;

 private:
  struct Went {
    WorkerNumber from = 0;
    double start_s = 0;
    double stop_s = 0;
    std::uint64_t num_bytes = 0;
  };
  static constexpr std::size_t kMost = 100'000;

  std::unordered_map<TaskNumber, TransferNumber> to_send_when_done_;
  std::unordered_map<TransferNumber, double> under_way_;
  LastOnes<Went> last_{kMost};
};

}  // namespace plait::cluster
