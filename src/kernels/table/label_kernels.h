// The kernels of rows by label and of categories.
#pragma once

#include "base/kernel.h"
#include "kernels/table/align.h"
#include "kernels/table/categories.h"
#include "kernels/table/labels.h"

namespace plait {

// Part of register_table_kernels.
void register_label_kernels();

namespace table_kernel {

inline constinit KernelId<AlignParams> align_rows{"table_align_rows"};
inline constinit KernelId<LocLabelsParams> loc_labels{"table_loc_labels"};
inline constinit KernelId<RecodeParams> recode{"table_recode"};
inline constinit KernelId<CategoryCodesParams> category_codes{"table_category_codes"};

}  // namespace table_kernel

}  // namespace plait
