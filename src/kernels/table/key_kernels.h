// The kernels of what is cut into parts by keys, and of values by their rank.
#pragma once

#include "base/kernel.h"
#include "kernels/table/distinct.h"
#include "kernels/table/key_parts.h"
#include "kernels/table/ranked_keys.h"

namespace plait {

// Part of register_table_kernels.
void register_key_kernels();

namespace table_kernel {

inline constinit KernelId<KeyPartsParams> key_parts{"table_key_parts"};
inline constinit KernelId<> with_positions{"table_with_positions"};
inline constinit KernelId<PositionPartsParams> position_parts{"table_position_parts"};
inline constinit KernelId<ReducePartsParams> reduce_parts{"table_reduce_parts"};
inline constinit KernelId<> add_parts{"table_add_parts"};
inline constinit KernelId<InOrderParams> in_order{"table_in_order"};
inline constinit KernelId<InOrderParams> without_positions{"table_without_positions"};
inline constinit KernelId<KeptRowsParams> candidate_rows{"table_candidate_rows"};
inline constinit KernelId<KeptRowsParams> kept_rows{"table_kept_rows"};
inline constinit KernelId<KeptRowsParams> take_kept{"table_take_kept"};
inline constinit KernelId<KeptRowsParams> mark_kept{"table_mark_kept"};
inline constinit KernelId<KeySamplesParams> key_samples{"table_key_samples"};
inline constinit KernelId<KeyBracketsParams> key_brackets{"table_key_brackets"};
inline constinit KernelId<> keys_within{"table_keys_within"};
inline constinit KernelId<> ranked_keys{"table_ranked_keys"};
// All inputs as a KeySet (key_set.h); and whether the rows of a series are among those of one.
inline constinit KernelId<> key_set{"table_key_set"};
inline constinit KernelId<> isin_keys{"table_isin_keys"};

}  // namespace table_kernel

}  // namespace plait
