#include "kernels/table/label_kernels.h"

#include "kernels/table/define_kernels.h"

namespace plait {

using namespace table_kernels;  // NOLINT: the helpers by which kernels are defined

void register_label_kernels() {
  many(table_kernel::align_rows, "The rows of one table in the order of the labels of several", align_rows);
  one(table_kernel::loc_labels, "Rows by their labels", loc_labels);
  one(table_kernel::recode, "Values in other categories", recode);
  one(table_kernel::category_codes, "The positions of values among their categories", category_codes);
}

}  // namespace plait
