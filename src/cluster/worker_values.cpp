// Values of a worker that go to others, or to disk and back. Encoding, writing and reading take time, and for some
// values Python: they are never done on the loop's thread.
#include "cluster/worker_shell.h"

namespace plait::cluster {

// --- To others ---

// What comes while some are being encoded goes together next.
void Worker::Impl::begin_providing() {
  if (provides.empty() || is_providing) return;
  is_providing = true;
  in_background([all = std::make_shared<std::vector<Providing>>(std::exchange(provides, {}))](Impl& impl) -> Job {
    const auto parcels = std::make_shared<std::vector<std::optional<Parcel>>>();
    for (const Providing& one : *all) parcels->push_back(impl.parcel_of(one));
    return [all, parcels](Impl& told) {
      told.is_providing = false;
      for (std::size_t i = 0; i < all->size(); ++i) {
        const worker_action::Provide& action = (*all)[i].action;
        const std::optional<Parcel>& parcel = (*parcels)[i];
        told.mail->send(
            LetterOfWorker(message::ToScheduler(message::Provided{action.task, action.transfer, parcel.has_value()})),
            parcel ? &*parcel : nullptr);
        if (!parcel) told.handle(worker_event::Damaged{action.task});
      }
    };
  });
}

std::optional<Parcel> Worker::Impl::parcel_of(const Providing& one) {
  try {
    if (one.value && one.value->is_damaged()) return std::nullopt;
    if (one.value) return one.value->parcel();
    if (one.copy) return HeldValue(store.read_copy(*one.copy)).parcel();
  } catch (...) {
    // Whoever needs it is told that it cannot be had here.
  }
  return std::nullopt;
}

// --- To disk and back ---

Worker::Impl::Job Worker::Impl::written(TaskNumber task, TaskId copy, HeldValue& value) {
  worker_event::Spilled spilled{task};
  try {
    const Value kept = value.as_it_is();
    try {
      store.write_copy(copy, kept);
    } catch (const Error& error) {
      spilled.ok = false;
      spilled.can_others_be_spilled = error.kind() != ErrorKind::io;
    }
  } catch (...) {
    spilled.ok = false;
  }
  return [spilled, copy](Impl& told) {
    if (spilled.ok) told.copies[spilled.task] = copy;
    told.handle(spilled);
  };
}

Worker::Impl::Job Worker::Impl::read_back(TaskNumber task, std::optional<TaskId> copy) {
  HeldValuePtr value;
  try {
    if (copy) value = std::make_shared<HeldValue>(store.read_copy(*copy));
  } catch (...) {
    // The state is told: the copy is damaged.
  }
  return [task, value](Impl& told) {
    told.let_go(task);
    if (value) told.values[task] = value;
    told.handle(worker_event::Loaded{task, value != nullptr});
  };
}

std::optional<TaskId> Worker::Impl::copy_of(TaskNumber task) const {
  const auto found = copies.find(task);
  return found == copies.end() ? std::nullopt : std::optional(found->second);
}

void Worker::Impl::forget_copy(TaskNumber task) {
  const auto copy = copy_of(task);
  if (!copy) return;
  copies.erase(task);
  if (const auto record = store.take_copy(*copy)) store.forget(*record);
}

void Worker::Impl::let_go(TaskNumber task) {
  const auto found = values.find(task);
  if (found == values.end()) return;
  garbage.push_back(std::move(found->second));
  values.erase(found);
  has_dropped = true;
}

}  // namespace plait::cluster
