#include "collections/start.h"

#include <mutex>
#include <vector>

#include "base/value.h"
#include "collections/array/array_start.h"
#include "collections/bag/bag_start.h"
#include "collections/dataframe/frame_start.h"
#include "collections/delayed/collections.h"
#include "expr/plan.h"
#include "graph/graph.h"
#include "runtime/parcel.h"

namespace plait {
namespace {

std::vector<void (*)()>& added_starts() {
  static std::vector<void (*)()> starts;
  return starts;
}

}  // namespace

bool add_start(void (*more)()) {
  added_starts().push_back(more);
  return true;
}

void start_all() {
  start();
  for (void (*more)() : added_starts()) more();
}

void start() {
  static std::once_flag once;
  std::call_once(once, [] {
    register_base_value_types();
    register_graph_kernels();
    register_parcels();
    register_expr_kernels();
    start_arrays();
    start_frames();
    start_bags();
    register_delayed_kernels();
  });
}

}  // namespace plait
