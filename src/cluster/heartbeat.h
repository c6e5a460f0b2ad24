// HeartbeatThread: says every now and then that this process lives, whatever its other threads do. It has a connection
// of its own, so that no value on its way can hold a heartbeat up.
#pragma once

#include <condition_variable>
#include <mutex>
#include <thread>

#include "cluster/handshake.h"

namespace plait::cluster {

class HeartbeatThread {
 public:
  // Throws what knock() throws.
  HeartbeatThread(const Address& scheduler, const Hello& hello);
  HeartbeatThread(const HeartbeatThread&) = delete;
  HeartbeatThread& operator=(const HeartbeatThread&) = delete;
  ~HeartbeatThread();

 private:
  void beat();

  const FileDescriptor socket_;
  std::mutex mutex_;
  std::condition_variable wake_;
  bool is_over_ = false;
  std::thread thread_;
};

}  // namespace plait::cluster
