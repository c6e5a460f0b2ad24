// WorkerProcess: a child of this program that runs tasks. Children are started when first needed, kept between runs,
// and end with this process, however it ends.
#pragma once

#include <sys/types.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "runtime/channel.h"
#include "runtime/parts.h"
#include "runtime/stopped_children.h"
#include "runtime/worker_main.h"

namespace plait {

// Starts a child with a worker command (worker_main.h), to which `socket` leads. With a group of its own, what it
// starts itself can be ended with it. Throws Error(runtime).
pid_t start_child(std::vector<std::string> command, int socket, bool has_own_group = false,
                  const std::vector<std::string>& variables = {});

class WorkerProcess {
 public:
  // A child that was started with today's worker command, idle or new, ready to work. Throws Error(runtime) if it
  // cannot be started, Error(cancelled) if `cancelled` is set meanwhile.
  static std::unique_ptr<WorkerProcess> take(const std::atomic<bool>& cancelled);
  // Keeps it for the next run.
  static void give_back(std::unique_ptr<WorkerProcess> process);

  WorkerProcess(const WorkerProcess&) = delete;
  WorkerProcess& operator=(const WorkerProcess&) = delete;
  // Ends the child and waits for it.
  ~WorkerProcess();

  Channel& channel() { return channel_; }
  WorkerControl& control() { return *control_; }
  // What it keeps.
  PartsAtWorker& parts() { return parts_; }
  pid_t id() const { return id_; }
  void kill();
  // After the other end of the channel is gone: "killed by signal 9 (Killed)", "exited with code 3".
  std::string how_it_ended();
  // ... whether somebody else may have ended it: a signal that no mistake in a task raises.
  bool was_killed() const;

 private:
  WorkerProcess(std::vector<std::string> command, pid_t id, Channel channel, WorkerControl* control)
      : command_(std::move(command)),
        id_(id),
        channel_(std::move(channel)),
        control_(control),
        watched_(std::in_place, id) {}
  static std::unique_ptr<WorkerProcess> start(const std::vector<std::string>& command);
  // False if the child ended before it could work.
  bool greet(const std::atomic<bool>& cancelled);
  bool reap(int timeout_ms);

  const std::vector<std::string> command_;
  pid_t id_;
  Channel channel_;
  WorkerControl* control_;
  FileDescriptor control_memory_;
  PartsAtWorker parts_;
  int status_ = 0;
  bool is_reaped_ = false;
  std::optional<WatchedChild> watched_;  // until it is reaped
};

}  // namespace plait
