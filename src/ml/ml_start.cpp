#include "ml/ml_start.h"

#include <mutex>

#include "collections/start.h"
#include "ml/column_moments.h"
#include "ml/forest.h"
#include "ml/kept_rows.h"
#include "ml/kmeans.h"
#include "ml/linear/glm_fit.h"
#include "ml/metrics.h"
#include "ml/row_fold.h"
#include "ml/row_map.h"
#include "ml/row_sample.h"
#include "ml/row_split.h"
#include "ml/text/text_rows.h"
#include "ml/whole_sums.h"

namespace plait::ml {

void start_ml() {
  static std::once_flag once;
  std::call_once(once, [] {
    plait::start();
    register_fold_kernels();
    register_whole_sum_kernels();
    register_forest_kernels();
    register_kmeans_kernels();
    register_row_map_kernels();
    register_kept_kernels();
    register_metric_kernels();
    register_sample_kernels();
    register_split_kernels();
    register_linear_kernels();
    register_moments_kernels();
    register_text_kernels();
  });
}

namespace {
// A worker process of a C++ program reads tasks of this module before the program has called any of it.
const bool is_added = add_start(start_ml);
}  // namespace

}  // namespace plait::ml
