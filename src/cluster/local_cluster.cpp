// LocalCluster: a scheduler in this process, and workers that a nanny starts, or threads of this process.
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <mutex>
#include <set>

#include "base/text.h"
#include "cluster/nanny.h"
#include "cluster/scheduler.h"
#include "cluster/start.h"
#include "cluster/token_file.h"
#include "cluster/worker_thread.h"
#include "plait/cluster.h"
#include "runtime/machine.h"

namespace plait {
namespace {

using cluster::Nanny;
using cluster::Scheduler;
using cluster::WorkerSettings;
using cluster::WorkerThread;

constexpr int kMaxWorkers = 1024;
constexpr std::uint64_t kMinMemoryLimit = std::uint64_t{16} << 20;

void check(const ClusterOptions& options) {
  if (options.n_workers && (*options.n_workers < 0 || *options.n_workers > kMaxWorkers))
    throw value_error(
        fmt::format("LocalCluster: n_workers must be between 0 and {}; found {}", kMaxWorkers, *options.n_workers));
  if (options.threads_per_worker < 0 || options.threads_per_worker > kMaxWorkers)
    throw value_error(fmt::format("LocalCluster: threads_per_worker must be between 1 and {}; found {}", kMaxWorkers,
                                  options.threads_per_worker));
  if (options.memory_limit_bytes != 0 && options.memory_limit_bytes < kMinMemoryLimit)
    throw value_error(fmt::format("LocalCluster: a worker needs more than the memory_limit of {}: at least {}",
                                  format_bytes(static_cast<double>(options.memory_limit_bytes)),
                                  format_bytes(static_cast<double>(kMinMemoryLimit))));
  for (const auto& [name, amount] : options.resources) {
    if (!(amount >= 0))
      throw value_error(
          fmt::format("LocalCluster: a resource is a number that is not negative; found {} of '{}'", amount, name));
  }
}

}  // namespace

struct LocalCluster::Impl {
  explicit Impl(const ClusterOptions& given)
      : options(resolved(given)),
        token(cluster::user_token()),
        scheduler({.host = options.host, .port = options.port, .token = token}) {
    if (options.processes)
      nanny = std::make_unique<Nanny>(
          [this](const WorkerSettings& worker, pid_t process, WorkerEnd how, const auto& executing) {
            if (how == WorkerEnd::asked) forget(worker.name);
            scheduler.process_ended(process, how, executing);
          });
    for (int i = 0; i < *options.n_workers; ++i) {
      const auto place = static_cast<std::size_t>(i);
      add(place < options.worker_names.size() ? options.worker_names[place] : "");
    }
  }
  ~Impl() { close(5); }

  static ClusterOptions resolved(ClusterOptions options) {
    cluster::start_cluster();
    check(options);
    const int cores = num_usable_cores();
    if (!options.n_workers) {
      const int threads = options.threads_per_worker;
      options.n_workers = threads > 0 ? std::max(1, cores / threads) : options.processes ? cores : 1;
    }
    const int share = std::max(1, *options.n_workers);
    if (options.threads_per_worker == 0) options.threads_per_worker = std::max(1, cores / share);
    if (options.memory_limit_bytes == 0)
      options.memory_limit_bytes = usable_memory_bytes() / static_cast<std::uint64_t>(share);
    return options;
  }

  std::string add(std::string name) {
    require_open();
    std::lock_guard lock(mutex);
    if (name.empty()) {
      while (names.contains(std::to_string(next_name))) ++next_name;
      name = std::to_string(next_name++);
    }
    if (!names.insert(name).second)
      throw value_error(
          fmt::format("LocalCluster: there is a worker '{}' already; give every worker its own name", name));
    const WorkerSettings settings{.scheduler = scheduler.address(),
                                  .token = token,
                                  .name = name,
                                  .nthreads = static_cast<std::uint32_t>(options.threads_per_worker),
                                  .memory_limit_bytes = options.memory_limit_bytes,
                                  .local_directory = options.local_directory,
                                  .resources = options.resources,
                                  .has_own_process = options.processes};
    if (nanny)
      nanny->start(settings);
    else
      threads[name] = std::make_unique<WorkerThread>(settings);
    return name;
  }

  void remove(const std::vector<std::string>& gone) {
    require_open();
    {
      std::lock_guard lock(mutex);
      for (const std::string& name : gone) {
        if (names.erase(name) == 0) throw value_error(fmt::format("LocalCluster: there is no worker '{}'", name));
        if (nanny) nanny->let_go(name);
      }
    }
    scheduler.retire(gone);
  }

