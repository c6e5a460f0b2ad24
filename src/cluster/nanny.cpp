#include "cluster/nanny.h"

#include <errno.h>
#include <fmt/format.h>
#include <signal.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <condition_variable>
#include <cstdlib>
#include <fstream>
#include <mutex>
#include <optional>
#include <set>
#include <string_view>
#include <thread>
#include <utility>

#include "cluster/event_loop.h"
#include "cluster/worker_service.h"
#include "runtime/stopped_children.h"
#include "runtime/worker_main.h"
#include "runtime/worker_process.h"

namespace plait::cluster {
namespace {

using Clock = EventLoop::Clock;

// One that ends sooner after its start has not worked: it is started again so often.
constexpr auto kShortLife = std::chrono::seconds(1);
constexpr int kMaxShortLives = 3;

// The limit on a worker's memory counts what allocators reserve: Arrow's reserves a GiB at once unless it is told to
// take pages as it uses them.
constexpr auto kCountsWhatIsUsed = "MIMALLOC_ARENA_EAGER_COMMIT=0";

// How many processes of this machine were ended because there was no memory left.
std::uint64_t num_ended_for_memory() {
  static constexpr std::string_view kLine = "oom_kill ";
  std::ifstream counts("/proc/vmstat");
  for (std::string line; std::getline(counts, line);)
    if (line.starts_with(kLine)) return std::strtoull(line.c_str() + kLine.size(), nullptr, 10);
  return 0;
}

bool is_from_outside(int status) {
  if (!WIFSIGNALED(status)) return false;
  const int signal = WTERMSIG(status);
  return signal == SIGKILL || signal == SIGTERM || signal == SIGINT || signal == SIGHUP || signal == SIGQUIT;
}

std::string how_it_ended(int status) {
  if (WIFSIGNALED(status))
    return fmt::format("killed by signal {} ({})", WTERMSIG(status), ::strsignal(WTERMSIG(status)));
  return fmt::format("exited with code {}", WEXITSTATUS(status));
}

struct Process {
  Process(WorkerSettings given, Channel ours) : settings(std::move(given)), channel(std::move(ours)) {}

  WorkerSettings settings;
  pid_t id = 0;
  ExecutingPage page;
  FileDescriptor handle;  // tells that it has ended
  Channel channel;        // its end ends the worker
  Clock::time_point start = Clock::now();
  std::optional<WatchedChild> watched;
};

}  // namespace

struct Nanny::Impl {
  explicit Impl(Ended told) : ended(std::move(told)), command(worker_command()) {
    thread = std::thread([this] { loop.run(); });
  }

  // On the loop's thread, which lives as long as all its children: they get a signal when it ends.
  void start(const WorkerSettings& settings) {
    {
      std::lock_guard lock(mutex);
      if (is_closing) return;
    }
    try {
      auto [ours, theirs] = socket_pair();
      const auto process = std::make_shared<Process>(settings, Channel(std::move(ours)));
      process->id = start_child(command, theirs.number(), true, {kCountsWhatIsUsed});
      process->watched.emplace(process->id);
      process->handle = FileDescriptor(static_cast<int>(::syscall(SYS_pidfd_open, process->id, 0)));
      if (!process->handle)
        throw Error(ErrorKind::runtime, std::string("cannot watch a worker process: ") + ::strerror(errno));
      {
        std::lock_guard lock(mutex);
        all[settings.name] = process;
        if (is_closing) ::kill(-process->id, SIGKILL);  // whoever closes has not seen it
      }
      loop.watch(process->handle.number(), EPOLLIN, [this, process](std::uint32_t) { reap(process); });
      send_orders(process->channel, settings, process->page);
    } catch (const std::exception& error) {
      give_up(settings.name, error.what());
    }
  }

