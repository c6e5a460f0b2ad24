// A cluster on this machine: worker processes that a scheduler gives tasks, and clients that give it work.
//
//   const auto square = plait::register_function<int>("square", [](int x) { return x * x; });
//   int main(int argc, char** argv) {
//     plait::init(argc, argv);                                   // a worker is this program, started again
//     plait::LocalCluster cluster({.n_workers = 2});
//     plait::Client client(cluster);
//     plait::ClusterFuture<int> nine = client.submit(square, 3);
//     plait::ClusterFuture<int> result = client.submit(square, nine);  // futures are inputs: the value stays where it
//     is std::cout << result.result(); std::cout << plait::random(...).mean().compute({.scheduler = "cluster"});
//   }
//
// A result lives on the cluster as long as a future of it does. Functions are registered by name, so that workers know
// them. A worker that dies is replaced, and what it held is computed again. Clients and futures may be used from any
// thread; copies of a future stand for the same result.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "plait/export.h"
#include "plait/graph.h"

namespace plait {

struct ClusterOptions {
  std::optional<int> n_workers;          // by default one for each usable core, with one thread each
  int threads_per_worker = 0;            // 0: the cores, shared out over the workers
  bool processes = true;                 // otherwise the workers are threads of this process
  std::uint64_t memory_limit_bytes = 0;  // of a worker; 0: its share of the machine's memory
  std::string local_directory;           // where values go that do not fit in memory; empty: the setting's
  std::map<std::string, double> resources;
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;                 // of the scheduler; 0: any that is free
  std::vector<std::string> worker_names;  // empty: "0", "1", ...
};

class PLAIT_API LocalCluster {
 public:
  // Returns once the scheduler listens; workers come when they are ready. Throws Error(value) for options that make no
  // sense, Error(runtime) if workers cannot be started.
  explicit LocalCluster(const ClusterOptions& options = {});
  LocalCluster(LocalCluster&&) noexcept;
  LocalCluster& operator=(LocalCluster&&) noexcept;
  // Closes.
  ~LocalCluster();

  // "tcp://127.0.0.1:41037", for clients in other programs of this user, too.
  const std::string& address() const;
  const std::string& scheduler_id() const;
  // The port that was asked for was in use, and another one was taken.
  bool has_moved() const;
  int threads_per_worker() const;
  std::uint64_t memory_limit_bytes() const;

  std::vector<std::string> worker_names() const;
  // Process ids by name; none for workers that are threads.
  std::map<std::string, int> worker_processes() const;
  // False if there are fewer after the time. `poll` is called now and then. Throws Error(runtime) if they cannot be
  // started.
  bool wait_for_workers(int count, double timeout_s, const std::function<void()>& poll = nullptr) const;

  // More or fewer workers; those that go hand over what only they hold. Returns at once.
  void scale(int n_workers);
  // The name that it got. Throws Error(value) if it is taken.
  std::string add_worker(const std::string& name = "");
  void remove_worker(const std::string& name);
  // How many workers the work that there is asks for.
  int adaptive_target() const;

  // Ends all workers; nothing of the cluster is left behind. Workers that do not stop within the time are ended.
  void close(double timeout_s = 5);
  bool is_open() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

namespace detail {

// A key that is held on the cluster, with its client. Defined in the library.
class ClusterKey;
using ClusterKeyPtr = std::shared_ptr<const ClusterKey>;

// An argument of a submitted call: a value, or the result of a future.
struct ClusterArgument {
  std::shared_ptr<const void> value;  // of an array: an NdArray
  const ObjectOps* ops = nullptr;     // null for an array
  ClusterKeyPtr future;               // in place of a value
};

PLAIT_API std::string cluster_key_state(const ClusterKeyPtr& key);
PLAIT_API void cluster_key_wait(const ClusterKeyPtr& key);
PLAIT_API void cluster_key_cancel(const ClusterKeyPtr& key);
PLAIT_API const std::string& cluster_key_text(const ClusterKeyPtr& key);
// The value, which lives as long as what is returned; an NdArray where `type` is null.
PLAIT_API std::shared_ptr<const void> cluster_key_value(const ClusterKeyPtr& key, const ObjectOps* type);

}  // namespace detail

// The result of a submitted call, somewhere on the cluster.
template <class T>
class ClusterFuture {
 public:
  explicit ClusterFuture(detail::ClusterKeyPtr key) : key_(std::move(key)) {}

