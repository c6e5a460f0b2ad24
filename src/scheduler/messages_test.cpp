// Every message survives its own encoding, and a record that is cut anywhere is refused.
#include "scheduler/messages.h"

#include <gtest/gtest.h>

#include "scheduler/link.h"
#include "scheduler/scheduler_state.h"
#include "scheduler/worker_state.h"

namespace plait {
namespace {

Record record_of(const auto& message) {
  Encoder to;
  encode(to, message);
  return to.take();
}

template <class Variant, std::size_t I = 0>
void expect_every_alternative_comes_back() {
  if constexpr (I < std::variant_size_v<Variant>) {
    const Variant message(std::in_place_index<I>);
    const Record record = record_of(message);
    Decoder from(record);
    const auto back = decode<Variant>(from);
    EXPECT_EQ(back.index(), I);
    EXPECT_EQ(from.num_bytes_left(), 0u);
    EXPECT_EQ(record_of(back).head, record.head);
    expect_every_alternative_comes_back<Variant, I + 1>();
  }
}

TEST(Messages, ComeBackFromTheirRecords) {
  expect_every_alternative_comes_back<message::FromClient>();
  expect_every_alternative_comes_back<message::ToClient>();
  expect_every_alternative_comes_back<message::ToWorker>();
  expect_every_alternative_comes_back<message::ToScheduler>();
}

TEST(Messages, AreRefusedWhenTheyAreCutAnywhere) {
  message::SubmitGraph graph;
  graph.topology.num_inputs = {0, 1};
  graph.topology.inputs = {0};
  graph.topology.families = {"sum"};
  graph.topology.annotations = {{.workers = {"a", "b"}, .resources = {{"GPU", 1.0}}}};
  graph.outputs = {{1, "x"}};
  const Record whole = record_of(message::FromClient(graph));
  for (std::size_t size = 0; size < whole.head.size(); ++size) {
    Record cut = whole;
    cut.head.resize(size);
    Decoder from(cut);
    EXPECT_THROW(decode<message::FromClient>(from), Error) << size;
  }
}

TEST(Messages, NameATaskByItsGraphAndItsIndex) {
  const TaskNumber task = task_number(7, 12);
  EXPECT_EQ(graph_of(task), 7u);
  EXPECT_EQ(index_of(task), 12u);
}

}  // namespace
}  // namespace plait
