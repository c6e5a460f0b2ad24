#include "cluster/start.h"

#include <mutex>

#include "cluster/cluster_executor.h"
#include "cluster/failures.h"
#include "cluster/remote_value.h"
#include "cluster/unsendable.h"
#include "cluster/worker_service.h"
#include "runtime/open_files.h"

namespace plait::cluster {

void start_cluster() {
  static std::once_flag once;
  std::call_once(once, [] {
    register_remote_values();
    register_unsendable();
    register_killed_workers();
    register_cluster_executor();
    register_worker_service();
    allow_many_open_files();
  });
}

}  // namespace plait::cluster
