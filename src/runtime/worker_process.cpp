#include "runtime/worker_process.h"

#include <errno.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <mutex>
#include <new>
#include <vector>

extern char** environ;

namespace plait {
namespace {

constexpr int kSocketInChild = 3;
constexpr int kPatienceMs = 500;
constexpr int kMaxStarts = 3;

// Of this process; a fork starts with none.
struct IdleProcesses {
  std::mutex mutex;
  pid_t owner = 0;
  std::vector<std::unique_ptr<WorkerProcess>> list;

  std::vector<std::unique_ptr<WorkerProcess>>& of_this_process() {
    if (owner != ::getpid()) {
      // The children belong to the process that was forked: they are neither used nor ended here.
      for (auto& process : list) {
        process->channel().close();
        [[maybe_unused]] const WorkerProcess* left_alone = process.release();
      }
      list.clear();
      owner = ::getpid();
    }
    return list;
  }

  // The one that worked last, or none.
  std::unique_ptr<WorkerProcess> take() {
    std::lock_guard lock(mutex);
    auto& all = of_this_process();
    if (all.empty()) return nullptr;
    std::unique_ptr<WorkerProcess> last = std::move(all.back());
    all.pop_back();
    return last;
  }
};

IdleProcesses& idle() {
  static auto* instance = [] {
    auto* made = new IdleProcesses;
    std::atexit([] {
      std::lock_guard lock(idle().mutex);
      idle().of_this_process().clear();
    });
    return made;
  }();
  return *instance;
}

std::vector<std::string> environment_of_worker() {
  std::vector<std::string> variables;
  for (char** entry = environ; *entry; ++entry) variables.emplace_back(*entry);
  variables.push_back(fmt::format("{}={}", kWorkerSocketVariable, kSocketInChild));
  return variables;
}

std::vector<char*> pointers_to(std::vector<std::string>& words) {
  std::vector<char*> pointers;
  for (std::string& word : words) pointers.push_back(word.data());
  pointers.push_back(nullptr);
  return pointers;
}

}  // namespace

pid_t start_child(std::vector<std::string> command, int socket, bool has_own_group,
                  const std::vector<std::string>& variables) {
  std::vector<std::string> environment = environment_of_worker();
  environment.insert(environment.end(), variables.begin(), variables.end());
  posix_spawn_file_actions_t files;
  ::posix_spawn_file_actions_init(&files);
  ::posix_spawn_file_actions_adddup2(&files, socket, kSocketInChild);
  ::posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawnattr_t attributes;
  ::posix_spawnattr_init(&attributes);
  // Ctrl-C reaches a child, too: it waits until the child ignores it (run_worker).
  sigset_t blocked;
  ::sigemptyset(&blocked);
  ::sigaddset(&blocked, SIGINT);
  ::posix_spawnattr_setsigmask(&attributes, &blocked);
  ::posix_spawnattr_setpgroup(&attributes, 0);
  ::posix_spawnattr_setflags(&attributes,
                             static_cast<short>(POSIX_SPAWN_SETSIGMASK | (has_own_group ? POSIX_SPAWN_SETPGROUP : 0)));
  pid_t id = 0;
  const int error = ::posix_spawnp(&id, command[0].c_str(), &files, &attributes, pointers_to(command).data(),
                                   pointers_to(environment).data());
  ::posix_spawn_file_actions_destroy(&files);
  ::posix_spawnattr_destroy(&attributes);
  if (error != 0)
    throw Error(ErrorKind::runtime,
                fmt::format("cannot start a worker process ('{}'): {}", command[0], std::strerror(error)));
  return id;
}

std::unique_ptr<WorkerProcess> WorkerProcess::take(const std::atomic<bool>& cancelled) {
  std::vector<std::string> command = worker_command();
  while (std::unique_ptr<WorkerProcess> process = idle().take()) {
    // An idle child has nothing to say: something to receive means that it is gone.
    if (process->command_ == command && !process->channel().wait(0)) return process;
  }
  // One that somebody has ended at its start says nothing of the next one.
  for (int attempt = 1;; ++attempt) {
    std::unique_ptr<WorkerProcess> process = start(command);
    if (process->greet(cancelled)) return process;
    const std::string how = process->how_it_ended();
    if (attempt < kMaxStarts) continue;
    throw Error(ErrorKind::runtime, fmt::format("a worker process ('{}') ended before it could work: it {}, and so did "
                                                "{} others before",
                                                command[0], how, attempt - 1));
  }
}

std::unique_ptr<WorkerProcess> WorkerProcess::start(const std::vector<std::string>& command) {
  FileDescriptor memory(::memfd_create("plait-control", MFD_CLOEXEC));
  void* mapped = MAP_FAILED;
  if (memory && ::ftruncate(memory.number(), sizeof(WorkerControl)) == 0) {
    mapped = ::mmap(nullptr, sizeof(WorkerControl), PROT_READ | PROT_WRITE, MAP_SHARED, memory.number(), 0);
  }
  if (mapped == MAP_FAILED)
    throw Error(ErrorKind::runtime, std::string("cannot share memory with a worker process: ") + std::strerror(errno));
  auto* control = new (mapped) WorkerControl;
  auto [ours, theirs] = socket_pair();
  std::unique_ptr<WorkerProcess> process;
  try {
    const pid_t id = start_child(command, theirs.number());
    process.reset(new WorkerProcess(command, id, Channel(std::move(ours)), control));
  } catch (...) {
    ::munmap(mapped, sizeof(WorkerControl));
    throw;
  }
  process->control_memory_ = std::move(memory);
  return process;
}

// The child answers once it is ready to work.
bool WorkerProcess::greet(const std::atomic<bool>& cancelled) {
  const FileDescriptor memory = std::move(control_memory_);
  const int number = memory.number();
  if (!channel_.send(Record{}, std::span(&number, 1))) return false;
  while (!channel_.wait(10)) {
    if (!cancelled) continue;
    kill();
    throw Error(ErrorKind::cancelled, "the run was cancelled");
  }
  return channel_.receive().has_value();
}

void WorkerProcess::give_back(std::unique_ptr<WorkerProcess> process) {
  std::lock_guard lock(idle().mutex);
  idle().of_this_process().push_back(std::move(process));
}

WorkerProcess::~WorkerProcess() {
  channel_.close();
  if (!reap(kPatienceMs)) {
    ::kill(id_, SIGKILL);
    reap(-1);
  }
  ::munmap(control_, sizeof(WorkerControl));
}

void WorkerProcess::kill() {
  if (is_reaped_) return;
  ::kill(id_, SIGKILL);
  reap(-1);
}

std::string WorkerProcess::how_it_ended() {
  if (!reap(kPatienceMs)) return "closed its connection";
  if (WIFSIGNALED(status_))
    return fmt::format("killed by signal {} ({})", WTERMSIG(status_), ::strsignal(WTERMSIG(status_)));
  return fmt::format("exited with code {}", WEXITSTATUS(status_));
}

bool WorkerProcess::was_killed() const {
  if (!is_reaped_ || !WIFSIGNALED(status_)) return false;
  const int signal = WTERMSIG(status_);
  return signal == SIGKILL || signal == SIGTERM || signal == SIGINT || signal == SIGHUP || signal == SIGQUIT;
}

// Negative: for as long as it takes.
bool WorkerProcess::reap(int timeout_ms) {
  for (int waited_ms = 0; !is_reaped_; ++waited_ms) {
    const pid_t ended = ::waitpid(id_, &status_, timeout_ms < 0 ? 0 : WNOHANG);
    if (ended < 0 && errno == EINTR) continue;
    if (ended != 0) {
      is_reaped_ = true;  // also if somebody else has reaped it
      watched_.reset();
      break;
    }
    if (waited_ms >= timeout_ms) return false;
    const timespec millisecond{0, 1'000'000};
    ::nanosleep(&millisecond, nullptr);
  }
  return true;
}

}  // namespace plait
