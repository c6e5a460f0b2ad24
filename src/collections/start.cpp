#include "collections/start.h"

#include <mutex>

#include "base/value.h"
#include "collections/dataframe/frame_kernels.h"
#include "collections/dataframe/frame_passes.h"
#include "collections/dataframe/read_csv.h"
#include "collections/dataframe/stream.h"
#include "expr/plan.h"
#include "graph/graph.h"

namespace plait {

void start() {
  static std::once_flag once;
  std::call_once(once, [] {
    register_base_value_types();
    register_graph_kernels();
    register_expr_kernels();
    register_table_kernels();
    register_frame_kernels();
    register_read_csv_kernels();
    register_stream_kernel();
    register_frame_passes();
  });
}

}  // namespace plait
