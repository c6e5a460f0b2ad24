// What clients do with keys: want, release, cancel, retry and gather them; and what they are told.
#include <unordered_set>

#include "scheduler/scheduler_impl.h"

namespace plait {

using State = SchedulerTaskState;
using scheduling::kNobody;
using scheduling::kObjects;

SchedulerState::Impl::KeyRecord* SchedulerState::Impl::find_key(std::string_view key) const {
  const auto at = keys.find(key);
  return at == keys.end() ? nullptr : at->second.get();
}

SchedulerState::Impl::KeyRecord& SchedulerState::Impl::make_key(const std::string& key, TaskRecord& task) {
  auto made = std::make_unique<KeyRecord>();
  made->key = key;
  made->task = &task;
  extra_of(task).keys.push_back(made.get());
  task.graph->keys.push_back(made.get());
  return *keys.emplace(key, std::move(made)).first->second;
}

void SchedulerState::Impl::begin_to_want(KeyRecord& key) {
  ++key.task->graph->num_refs;
  need(*key.task);
}

void SchedulerState::Impl::stop_wanting(KeyRecord& key) {
  unneed(*key.task);
  unref(*key.task->graph);
}

void SchedulerState::Impl::want(KeyRecord& key, ClientNumber client) {
  const auto at = std::ranges::lower_bound(key.wanted_by, client);
  if (at != key.wanted_by.end() && *at == client) return;
  const bool was_wanted = key.is_wanted();
  key.wanted_by.insert(at, client);
  if (!was_wanted) begin_to_want(key);
}

void SchedulerState::Impl::unwant(KeyRecord& key, ClientNumber client) {
  if (std::erase(key.wanted_by, client) == 0) return;
  if (!key.is_wanted()) stop_wanting(key);
}

// --- What clients are told ---

void SchedulerState::Impl::tell(const KeyRecord& key, ClientNumber client) {
  if (client == kNobody || client == kObjects) return;
  const TaskRecord& task = *key.task;
  message::KeyState told{.key = key.key};
  Attached attached = Attached::nothing;
  if (task.has_value()) {
    told.status = KeyStatus::finished;
    told.num_bytes = task.num_bytes;
    told.type_name = types[root(*key.task).type];
  } else if (task.state == State::erred) {
    const bool is_lost = task.failure == TaskFailure::data_lost || task.failure == TaskFailure::input_unknown;
    told.status = is_lost ? KeyStatus::lost : KeyStatus::error;
    told.failure = task.failure;
    told.cause = cause_of(task);
    const TaskRecord* cause = find(told.cause);
    if (cause && cause->has(scheduling::kHasFault)) attached = Attached::fault;
  }
  const TaskNumber cause = told.cause;
  send(client, std::move(told), attached, cause);
}

// The task's keys have changed their state; those that nobody but the scheduler itself waits for are settled.
void SchedulerState::Impl::tell_all(TaskRecord& task) {
  if (!task.extra) return;
  for (KeyRecord* key : task.extra->keys) {
    for (ClientNumber client : key->wanted_by) tell(*key, client);
    if (!key->wanted_by.empty() && key->wanted_by.front() == kNobody) settled.push_back(key->key);
  }
}

// Many in one message: whoever cancels thousands of keys is told of thousands.
void SchedulerState::Impl::tell_cancelled(const std::string& key, ClientNumber client, const message::Cancel& by) {
  auto* last = out->empty() ? nullptr : std::get_if<scheduler_action::ToClient>(&out->back());
  auto* told = last && last->to == client ? std::get_if<message::KeysCancelled>(&last->message) : nullptr;
  if (told && told->reason == by.reason && told->text == by.text)
    told->keys.push_back(key);
  else
    send(client, message::KeysCancelled{{key}, by.reason, by.text});
}

// --- What clients ask for ---

void SchedulerState::Impl::on(ClientNumber from, const message::Want& wanted) {
  for (const std::string& name : wanted.keys) {
    KeyRecord* key = find_key(name);
    if (!key) {
      tell_cancelled(name, from);
      continue;
    }
    want(*key, from);
    tell(*key, from);
  }
}

void SchedulerState::Impl::on(ClientNumber from, const message::Release& release) {
  for (const std::string& name : release.keys)
    if (KeyRecord* key = find_key(name)) unwant(*key, from);
}

void SchedulerState::Impl::on(ClientNumber from, const message::FireAndForget& fire) {
  for (const std::string& name : fire.keys) {
    KeyRecord* key = find_key(name);
    if (!key) {
      tell_cancelled(name, from);
      continue;
    }
    want(*key, kNobody);
    if (!key->task->is_active()) settled.push_back(name);
  }
}

void SchedulerState::Impl::on(ClientNumber from, const message::Cancel& cancelled) {
  std::vector<TaskRecord*> reached;
  std::unordered_set<const TaskRecord*> seen;
  auto reach = [&](TaskRecord& task) {
    if (seen.insert(&task).second) reached.push_back(&task);
  };
  auto reach_if_active = [&](TaskRecord& task) {
    if (task.is_active()) reach(task);
  };
  for (const std::string& name : cancelled.keys)
    if (KeyRecord* key = find_key(name)) reach(*key->task);
  // What builds on the keys is cancelled with them.
  std::vector<KeyRecord*> found;
  for (std::size_t i = 0; i < reached.size(); ++i) {
    TaskRecord& task = *reached[i];
    for_each_user(task, reach_if_active);
    if (!task.extra) continue;
    for (TaskRecord* alias : task.extra->aliases) reach_if_active(*alias);
    found.insert(found.end(), task.extra->keys.begin(), task.extra->keys.end());
  }
  for (KeyRecord* key : found) {
    const bool only_his = key->wanted_by == std::vector<ClientNumber>{from};
    if (only_his || cancelled.force)
      cancel(*key, cancelled);
    else if (std::ranges::count(key->wanted_by, from) > 0) {
      unwant(*key, from);
      tell_cancelled(key->key, from, cancelled);
    }
  }
  if (cancelled.request != 0) send(from, message::Done{.request = cancelled.request});
}

// For everybody.
void SchedulerState::Impl::cancel(KeyRecord& key, const message::Cancel& by) {
  if (!key.is_wanted()) return;
  for (ClientNumber client : key.wanted_by)
    if (client != kNobody && client != kObjects) tell_cancelled(key.key, client, by);
  // One gather is left to hold the key until all is told.
  if (key.gathers.empty()) {
    key.wanted_by.clear();
    return stop_wanting(key);
  }
  key.wanted_by.clear();
  answer_gathers(key, KeyStatus::cancelled, Attached::nothing, 0);
}

void SchedulerState::Impl::on(ClientNumber from, const message::Retry& retry) {
  for (const std::string& name : retry.keys) {
    KeyRecord* key = find_key(name);
    if (!key) {
      tell_cancelled(name, from);
      continue;
    }
    try_again(*key->task);
    tell_all(*key->task);
  }
}

void SchedulerState::Impl::on(ClientNumber from, const message::Gather& gather) {
  for (std::uint32_t i = 0; i < gather.keys.size(); ++i) {
    KeyRecord* key = find_key(gather.keys[i]);
    if (!key) {
      send(from, message::Gathered{gather.request, i, KeyStatus::cancelled, TaskFailure::none});
      continue;
    }
    const bool was_wanted = key->is_wanted();
    key->gathers.push_back({from, gather.request, i});
    if (!was_wanted) begin_to_want(*key);
    if (key->task->state == State::erred)
      answer_gathers(*key, KeyStatus::error, Attached::fault, cause_of(*key->task));
    else if (key->task->has_value())
      serve_gathers(root(*key->task));
  }
}

void SchedulerState::Impl::on(ClientNumber from, const message::Restart& restart) {
  for (auto& [name, key] : keys) {
    for (ClientNumber client : key->wanted_by)
      if (client != kNobody && client != kObjects) tell_cancelled(name, client);
    for (const auto& gather : key->gathers)
      send(gather.client, message::Gathered{gather.request, gather.index, KeyStatus::cancelled, TaskFailure::none});
    if (!key->is_wanted()) continue;
    key->wanted_by.clear();
    key->gathers.clear();
    stop_wanting(*key);
  }
  Coordination::Effects effects;
  coordination.clear(effects);
  num_in_objects.clear();
  effects.left_keys.clear();
  carry_out(effects);
  send(from, message::Done{.request = restart.request});
}

}  // namespace plait
