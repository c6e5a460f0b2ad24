// What travels between the processes of a cluster: the messages of the state machines (scheduler/messages.h), and what
// the shells say beside them.
#pragma once

#include <cstdint>
#include <string>
#include <tuple>
#include <variant>
#include <vector>

#include "cluster/plain_data.h"
#include "scheduler/messages.h"

namespace plait::cluster {

enum class PeerRole : std::uint8_t { client, worker, heartbeat };

// The first letter of whoever connects; nothing else is read before the token is right.
struct Hello {
  std::string token;
  PeerRole role = PeerRole::client;
  std::string name;
  std::uint32_t worker = 0;      // of a heartbeat: whose
  std::uint64_t process_id = 0;  // for people, and for the nanny of the scheduler's own machine
  static constexpr auto fields =
      std::tuple{&Hello::token, &Hello::role, &Hello::name, &Hello::worker, &Hello::process_id};
};
// The answer to it. Who is refused is cut off after it.
struct Welcome {
  bool ok = true;
  std::string text;  // why not
  std::string scheduler_id;
  std::uint32_t number = 0;  // of the worker or client
  static constexpr auto fields = std::tuple{&Welcome::ok, &Welcome::text, &Welcome::scheduler_id, &Welcome::number};
};

struct Heartbeat {
  std::uint64_t process_bytes = 0;
  static constexpr auto fields = std::tuple{&Heartbeat::process_bytes};
};

// A question about the cluster and its answer, or a function to be called outside of all tasks: its parcel comes along.
struct Ask {
  std::uint64_t request = 0;
  std::string what;
  PlainData arguments;
  static constexpr auto fields = std::tuple{&Ask::request, &Ask::what, &Ask::arguments};
};
struct Answer {
  std::uint64_t request = 0;
  bool ok = true;  // otherwise `data` is a text that says why not
  PlainData data;
  static constexpr auto fields = std::tuple{&Answer::request, &Answer::ok, &Answer::data};
};
// A function that a worker calls outside of all tasks; its parcel comes along, and its result's with the answer.
struct Call {
  std::uint64_t call = 0;        // 0: nobody waits for the answer
  bool is_before_tasks = false;  // no task begins until it has returned
  static constexpr auto fields = std::tuple{&Call::call, &Call::is_before_tasks};
};
struct Called {
  std::uint64_t call = 0;
  bool ok = true;  // otherwise the parcel is a fault
  static constexpr auto fields = std::tuple{&Called::call, &Called::ok};
};
// One worker's answer to the client whose question made the call.
struct CalledOn {
  std::uint64_t request = 0;
  std::string worker;
  bool ok = true;
  static constexpr auto fields = std::tuple{&CalledOn::request, &CalledOn::worker, &CalledOn::ok};
};

// Of the client's next graph every task that runs is told, under this number.
struct Watch {
  std::uint64_t request = 0;
  static constexpr auto fields = std::tuple{&Watch::request};
};
struct TaskRan {
  std::uint64_t request = 0;
  std::uint32_t index = 0;  // in the graph
  bool ok = true;
  std::uint32_t worker = 0;
  std::uint64_t duration_ns = 0;
  std::uint64_t num_bytes = 0;
  static constexpr auto fields = std::tuple{&TaskRan::request, &TaskRan::index,       &TaskRan::ok,
                                            &TaskRan::worker,  &TaskRan::duration_ns, &TaskRan::num_bytes};
};

using WorkerLetter = std::variant<message::ToWorker, Call>;
using LetterOfWorker = std::variant<message::ToScheduler, message::WorkerJoined, Called>;
using ClientLetter = std::variant<message::ToClient, Answer, CalledOn, TaskRan>;
using LetterOfClient = std::variant<message::FromClient, Ask, Watch>;

}  // namespace plait::cluster
