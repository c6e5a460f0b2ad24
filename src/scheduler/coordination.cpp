#include "scheduler/coordination.h"

#include <algorithm>

namespace plait {

using message::ObjectAction;
using message::ObjectKind;
using message::ObjectReply;
using message::ObjectRequest;

namespace {

bool needs_a_name(const ObjectRequest& request) {
  return !(request.kind == ObjectKind::dataset && request.action == ObjectAction::info);
}

}  // namespace

void Coordination::handle(ClientNumber from, const ObjectRequest& request, Time now, Effects& out) {
  if (request.names.empty() && needs_a_name(request))
    return out.replies.emplace_back(from, ObjectReply{.request = request.request}), void();
  std::set<Name> taken;
  for (const Waiter& waiter : waiters_)
    if (waiter.request.action == ObjectAction::acquire)
      for (const std::string& name : waiter.request.names) taken.emplace(waiter.request.kind, name);
  if (Reply reply = attempt(from, request, taken, out)) {
    out.replies.emplace_back(from, std::move(*reply));
    return serve(out);
  }
  if (request.timeout_ns == 0) return out.replies.emplace_back(from, ObjectReply{.request = request.request}), void();
  waiters_.push_back({from, request.timeout_ns < 0 ? -1 : now + request.timeout_ns, request});
}

// Those who wait get what they can have now, the first first.
void Coordination::serve(Effects& out) {
  std::set<Name> taken;
  for (std::size_t i = 0; i < waiters_.size();) {
    const Waiter waiter = waiters_[i];
    if (Reply reply = attempt(waiter.client, waiter.request, taken, out)) {
      out.replies.emplace_back(waiter.client, std::move(*reply));
      waiters_.erase(waiters_.begin() + static_cast<std::ptrdiff_t>(i));
      // What it did may serve somebody who asked earlier.
      taken.clear();
      i = 0;
      continue;
    }
    if (waiter.request.action == ObjectAction::acquire)
      for (const std::string& name : waiter.request.names) taken.emplace(waiter.request.kind, name);
    ++i;
  }
}

Coordination::Reply Coordination::attempt(ClientNumber from, const ObjectRequest& request, const std::set<Name>& taken,
                                          Effects& out) {
  switch (request.action) {
    case ObjectAction::acquire:
      return acquire(from, request, taken);
    case ObjectAction::release:
      return release(from, request);
    case ObjectAction::get:
      return get(from, request, out);
    case ObjectAction::put:
      return put(request, out);
    case ObjectAction::remove:
      return remove(request, out);
    case ObjectAction::info:
      break;
  }
  return info(request);
}

Coordination::Reply Coordination::acquire(ClientNumber from, const ObjectRequest& request,
                                          const std::set<Name>& taken) {
  ObjectReply reply{.request = request.request, .ok = true};
  const std::size_t needed = std::clamp<std::size_t>(request.count, 1, request.names.size());
  for (const std::string& name : request.names) {
    const Name full{request.kind, name};
    const auto at = objects_.find(full);
    const std::uint32_t limit = request.kind == ObjectKind::lock ? 1
                                : at == objects_.end()           ? std::max(request.limit, 1u)
                                                                 : at->second.limit;
    const bool is_free = !taken.contains(full) && (at == objects_.end() || at->second.leases.size() < limit);
    if (is_free && reply.names.size() < needed && std::ranges::count(reply.names, name) == 0)
      reply.names.push_back(name);
  }
  if (reply.names.size() < needed) return std::nullopt;
  for (const std::string& name : reply.names) {
    const auto [at, is_new] = objects_.try_emplace({request.kind, name});
    if (is_new && request.kind == ObjectKind::semaphore) at->second.limit = std::max(request.limit, 1u);
    at->second.leases.push_back({from, request.owner});
  }
  reply.number = reply.names.size();
  return reply;
}

Coordination::Reply Coordination::release(ClientNumber from, const ObjectRequest& request) {
  ObjectReply reply{.request = request.request, .ok = true};
  for (const std::string& name : request.names) {
    const auto at = objects_.find({request.kind, name});
    if (at == objects_.end()) {
      reply.ok = false;
      continue;
    }
    std::vector<Lease>& leases = at->second.leases;
    const auto held = std::ranges::find(leases, Lease{from, request.owner});
    if (held == leases.end()) {
      reply.ok = false;
      continue;
    }
    leases.erase(held);
    ++reply.number;
    if (leases.empty() && request.kind == ObjectKind::lock) objects_.erase(at);
  }
  return reply;
}

Coordination::Reply Coordination::get(ClientNumber from, const ObjectRequest& request, Effects& out) {
  ObjectReply reply{.request = request.request, .ok = true};
  const auto at = objects_.find({request.kind, request.names.front()});
  const bool exists = at != objects_.end();
  auto pass = [&](const message::Item& item) {
    for (const std::string& key : item.keys) out.passed.emplace_back(from, key);
    reply.items.push_back(item);
  };
  switch (request.kind) {
    case ObjectKind::event:
      if (!exists || !at->second.is_set) return std::nullopt;
      return reply;
    case ObjectKind::queue: {
      const std::size_t there = exists ? at->second.items.size() : 0;
      if (there < request.count) return std::nullopt;
      const std::size_t num = request.count == 0 ? there : request.count;
      for (std::size_t i = 0; i < num; ++i) {
        message::Item& first = at->second.items.front();
        pass(first);
        out.left_keys.insert(out.left_keys.end(), first.keys.begin(), first.keys.end());
        at->second.items.pop_front();
      }
      return reply;
    }
    case ObjectKind::variable:
      if (!exists || at->second.items.empty()) return std::nullopt;
      pass(at->second.items.front());
      return reply;
    default:
      reply.ok = exists && !at->second.items.empty();
      if (reply.ok) pass(at->second.items.front());
      return reply;
  }
}

Coordination::Reply Coordination::put(const ObjectRequest& request, Effects& out) {
  ObjectReply reply{.request = request.request, .ok = true};
  Object& object = objects_[{request.kind, request.names.front()}];
  switch (request.kind) {
    case ObjectKind::event:
      object.is_set = true;
      return reply;
    case ObjectKind::queue:
      if (request.limit > 0 && object.items.size() >= request.limit) return std::nullopt;
      break;
    case ObjectKind::dataset:
      // Not over another one, unless that is meant.
      if (!object.items.empty() && request.limit != 0) return ObjectReply{.request = request.request};
      drop_items(object, out);
      break;
    default:
      drop_items(object, out);
  }
  out.held_keys.insert(out.held_keys.end(), request.item.keys.begin(), request.item.keys.end());
  object.items.push_back(request.item);
  return reply;
}

Coordination::Reply Coordination::remove(const ObjectRequest& request, Effects& out) {
  ObjectReply reply{.request = request.request, .ok = false};
  const auto at = objects_.find({request.kind, request.names.front()});
  if (at == objects_.end()) return reply;
  reply.ok = true;
  if (request.kind == ObjectKind::event) {
    at->second.is_set = false;
    return reply;
  }
  drop_items(at->second, out);
  objects_.erase(at);
  return reply;
}

Coordination::Reply Coordination::info(const ObjectRequest& request) const {
  ObjectReply reply{.request = request.request, .ok = true};
  if (request.kind == ObjectKind::dataset) {
    for (const auto& [name, object] : objects_)
      if (name.first == ObjectKind::dataset && !object.items.empty()) reply.names.push_back(name.second);
    reply.number = reply.names.size();
    return reply;
  }
  const auto at = objects_.find({request.kind, request.names.front()});
  if (at == objects_.end()) return reply;
  const Object& object = at->second;
  const bool is_leased = request.kind == ObjectKind::lock || request.kind == ObjectKind::semaphore;
  reply.number = is_leased                           ? object.leases.size()
                 : request.kind == ObjectKind::event ? static_cast<std::uint64_t>(object.is_set)
                                                     : object.items.size();
  return reply;
}

void Coordination::drop_items(Object& object, Effects& out) {
  for (const message::Item& item : object.items)
    out.left_keys.insert(out.left_keys.end(), item.keys.begin(), item.keys.end());
  object.items.clear();
}

void Coordination::forget_client(ClientNumber client, Effects& out) {
  std::erase_if(waiters_, [&](const Waiter& waiter) { return waiter.client == client; });
  for (auto at = objects_.begin(); at != objects_.end();) {
    const bool had = std::erase_if(at->second.leases, [&](const Lease& lease) { return lease.client == client; }) > 0;
    at = had && at->second.leases.empty() && at->first.first == ObjectKind::lock ? objects_.erase(at) : std::next(at);
  }
  serve(out);
}

void Coordination::tick(Time now, Effects& out) {
  bool any = false;
  std::erase_if(waiters_, [&](const Waiter& waiter) {
    if (waiter.deadline < 0 || waiter.deadline > now) return false;
    out.replies.emplace_back(waiter.client, ObjectReply{.request = waiter.request.request});
    return any = true;
  });
  // Who has given up may have stood before others.
  if (any) serve(out);
}

void Coordination::clear(Effects& out) {
  for (const Waiter& waiter : waiters_)
    out.replies.emplace_back(waiter.client, ObjectReply{.request = waiter.request.request});
  waiters_.clear();
  for (auto& [name, object] : objects_) drop_items(object, out);
  objects_.clear();
}

}  // namespace plait
