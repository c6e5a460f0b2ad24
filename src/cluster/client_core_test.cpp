#include "cluster/client_core.h"

#include <gmock/gmock.h>

#include <future>

#include "cluster/remote_value.h"
#include "cluster/scheduler.h"

namespace plait::cluster {
namespace {

constexpr auto kPatience = std::chrono::seconds(10);

// A graph whose one task stands for a result that is on the cluster.
Graph copy_of(const ClientCore& client, const std::string& key) {
  Graph graph;
  const LayerId layer = graph.add_layer({.name = "copy", .op = "copy", .grid = {}, .source = "", .keys = {}});
  graph.add_output(graph.add_value(Value::of(RemoteValue(client.address(), key)), layer, 0));
  return graph;
}

// Stops a client's thread until told to go on: what the client is asked to do meanwhile waits in its order. Outlives
// it.
class Pause {
 public:
  void begin_at_the_next_change(ClientCore& client) {
    client.on_change([this](const std::vector<KeyChange>&) {
      if (std::exchange(has_stopped_, true)) return;
      stopped_.set_value();
      go_on_.get_future().wait();
    });
  }
  void wait_until_stopped() { stopped_.get_future().wait(); }
  void go_on() { go_on_.set_value(); }

 private:
  bool has_stopped_ = false;  // of the client's thread
  std::promise<void> stopped_;
  std::promise<void> go_on_;
};

TEST(ClientCore, WhatIsReleasedIsReleasedAfterWhatTakesIt) {
  Scheduler scheduler({.token = "secret"});
  Pause pause;
  const ClientPtr client = ClientCore::connect(scheduler.address(), "secret", "test", kPatience);
  pause.begin_at_the_next_change(*client);
  const Value data = Value::of(Sequence{});
  client->scatter("a", data, {}, 1);
  pause.wait_until_stopped();
  client->scatter("b", data, {}, 1);
  client->release({"b"});
  client->submit(copy_of(*client, "a"), {{0, "copy of a"}});
  client->release({"a"});
  pause.go_on();
  EXPECT_EQ(client->gather({"copy of a"}, nullptr).size(), 1u);
}

TEST(ClientCore, WhatIsWantedAgainIsNotReleased) {
  Scheduler scheduler({.token = "secret"});
  Pause pause;
  const ClientPtr client = ClientCore::connect(scheduler.address(), "secret", "test", kPatience);
  pause.begin_at_the_next_change(*client);
  client->scatter("a", Value::of(Sequence{}), {}, 1);
  pause.wait_until_stopped();
  client->release({"a"});
  client->want({"a"});
  pause.go_on();
  EXPECT_EQ(client->gather({"a"}, nullptr).size(), 1u);
}

TEST(ClientCore, WhatIsCancelledIsSoAtOnceWithWhatBuildsOnItAndMayBeAskedForAgain) {
  Scheduler scheduler({.token = "secret"});
  const ClientPtr client = ClientCore::connect(scheduler.address(), "secret", "test", kPatience);
  Graph graph;
  const LayerId layer = graph.add_layer({.name = "x", .op = "x", .grid = {}, .source = "", .keys = {}});
  graph.add_output(graph.add_value(Value::of(Sequence{}), layer, 0));
  client->submit(graph, {{0, "x"}});  // there is no worker: it waits
  client->submit(copy_of(*client, "x"), {{0, "copy of x"}});
  EXPECT_EQ(client->status("copy of x"), KeyStatus::pending);
  client->cancel_now({"x"}, false, {}, nullptr);
  EXPECT_EQ(client->status("x"), KeyStatus::cancelled);
  EXPECT_EQ(client->status("copy of x"), KeyStatus::cancelled);
  client->cancel_now({"x"}, false, {}, nullptr);
  EXPECT_EQ(client->status("x"), KeyStatus::cancelled);
  client->submit(graph, {{0, "x"}});
  EXPECT_EQ(client->status("x"), KeyStatus::pending);
  client->close();
  client->cancel_now({"x"}, false, {}, nullptr);
  EXPECT_EQ(client->status("x"), KeyStatus::cancelled);
}

}  // namespace
}  // namespace plait::cluster
