#include "runtime/executor.h"

#include "base/text.h"
#include "runtime/process_executor.h"
#include "runtime/sync_executor.h"
#include "runtime/thread_executor.h"

namespace plait {

Executor& executor_named(const std::string& name) {
  if (name == "sync" || name == "synchronous" || name == "single-threaded") {
    static auto* executor = new SyncExecutor;
    return *executor;
  }
  if (name == "threads" || name == "threading") {
    static auto* executor = new ThreadExecutor;
    return *executor;
  }
  if (name == "processes" || name == "multiprocessing") {
    static auto* executor = new ProcessExecutor;
    return *executor;
  }
  const std::vector<std::string> known = {"sync", "threads", "processes"};
  throw value_error("unknown scheduler '" + name + "': expected sync, threads or processes" +
                    did_you_mean(name, known));
}

}  // namespace plait
