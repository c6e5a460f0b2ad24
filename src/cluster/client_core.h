// ClientCore: a program's connection to a scheduler, and what it knows of the keys that it wants. A thread of its own
// sends and receives; all that is public may be called on any thread. Shared by clients, futures, runs and values that
// are on the cluster.
//
// Who waits passes `poll`, which is called at least every 50 ms; what it throws goes through. Once the scheduler is
// gone, every wait ends with Error(runtime) that says so.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/fault.h"
#include "cluster/plain_data.h"
#include "graph/graph.h"
#include "runtime/parcel.h"
#include "runtime/run.h"
#include "scheduler/messages.h"

namespace plait::cluster {

struct TaskRan;

enum class WaitFor : std::uint8_t { all, any, first_error };

// What people call it.
const char* status_name(KeyStatus status);

// What who cancels a key says to those who ask for its result: in a word, and in some more.
struct CancelReason {
  std::string reason;
  std::string text;
};
struct KeyChange {
  std::string key;
  KeyStatus status = KeyStatus::pending;
};

// What a worker has answered to a function that was called outside of tasks.
struct WorkerAnswer {
  std::string worker;
  bool ok = true;
  Parcel parcel;  // of the result, or of the fault
};

class ClientCore : public std::enable_shared_from_this<ClientCore> {
 public:
  using Timeout = std::optional<std::chrono::milliseconds>;  // none: for ever
  using Keys = std::vector<std::string>;

  // Throws what knock() throws.
  static std::shared_ptr<ClientCore> connect(const std::string& address, const std::string& token,
                                             const std::string& name, std::chrono::milliseconds timeout);
  ClientCore(const ClientCore&) = delete;
  ClientCore& operator=(const ClientCore&) = delete;
  ~ClientCore();

  const std::string& address() const;
  const std::string& id() const;
  const std::string& scheduler_id() const;
  bool is_connected() const;
  // Says goodbye: the scheduler forgets what only this client wants.
  void close();

  // --- Work ---

  // The keys of `outputs` are wanted once more. What the graph takes from the cluster stays there.
  void submit(const Graph& graph, std::vector<message::NamedTask> outputs,
              const std::optional<message::Annotation>& annotation = std::nullopt);
  // The same, and `on_ran` hears of every task of the graph that runs: on a thread of the client, until `unwatch` has
  // returned. It must not call the client.
  using OnTaskRan = std::function<void(const TaskRan& ran)>;
  std::uint64_t submit_and_watch(const Graph& graph, std::vector<message::NamedTask> outputs,
                                 const std::optional<message::Annotation>& annotation, OnTaskRan on_ran);
  void unwatch(std::uint64_t watch);
  void scatter(const std::string& key, const Value& value, const std::vector<std::string>& workers,
               std::uint32_t num_copies);
  // Keys are counted: what was wanted twice must be released twice.
  void want(const Keys& keys);
  void release(const Keys& keys);
  void cancel(const Keys& keys, bool force, const CancelReason& why = {});
  // The same, and returns once they are cancelled here, and what builds on them.
  void cancel_now(const Keys& keys, bool force, const CancelReason& why, const Poll& poll);
  // What whoever has cancelled it says; nothing if nobody has, or has said anything.
  CancelReason why_cancelled(const std::string& key) const;
  void retry(const Keys& keys);
  // The graph whose one output is the key's value, or where it failed, that of the task which was the cause. Throws
  // Error(value) where no task makes it.
  Graph recipe(const std::string& key, const Poll& poll);
  // They run to their end even if nobody wants them any more.
  void fire_and_forget(const Keys& keys);

  // --- What is known ---

  KeyStatus status(const std::string& key) const;
  // All of them together; cheaper than one by one.
  std::vector<KeyStatus> statuses(const Keys& keys) const;
  std::uint64_t num_bytes(const std::string& key) const;
  // Why there is no value; nothing while there may be one.
  std::optional<Fault> fault(const std::string& key) const;
  // Called on a thread of the client with what has changed. Empty: nobody.
  void on_change(std::function<void(std::vector<KeyChange>)> told);

  // --- Waiting ---

  // False if the time was up.
  bool wait(const Keys& keys, WaitFor what, Timeout timeout, const Poll& poll) const;
  // In the order of the keys, once all of them are finished. Throws TaskError for the first that has no value.
  std::vector<Parcel> gather(const Keys& keys, const Poll& poll);
  // Throws Error(value) with the scheduler's words.
  PlainData ask(const std::string& what, const PlainData& arguments, const Poll& poll);
  // Calls the kernel on workers, by name, outside of all tasks; without names, on all.
  std::vector<WorkerAnswer> call(const KernelCall& call, const std::optional<std::vector<std::string>>& workers,
                                 const Poll& poll);
  // Every worker that comes from now on calls the kernel before its first task; without one, nothing of that name.
  void greet(const std::string& name, const std::optional<KernelCall>& call, const Poll& poll);
  message::Done request(message::FromClient message, const Poll& poll);
  message::ObjectReply request_object(message::ObjectRequest message, const Poll& poll);

 private:
  struct Impl;
  explicit ClientCore(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}

  const std::shared_ptr<Impl> impl_;
};

using ClientPtr = std::shared_ptr<ClientCore>;

// The client of this process for that scheduler: one that is open, or a new one.
ClientPtr client_for(const std::string& address);

}  // namespace plait::cluster
