#include "cluster/transfer_stream.h"

#include "cluster/time_span.h"

namespace plait::cluster {
namespace {

// What was lost or cancelled on its way never comes.
template <class Map, class Key, class Entry>
void note(Map& map, Key key, Entry entry, std::size_t most) {
  if (map.size() >= most) map.clear();
  map.insert_or_assign(key, entry);
}

}  // namespace

void TransferStream::given(const message::Compute& task) {
  if (task.transfer != 0) note(to_send_when_done_, task.task, task.transfer, kMost);
}

void TransferStream::done(TaskNumber task, double clock_s) {
  const auto found = to_send_when_done_.find(task);
  if (found == to_send_when_done_.end()) return;
  asked(found->second, clock_s);
  to_send_when_done_.erase(found);
}

void TransferStream::asked(TransferNumber transfer, double clock_s) { note(under_way_, transfer, clock_s, kMost); }

void TransferStream::came(WorkerNumber from, TransferNumber transfer, std::uint64_t num_bytes, double clock_s) {
  const auto found = under_way_.find(transfer);
  if (found == under_way_.end()) return;
  last_.add({from, found->second, clock_s, num_bytes});
  under_way_.erase(found);
}

PlainData TransferStream::answer(const SchedulerState& state, const PlainData& arguments) const {
  const TimeSpan asked(arguments);
  const AddressBook addresses(state);
  PlainData::List all;
  for (std::size_t i = 0; i < last_.size(); ++i) {
    const Went& went = last_[i];
    if (!asked.touches(went.start_s, went.stop_s)) continue;
    all.emplace_back(PlainData::Dict{{"worker", addresses.of(went.from)},
                                     {"start", went.start_s},
                                     {"stop", went.stop_s},
                                     {"nbytes", went.num_bytes}});
  }
  return all;
}

}  // namespace plait::cluster
