// A worker that is some threads of this process, as long as the object lives.
#pragma once

#include <thread>

#include "cluster/worker.h"
#include "runtime/new_thread.h"

namespace plait::cluster {

class WorkerThread {
 public:
  // Joins. Throws what Worker() throws.
  explicit WorkerThread(const WorkerSettings& settings)
      : worker_(settings), thread_(new_thread([this] { worker_.run(); })) {}
  WorkerThread(const WorkerThread&) = delete;
  WorkerThread& operator=(const WorkerThread&) = delete;
  ~WorkerThread() {
    worker_.stop();
    thread_.join();
  }

 private:
  Worker worker_;
  std::thread thread_;
};

}  // namespace plait::cluster
