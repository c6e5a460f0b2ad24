// Shared objects in the scheduler: keys that they hold stay wanted.
#include "scheduler/scheduler_impl.h"

namespace plait {

using scheduling::kObjects;

void SchedulerState::Impl::on(ClientNumber from, const message::ObjectRequest& request) {
  Coordination::Effects effects;
  coordination.handle(from, request, now, effects);
  carry_out(effects);
}

// Who gets a key wants it before the object lets go of it.
void SchedulerState::Impl::carry_out(Coordination::Effects& effects) {
  for (const std::string& name : effects.held_keys) {
    KeyRecord* key = find_key(name);
    if (!key) continue;
    if (++num_in_objects[name] == 1) want(*key, kObjects);
  }
  for (const auto& [client, name] : effects.passed) {
    KeyRecord* key = find_key(name);
    if (!key) {
      tell_cancelled(name, client);
      continue;
    }
    want(*key, client);
    tell(*key, client);
  }
  for (const std::string& name : effects.left_keys) {
    const auto at = num_in_objects.find(name);
    if (at == num_in_objects.end() || --at->second > 0) continue;
    num_in_objects.erase(at);
    if (KeyRecord* key = find_key(name)) unwant(*key, kObjects);
  }
  for (auto& [client, reply] : effects.replies) send(client, std::move(reply));
}

}  // namespace plait
