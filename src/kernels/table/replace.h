// Values replaced by others.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/kernel.h"
#include "kernels/table/table_value.h"

namespace plait {

// The pairs of a column ("": of every column that has none of its own) are looked for all at once; of two for the same
// value the last counts. A value that the column cannot have is nowhere in it; a missing one stands for all missing
// values. Throws NoNativeForm where the type of the result depends on the data: 1.5 in place of an integer, say.
struct ReplaceParams {
  std::map<std::string, std::vector<std::pair<Literal, Literal>>> pairs;
  static constexpr auto fields = std::tuple{&ReplaceParams::pairs};
};
Table replace(const Table& table, const ReplaceParams& params);

namespace table_kernel {
inline constinit KernelId<ReplaceParams> replace{"table_replace"};
}

}  // namespace plait
