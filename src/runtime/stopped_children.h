// Children that somebody has stopped (SIGSTOP) would keep a run waiting for ever: they are ended after a moment, and
// their tasks run elsewhere.
#pragma once

#include <sys/types.h>

namespace plait {

// While it lives, the child is looked at about once a second. Thread-safe.
class WatchedChild {
 public:
  explicit WatchedChild(pid_t id);
  WatchedChild(const WatchedChild&) = delete;
  WatchedChild& operator=(const WatchedChild&) = delete;
  ~WatchedChild();

 private:
  const pid_t id_;
};

}  // namespace plait
