// Drives a fuzz target where libFuzzer is not there: so many mutations of good letters, the same in every run.
#include <fmt/format.h>

#include <cstdint>
#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "cluster/letters.h"
#include "cluster/mail.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

using namespace plait;
using namespace plait::cluster;
using Bytes = std::vector<std::uint8_t>;

template <class Letter>
Bytes written(const Letter& letter) {
  MailWriter mail(false);
  mail.add(letter);
  const std::vector<std::byte> payload = mail.take().payload;
  const auto* data = reinterpret_cast<const std::uint8_t*>(payload.data());
  return {data, data + payload.size()};
}

std::vector<Bytes> good_letters() {
  message::SubmitGraph graph;
  graph.topology.num_inputs = {0, 0, 2};
  graph.topology.inputs = {0, 1};
  graph.topology.rank = {0, 1, 2};
  graph.topology.family = {0, 0, 0};
  graph.topology.families = {"sum"};
  graph.topology.annotations = {{.priority = 2, .workers = {"a"}, .resources = {{"GPU", 1.0}}}};
  graph.outputs = {{2, "total"}};
  const PlainData data = PlainData::Dict{{"keys", PlainData::List{"x", 2, 3.5, true, {}}}};
  return {
      written(Hello{"token", PeerRole::worker, "alice", 3, 4}),
      written(Welcome{true, "", "Scheduler-1", 7}),
      written(Heartbeat{1 << 20}),
      written(LetterOfClient(message::FromClient(graph))),
      written(LetterOfClient(message::FromClient(message::Gather{1, {"x", "y"}}))),
      written(LetterOfClient(Ask{5, "who_has", data})),
      written(LetterOfWorker(message::WorkerJoined{.name = "alice", .resources = {{"GPU", 2.0}}, .held = {{3, 4}}})),
      written(LetterOfWorker(message::ToScheduler(message::TaskDone{.task = 3, .type_name = "array"}))),
      written(WorkerLetter(message::ToWorker(message::Compute{.task = 5, .inputs = {1, 2, 3}}))),
      written(ClientLetter(message::ToClient(message::KeyState{.key = "x"}))),
      written(ClientLetter(Answer{5, true, data}))};
}

Bytes mutated(const std::vector<Bytes>& corpus, std::mt19937_64& random) {
  Bytes bytes = corpus[random() % corpus.size()];
  for (auto left = 1 + random() % 4; left > 0; --left) {
    const std::size_t place = bytes.empty() ? 0 : random() % bytes.size();
    const auto at = bytes.begin() + static_cast<std::ptrdiff_t>(place);
    switch (random() % 5) {
      case 0:
        if (!bytes.empty()) *at = static_cast<std::uint8_t>(*at ^ (1U << random() % 8));
        break;
      case 1:
        if (!bytes.empty()) *at = random() % 2 ? 0xff : 0;
        break;
      case 2:
        bytes.insert(at, static_cast<std::uint8_t>(random()));
        break;
      case 3:
        bytes.erase(at, bytes.end());
        break;
      default: {
        const Bytes& other = corpus[random() % corpus.size()];
        bytes.insert(at, other.begin(), other.end());
      }
    }
  }
  return bytes;
}

}  // namespace

int main(int argc, char** argv) {
  const long count = argc > 1 ? std::atol(argv[1]) : 20000;
  const std::vector<Bytes> corpus = good_letters();
  for (const Bytes& letter : corpus) LLVMFuzzerTestOneInput(letter.data(), letter.size());
  std::mt19937_64 random(1);
  for (long i = 0; i < count; ++i) {
    const Bytes bytes = mutated(corpus, random);
    LLVMFuzzerTestOneInput(bytes.data(), bytes.size());
  }
  fmt::print("{} mutations of {} letters: none did harm\n", count, corpus.size());
  return 0;
}
