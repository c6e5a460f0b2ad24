#include "runtime/stopped_children.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <map>
#include <mutex>
#include <thread>

namespace plait {
namespace {

constexpr auto kInterval = std::chrono::seconds(1);
// Whoever stops all processes of a terminal (Ctrl-Z) and continues them is not meant.
constexpr int kPatience = 2;

bool is_stopped(pid_t id) {
  siginfo_t info = {};
  return ::waitid(P_PID, static_cast<id_t>(id), &info, WSTOPPED | WNOHANG | WNOWAIT) == 0 && info.si_pid == id;
}

// Never destroyed: its thread may outlive every static object.
class Watch {
 public:
  static Watch& instance() {
    static auto* watch = new Watch;
    return *watch;
  }

  void add(pid_t id) {
    std::lock_guard lock(mutex_);
    children_[id] = 0;
    if (owner_ == ::getpid()) return;
    owner_ = ::getpid();  // a fork has no thread yet
    std::thread([this] { look_for_ever(); }).detach();
  }
  // A child that is not watched any more is not ended, whoever has its number then.
  void remove(pid_t id) {
    std::lock_guard lock(mutex_);
    children_.erase(id);
  }

 private:
  void look_for_ever() {
    while (true) {
      std::this_thread::sleep_for(kInterval);
      std::lock_guard lock(mutex_);
      for (auto& [id, times_stopped] : children_) {
        times_stopped = is_stopped(id) ? times_stopped + 1 : 0;
        if (times_stopped == kPatience) ::kill(id, SIGKILL);
      }
    }
  }

  std::mutex mutex_;
  std::map<pid_t, int> children_;  // and how often they were found stopped
  pid_t owner_ = 0;
};

}  // namespace

WatchedChild::WatchedChild(pid_t id) : id_(id) { Watch::instance().add(id_); }
WatchedChild::~WatchedChild() { Watch::instance().remove(id_); }

}  // namespace plait