  // "pending", "finished", "error", "lost" or "cancelled".
  std::string status() const { return detail::cluster_key_state(key_); }
  bool done() const { return status() != "pending"; }
  void wait() const { detail::cluster_key_wait(key_); }
  // Waits, and brings the value here. Throws the task's error, or Error(cancelled).
  T result() const {
    if constexpr (std::is_void_v<T>)
      detail::cluster_key_value(key_, nullptr);
    else if constexpr (std::is_same_v<T, NdArray>)
      return *static_cast<const NdArray*>(detail::cluster_key_value(key_, nullptr).get());
    else
      return *static_cast<const T*>(detail::cluster_key_value(key_, detail::ops_of<T>()).get());
  }
  void cancel() const { detail::cluster_key_cancel(key_); }
  const std::string& key() const { return detail::cluster_key_text(key_); }
  const detail::ClusterKeyPtr& handle() const { return key_; }

 private:
  detail::ClusterKeyPtr key_;
};

class PLAIT_API Client {
 public:
  // From here on the scheduler "cluster" means this one, until a later client is made or this one is closed. Throws
  // Error(io) if nobody answers, Error(runtime) if the scheduler refuses.
  explicit Client(const LocalCluster& cluster);
  explicit Client(const std::string& address, double timeout_s = 30);
  Client(Client&&) noexcept;
  Client& operator=(Client&&) noexcept;
  ~Client();

  // Calls a registered function with values and futures.
  template <class F, class... Params, class... Args>
    requires(sizeof...(Args) == sizeof...(Params))
  auto submit(const RegisteredFunction<F, Params...>& f, const Args&... arguments)
      -> ClusterFuture<typename RegisteredFunction<F, Params...>::Result> {
    return ClusterFuture<typename RegisteredFunction<F, Params...>::Result>(
        submit_calls(f.name, {{argument<Params>(arguments)...}}).front());
  }
  // One call for each item.
  template <class F, class Param, class T>
  auto map(const RegisteredFunction<F, Param>& f, const std::vector<T>& items) {
    std::vector<std::vector<detail::ClusterArgument>> calls;
    calls.reserve(items.size());
    for (const T& item : items) calls.push_back({argument<Param>(item)});
    std::vector<ClusterFuture<typename RegisteredFunction<F, Param>::Result>> futures;
    for (detail::ClusterKeyPtr& key : submit_calls(f.name, calls)) futures.emplace_back(std::move(key));
    return futures;
  }
  // All results, brought here together.
  template <class T>
  std::vector<T> gather(const std::vector<ClusterFuture<T>>& futures) const {
    std::vector<detail::ClusterKeyPtr> keys;
    for (const auto& future : futures) keys.push_back(future.handle());
    bring(keys);
    std::vector<T> results;
    for (const auto& future : futures) results.push_back(future.result());
    return results;
  }

  const std::string& address() const;
  bool is_connected() const;
  void close();

 private:
  template <class P>
  static detail::ClusterArgument argument(const ClusterFuture<P>& future) {
    return {nullptr, nullptr, future.handle()};
  }
  template <class P>
    requires(!std::is_same_v<P, NdArray>)
  static detail::ClusterArgument argument(const P& value) {
    return {std::make_shared<const P>(value), detail::ops_of<P>(), nullptr};
  }
  template <class P>
    requires(std::is_same_v<P, NdArray>)
  static detail::ClusterArgument argument(const P& value) {
    return {std::make_shared<const NdArray>(value), nullptr, nullptr};
  }

  std::vector<detail::ClusterKeyPtr> submit_calls(const std::string& function,
                                                  const std::vector<std::vector<detail::ClusterArgument>>& calls);
  static void bring(const std::vector<detail::ClusterKeyPtr>& keys);

  struct Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace plait
