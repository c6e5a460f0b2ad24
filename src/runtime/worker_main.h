// A worker process: what a child of this program does between its start and its end.
//
// A C++ program becomes a worker when it was started as one: plait::init calls run_worker_if_asked. A Python program
// has its own command (set_worker_command), which calls run_worker. Kernels and value types must be registered before.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace plait {

class Channel;

// Runs tasks for the process at the other end of `socket` until that process is gone. Returns the exit code.
int run_worker(int socket);

// What a child does instead if its parent's first message asks for it by name, which is all the record's text: it has
// the channel, and gives the exit code. Made known at start-up.
using WorkerService = int (*)(Channel& channel);
void add_worker_service(const std::string& name, WorkerService service);

// If this process was started as a worker of this very program: works, and ends the process. Otherwise notes that this
// program can be started as one.
void run_worker_if_asked();

// How to start a worker instead: the words of a command, which finds its socket's number in $PLAIT_WORKER_FD. Asked on
// any thread, whenever a run needs a worker; those that another command has started are not used any more.
using WorkerCommand = std::function<std::vector<std::string>()>;
void set_worker_command(WorkerCommand command);
// Throws Error(runtime) if nobody has said how a worker is started.
std::vector<std::string> worker_command();

inline constexpr const char* kWorkerSocketVariable = "PLAIT_WORKER_FD";

// Memory that a run shares with each of its workers.
struct WorkerControl {
  static constexpr std::uint32_t kIdle = static_cast<std::uint32_t>(-1);
  std::atomic<bool> cancelled = false;         // set by the run
  std::atomic<std::uint32_t> current = kIdle;  // the task of the batch that the worker is at
};

}  // namespace plait
