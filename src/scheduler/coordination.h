// Coordination: the named objects that tasks and clients share: locks, semaphores, events, queues, variables, published
// datasets. Pure, like the state that owns it. What a client holds is given back when the client goes; who waits is
// served in the order of asking, and several locks are taken at once or not at all, so that nobody waits for ever for
// somebody who waits.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "scheduler/messages.h"

namespace plait {

class Coordination {
 public:
  struct Effects {
    std::vector<std::pair<ClientNumber, message::ObjectReply>> replies;
    std::vector<std::string> held_keys;                        // are in an object now
    std::vector<std::pair<ClientNumber, std::string>> passed;  // the client has got an item with this key: it wants it
    std::vector<std::string> left_keys;                        // are in one object less; after all others
  };

  void handle(ClientNumber from, const message::ObjectRequest& request, Time now, Effects& out);
  void forget_client(ClientNumber client, Effects& out);
  void tick(Time now, Effects& out);
  // All objects are gone; who waits is told so.
  void clear(Effects& out);

  std::size_t num_waiting() const { return waiters_.size(); }
  std::size_t num_objects() const { return objects_.size(); }

 private:
  using Name = std::pair<message::ObjectKind, std::string>;
  struct Lease {
    ClientNumber client = 0;
    std::uint64_t owner = 0;
    bool operator==(const Lease&) const = default;
  };
  struct Object {
    std::uint32_t limit = 1;  // semaphore
    std::vector<Lease> leases;
    bool is_set = false;
    std::deque<message::Item> items;
  };
  struct Waiter {
    ClientNumber client = 0;
    Time deadline = -1;
    message::ObjectRequest request;
  };
  using Reply = std::optional<message::ObjectReply>;  // nothing: it has to wait

  // `taken`: names that somebody who came earlier waits for.
  Reply attempt(ClientNumber from, const message::ObjectRequest& request, const std::set<Name>& taken, Effects& out);
  Reply acquire(ClientNumber from, const message::ObjectRequest& request, const std::set<Name>& taken);
  Reply release(ClientNumber from, const message::ObjectRequest& request);
  Reply get(ClientNumber from, const message::ObjectRequest& request, Effects& out);
  Reply put(const message::ObjectRequest& request, Effects& out);
  Reply remove(const message::ObjectRequest& request, Effects& out);
  Reply info(const message::ObjectRequest& request) const;
  void serve(Effects& out);
  void drop_items(Object& object, Effects& out);

  std::map<Name, Object> objects_;
  std::deque<Waiter> waiters_;
};

}  // namespace plait
