#include "plait/init.h"

#include "collections/start.h"
#include "runtime/worker_main.h"

namespace plait {

void init(int, char**) {
  start_all();
  run_worker_if_asked();
}

}  // namespace plait
