#include "scheduler/coordination.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace plait {
namespace {

using message::ObjectAction;
using message::ObjectKind;
using message::ObjectRequest;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

class Objects {
 public:
  // The requests that are answered, and how.
  std::vector<std::pair<std::uint64_t, bool>> ask(ClientNumber client, ObjectRequest request) {
    effects = {};
    coordination.handle(client, request, now, effects);
    return answers();
  }
  std::vector<std::pair<std::uint64_t, bool>> answers() const {
    std::vector<std::pair<std::uint64_t, bool>> found;
    for (const auto& [client, reply] : effects.replies) found.emplace_back(reply.request, reply.ok);
    return found;
  }
  Coordination coordination;
  Coordination::Effects effects;
  Time now = 0;
};

ObjectRequest lock(std::uint64_t request, ObjectAction action, std::vector<std::string> names) {
  const auto count = static_cast<std::uint32_t>(names.size());
  return {.request = request, .kind = ObjectKind::lock, .action = action, .names = std::move(names), .count = count};
}

TEST(Coordination, ALockGoesToThoseWhoWaitInTheirOrder) {
  Objects objects;
  EXPECT_THAT(objects.ask(1, lock(1, ObjectAction::acquire, {"a"})), ElementsAre(std::pair(1u, true)));
  EXPECT_THAT(objects.ask(2, lock(2, ObjectAction::acquire, {"a"})), IsEmpty());
  EXPECT_THAT(objects.ask(3, lock(3, ObjectAction::acquire, {"a"})), IsEmpty());
  EXPECT_THAT(objects.ask(1, lock(4, ObjectAction::release, {"a"})),
              ElementsAre(std::pair(4u, true), std::pair(2u, true)));
  EXPECT_THAT(objects.ask(1, lock(5, ObjectAction::release, {"a"})), ElementsAre(std::pair(5u, false)));
}

TEST(Coordination, SeveralLocksAreTakenAtOnceAndNobodyOvertakes) {
  Objects objects;
  objects.ask(1, lock(1, ObjectAction::acquire, {"a"}));
  EXPECT_THAT(objects.ask(2, lock(2, ObjectAction::acquire, {"a", "b"})), IsEmpty());
  EXPECT_THAT(objects.ask(3, lock(3, ObjectAction::acquire, {"b"})), IsEmpty()) << "client 2 waits for it already";
  EXPECT_THAT(objects.ask(1, lock(4, ObjectAction::release, {"a"})),
              ElementsAre(std::pair(4u, true), std::pair(2u, true)));
  EXPECT_THAT(objects.ask(2, lock(5, ObjectAction::release, {"a", "b"})),
              ElementsAre(std::pair(5u, true), std::pair(3u, true)));
}

TEST(Coordination, WhatAClientHoldsIsGivenBackWhenItGoes) {
  Objects objects;
  objects.ask(1, lock(1, ObjectAction::acquire, {"a"}));
  objects.ask(2, lock(2, ObjectAction::acquire, {"a"}));
  objects.effects = {};
  objects.coordination.forget_client(1, objects.effects);
  EXPECT_THAT(objects.answers(), ElementsAre(std::pair(2u, true)));
  objects.coordination.forget_client(2, objects.effects);
  EXPECT_EQ(objects.coordination.num_objects(), 0u);
}

TEST(Coordination, WhoWaitsTooLongIsToldSo) {
  Objects objects;
  objects.ask(1, lock(1, ObjectAction::acquire, {"a"}));
  ObjectRequest impatient = lock(2, ObjectAction::acquire, {"a"});
  impatient.timeout_ns = 100;
  EXPECT_THAT(objects.ask(2, impatient), IsEmpty());
  objects.effects = {};
  objects.coordination.tick(99, objects.effects);
  EXPECT_THAT(objects.answers(), IsEmpty());
  objects.coordination.tick(100, objects.effects);
  EXPECT_THAT(objects.answers(), ElementsAre(std::pair(2u, false)));
  impatient.timeout_ns = 0;
  EXPECT_THAT(objects.ask(2, impatient), ElementsAre(std::pair(2u, false)));
}

TEST(Coordination, ASemaphoreHasAsManyLeasesAsItsFirstUserSaid) {
  Objects objects;
  ObjectRequest acquire{.kind = ObjectKind::semaphore, .action = ObjectAction::acquire, .names = {"s"}, .limit = 2};
  EXPECT_THAT(objects.ask(1, acquire), SizeIs(1));
  EXPECT_THAT(objects.ask(2, acquire), SizeIs(1));
  EXPECT_THAT(objects.ask(3, acquire), IsEmpty());
}

TEST(Coordination, AQueueHandsItemsOnInOrderAndMakesPuttersWaitWhenItIsFull) {
  Objects objects;
  ObjectRequest put{.request = 1, .kind = ObjectKind::queue, .action = ObjectAction::put, .names = {"q"}, .limit = 1};
  put.item = {{1}, {"x"}};
  EXPECT_THAT(objects.ask(1, put), ElementsAre(std::pair(1u, true)));
  EXPECT_THAT(objects.effects.held_keys, ElementsAre("x"));
  put.request = 2;
  put.item = {{2}, {}};
  EXPECT_THAT(objects.ask(1, put), IsEmpty());
  ObjectRequest get{.request = 3, .kind = ObjectKind::queue, .action = ObjectAction::get, .names = {"q"}};
  EXPECT_THAT(objects.ask(2, get), ElementsAre(std::pair(3u, true), std::pair(2u, true)));
  EXPECT_THAT(objects.effects.passed, ElementsAre(std::pair(2u, std::string("x"))));
  EXPECT_THAT(objects.effects.left_keys, ElementsAre("x"));
}

TEST(Coordination, AVariableIsWaitedForAndAnEventSetsAllFree) {
  Objects objects;
  ObjectRequest get{.request = 1, .kind = ObjectKind::variable, .action = ObjectAction::get, .names = {"v"}};
  EXPECT_THAT(objects.ask(1, get), IsEmpty());
  ObjectRequest put{.request = 2, .kind = ObjectKind::variable, .action = ObjectAction::put, .names = {"v"}};
  EXPECT_THAT(objects.ask(2, put), SizeIs(2));
  ObjectRequest wait{.request = 3, .kind = ObjectKind::event, .action = ObjectAction::get, .names = {"e"}};
  EXPECT_THAT(objects.ask(1, wait), IsEmpty());
  EXPECT_THAT(objects.ask(2, wait), IsEmpty());
  ObjectRequest set{.request = 4, .kind = ObjectKind::event, .action = ObjectAction::put, .names = {"e"}};
  EXPECT_THAT(objects.ask(3, set), SizeIs(3));
}

TEST(Coordination, ADatasetIsNotWrittenOverUnlessThatIsMeant) {
  Objects objects;
  ObjectRequest put{.request = 1, .kind = ObjectKind::dataset, .action = ObjectAction::put, .names = {"d"}};
  EXPECT_THAT(objects.ask(1, put), ElementsAre(std::pair(1u, true)));
  EXPECT_THAT(objects.ask(1, put), ElementsAre(std::pair(1u, false)));
  put.limit = 0;
  EXPECT_THAT(objects.ask(1, put), ElementsAre(std::pair(1u, true)));
  objects.ask(1, {.kind = ObjectKind::dataset, .action = ObjectAction::info});
  EXPECT_THAT(objects.effects.replies[0].second.names, ElementsAre("d"));
}

}  // namespace
}  // namespace plait