  void require_open() const {
    if (is_closed) throw Error(ErrorKind::runtime, "the cluster at " + scheduler.address() + " has been closed");
  }

  // A worker that has left for good. Another one may have its name by now.
  void forget(const std::string& name) {
    std::lock_guard lock(mutex);
    if (!nanny->processes().contains(name)) names.erase(name);
  }

  void scale(int wanted) {
    require_open();
    if (wanted < 0 || wanted > kMaxWorkers)
      throw value_error(
          fmt::format("LocalCluster: cannot scale to {} workers, expected between 0 and {}", wanted, kMaxWorkers));
    std::size_t now = 0;
    {
      std::lock_guard lock(mutex);
      now = names.size();
    }
    const auto target = static_cast<std::size_t>(wanted);
    for (; now < target; ++now) add("");
    if (now == target) return;
    std::vector<std::string> gone = scheduler.workers_to_close(target);
    std::lock_guard lock(mutex);
    std::erase_if(gone, [&](const std::string& name) { return !names.contains(name); });
    // Those that have not come yet can go first.
    for (auto name = names.rbegin(); name != names.rend() && gone.size() < now - target; ++name) {
      if (std::find(gone.begin(), gone.end(), *name) == gone.end()) gone.push_back(*name);
    }
    gone.resize(now - target);
    for (const std::string& name : gone) {
      names.erase(name);
      if (nanny) nanny->let_go(name);
    }
    scheduler.retire(gone);
  }

  void close(double timeout_s) {
    if (is_closed.exchange(true)) return;
    const auto patience = std::chrono::milliseconds(static_cast<std::int64_t>(std::max(0.0, timeout_s) * 1000));
    const std::vector<std::string> told = scheduler.worker_names();
    if (nanny) nanny->let_all_go();
    scheduler.ask_workers_to_close(told);
    threads.clear();
    if (nanny) nanny->close(told, patience);
    scheduler.close();
  }

  const ClusterOptions options;
  const std::string token;
  Scheduler scheduler;
  std::unique_ptr<Nanny> nanny;  // where workers are processes
  std::mutex mutex;
  std::set<std::string> names;
  int next_name = 0;
  std::map<std::string, std::unique_ptr<WorkerThread>> threads;
  std::atomic<bool> is_closed = false;
};

LocalCluster::LocalCluster(const ClusterOptions& options) : impl_(std::make_unique<Impl>(options)) {}
LocalCluster::LocalCluster(LocalCluster&&) noexcept = default;
LocalCluster& LocalCluster::operator=(LocalCluster&&) noexcept = default;
LocalCluster::~LocalCluster() = default;

const std::string& LocalCluster::address() const { return impl_->scheduler.address(); }
const std::string& LocalCluster::scheduler_id() const { return impl_->scheduler.id(); }
bool LocalCluster::has_moved() const { return impl_->scheduler.has_moved(); }
int LocalCluster::threads_per_worker() const { return impl_->options.threads_per_worker; }
std::uint64_t LocalCluster::memory_limit_bytes() const { return impl_->options.memory_limit_bytes; }

std::vector<std::string> LocalCluster::worker_names() const {
  std::lock_guard lock(impl_->mutex);
  return {impl_->names.begin(), impl_->names.end()};
}

std::map<std::string, int> LocalCluster::worker_processes() const {
  std::map<std::string, int> processes;
  if (!impl_->nanny) return processes;
  for (const auto& [name, id] : impl_->nanny->processes()) processes[name] = id;
  return processes;
}

bool LocalCluster::wait_for_workers(int count, double timeout_s, const std::function<void()>& poll) const {
  const auto check = [&] {
    if (const std::string failure = impl_->nanny ? impl_->nanny->failure() : ""; !failure.empty())
      throw Error(ErrorKind::runtime, failure);
    if (poll) poll();
  };
  return impl_->scheduler.wait_for_workers(static_cast<std::size_t>(std::max(0, count)),
                                           std::chrono::milliseconds(static_cast<std::int64_t>(timeout_s * 1000)),
                                           check);
}

void LocalCluster::scale(int n_workers) { impl_->scale(n_workers); }
std::string LocalCluster::add_worker(const std::string& name) { return impl_->add(name); }
void LocalCluster::remove_worker(const std::string& name) { impl_->remove({name}); }
int LocalCluster::adaptive_target() const {
  impl_->require_open();
  return static_cast<int>(impl_->scheduler.adaptive_target());
}
void LocalCluster::close(double timeout_s) { impl_->close(timeout_s); }
bool LocalCluster::is_open() const { return !impl_->is_closed; }

}  // namespace plait
