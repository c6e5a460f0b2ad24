#include "runtime/executor.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <map>
#include <mutex>

#include "base/check.h"
#include "base/settings.h"
#include "base/text.h"
#include "runtime/process_executor.h"
#include "runtime/sync_executor.h"
#include "runtime/task_errors.h"
#include "runtime/thread_executor.h"

namespace plait {
namespace {

struct Registered {
  std::string name;
  MakeExecutor make;
  std::unique_ptr<Executor> executor;  // once it has been asked for
};

template <class E>
std::unique_ptr<Executor> make_executor() {
  return std::make_unique<E>();
}

class Registry {
 public:
  // Those of this machine come first; others register themselves.
  Registry() {
    add("sync", {"synchronous", "single-threaded"}, make_executor<SyncExecutor>);
    add("threads", {"threading"}, make_executor<ThreadExecutor>);
    add("processes", {"multiprocessing"}, make_executor<ProcessExecutor>);
  }

  void add(const std::string& name, const std::vector<std::string>& aliases, MakeExecutor make) {
    std::lock_guard lock(mutex_);
    const auto entry = std::make_shared<Registered>(name, make, nullptr);
    names_.push_back(name);
    PLAIT_CHECK(by_name_.emplace(name, entry).second);
    for (const std::string& alias : aliases) PLAIT_CHECK(by_name_.emplace(alias, entry).second);
  }

  Executor& get(const std::string& asked) {
    std::string name = asked;
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
    std::lock_guard lock(mutex_);
    const auto found = by_name_.find(name);
    if (found == by_name_.end()) throw unknown(asked, name);
    Registered& entry = *found->second;
    if (!entry.executor) entry.executor = entry.make();
    return *entry.executor;
  }

 private:
  Error unknown(const std::string& asked, const std::string& name) const {
    std::vector<std::string> known;
    for (const auto& [each, entry] : by_name_) known.push_back(each);
    std::string expected;
    for (std::size_t i = 0; i < names_.size(); ++i) {
      if (i > 0) expected += i + 1 == names_.size() ? " or " : ", ";
      expected += "'" + names_[i] + "'";
    }
    return value_error(
        fmt::format("there is no scheduler '{}'; expected {}{}", asked, expected, did_you_mean(name, known)));
  }

  std::mutex mutex_;
  std::vector<std::string> names_;  // without aliases, in the order of registration
  std::map<std::string, std::shared_ptr<Registered>> by_name_;
};

// Never destroyed: runs may be under way when the program ends.
Registry& registry() {
  static auto* instance = new Registry;
  return *instance;
}

constexpr const char* kReadBack = "its result, which could not be read where it was brought";

// Reading a value may run code of the user: what it throws names the task that has made the value.
Value opened_output(const Graph& graph, TaskId task, const Value& value) {
  try {
    return opened(value);
  } catch (...) {
    throw task_error(graph, task, std::current_exception(), kReadBack);
  }
}

}  // namespace

void register_executor(const std::string& name, const std::vector<std::string>& aliases, MakeExecutor make) {
  registry().add(name, aliases, make);
}

Executor& executor_named(const std::string& name) {
  return registry().get(name.empty() ? config::get_string(config::setting::scheduler) : name);
}

std::vector<Value> Executor::run_in_place(std::shared_ptr<const Graph> graph, RunOptions options) {
  return finished(std::move(graph), std::move(options))->values();
}

RunPtr Executor::finished(std::shared_ptr<const Graph> graph, RunOptions options) {
  const Poll poll = options.poll;
  RunPtr run = submit(std::move(graph), std::move(options));
  run->wait(poll);
  return run;
}

std::vector<Value> Executor::run(std::shared_ptr<const Graph> graph, RunOptions options) {
  const Poll poll = options.poll;
  const RunPtr run = finished(graph, std::move(options));
  run->bring_values(poll);
  std::vector<Value> values = run->values();
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!is_elsewhere(values[i])) continue;
    if (poll) poll();
    values[i] = opened_output(*graph, graph->outputs()[i], values[i]);
  }
  return values;
}

}  // namespace plait
