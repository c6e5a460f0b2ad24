#include "collections/array/array_start.h"

#include "collections/array/array_meta.h"
#include "collections/array/map_function.h"
#include "collections/array/store_blocks.h"
#include "kernels/array/array_kernels.h"
#include "kernels/array/contract.h"
#include "kernels/array/counting.h"
#include "kernels/array/cumulate.h"
#include "kernels/array/diagonal.h"
#include "kernels/array/distinct.h"
#include "kernels/array/factorize.h"
#include "kernels/array/gather.h"
#include "kernels/array/generate.h"
#include "kernels/array/lu.h"
#include "kernels/array/quantile.h"
#include "kernels/array/random/random_kernels.h"
#include "kernels/array/ranks.h"
#include "kernels/array/searching.h"
#include "kernels/array/topk.h"
#include "kernels/array/views.h"

namespace plait {

void start_arrays() {
  register_meta_reader("array", ArrayMeta::read);
  register_array_kernels();
  register_view_kernels();
  register_gather_kernels();
  register_generate_kernels();
  register_random_kernels();
  register_cumulate_kernels();
  register_topk_kernels();
  register_counting_kernels();
  register_searching_kernels();
  register_distinct_kernels();
  register_quantile_kernels();
  register_rank_kernels();
  register_diagonal_kernels();
  register_contract_kernels();
  register_factorize_kernels();
  register_lu_kernels();
  register_map_function_kernel();
  register_store_kernel();
}

}  // namespace plait