  void reap(const std::shared_ptr<Process>& process) {
    siginfo_t end{};
    if (::waitid(P_PID, static_cast<id_t>(process->id), &end, WEXITED | WNOHANG | WNOWAIT) == 0 && end.si_pid == 0)
      return;
    // What the worker has started, as long as its number is nobody else's.
    ::kill(-process->id, SIGKILL);
    process->watched.reset();
    int status = 0;
    ::waitpid(process->id, &status, 0);
    loop.forget(process->handle.number());
    bool is_wanted = false;
    const std::string name = process->settings.name;
    {
      std::lock_guard lock(mutex);
      const bool was_let_go = let_go.erase(name) > 0;
      is_wanted = !is_closing && !was_let_go && !process->page.leaves();
      all.erase(name);
      changed.notify_all();
    }
    const std::uint64_t before = std::exchange(ended_for_memory, num_ended_for_memory());
    const bool was_memory_short = WTERMSIG(status) == SIGKILL && ended_for_memory != before;
    const bool is_killed = is_from_outside(status) && !was_memory_short;
    ended(process->settings, process->id,
          !is_wanted  ? WorkerEnd::asked
          : is_killed ? WorkerEnd::killed
                      : WorkerEnd::died,
          process->page.tasks());
    if (!is_wanted) return;
    const bool was_short = Clock::now() - process->start < kShortLife;
    const bool has_failed = status != 0 && !is_from_outside(status);
    short_lives = was_short && has_failed ? short_lives + 1 : 0;
    if (short_lives > kMaxShortLives) return give_up(name, how_it_ended(status));
    start(process->settings);
  }

  void give_up(const std::string& name, const std::string& why) {
    std::lock_guard lock(mutex);
    failure = fmt::format("the worker {} cannot be started: {}", name, why);
    changed.notify_all();
  }

  void close(const std::vector<std::string>& told, std::chrono::milliseconds patience) {
    if (!thread.joinable()) return;
    {
      std::unique_lock lock(mutex);
      is_closing = true;
      for (const auto& [name, process] : all) {
        if (std::find(told.begin(), told.end(), name) == told.end()) ::kill(-process->id, SIGKILL);
      }
      changed.wait_for(lock, patience, [this] { return all.empty(); });
      for (const auto& [name, process] : all) ::kill(-process->id, SIGKILL);
      changed.wait_for(lock, std::chrono::seconds(5), [this] { return all.empty(); });
    }
    loop.stop();
    thread.join();
  }

  const Ended ended;
  const std::vector<std::string> command;
  EventLoop loop;
  std::thread thread;
  int short_lives = 0;                                      // one after the other
  std::uint64_t ended_for_memory = num_ended_for_memory();  // when a worker has last ended

  mutable std::mutex mutex;
  std::condition_variable changed;
  std::map<std::string, std::shared_ptr<Process>> all;
  std::set<std::string> let_go;
  std::string failure;
  bool is_closing = false;
};

Nanny::Nanny(Ended ended) : impl_(std::make_unique<Impl>(std::move(ended))) {}
Nanny::~Nanny() { impl_->close({}, std::chrono::milliseconds(0)); }

void Nanny::start(const WorkerSettings& settings) {
  impl_->loop.post([impl = impl_.get(), settings] { impl->start(settings); });
}

void Nanny::let_go(const std::string& name) {
  std::lock_guard lock(impl_->mutex);
  impl_->let_go.insert(name);
}

void Nanny::let_all_go() {
  std::lock_guard lock(impl_->mutex);
  impl_->is_closing = true;
}

std::map<std::string, pid_t> Nanny::processes() const {
  std::lock_guard lock(impl_->mutex);
  std::map<std::string, pid_t> ids;
  for (const auto& [name, process] : impl_->all) ids[name] = process->id;
  return ids;
}

std::string Nanny::failure() const {
  std::lock_guard lock(impl_->mutex);
  return impl_->failure;
}

void Nanny::close(const std::vector<std::string>& told, std::chrono::milliseconds patience) {
  impl_->close(told, patience);
}

}  // namespace plait::cluster
