#include "collections/start.h"

#include <mutex>

#include "base/value.h"
#include "collections/array/array_start.h"
#include "collections/bag/bag_start.h"
#include "collections/dataframe/frame_start.h"
#include "collections/delayed/collections.h"
#include "expr/plan.h"
#include "graph/graph.h"
#include "runtime/parcel.h"

namespace plait {

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
