// Writing the blocks of an array to their places in a target.
#pragma once

#include "base/function.h"
#include "base/shared.h"
#include "collections/array/array_meta.h"
#include "expr/expr.h"
#include "plait/array/store.h"

namespace plait {

// Block i is one True, made when block i of the array has been written to its place within `region`.
struct StoreBlocks final : Op<StoreBlocks> {
  ExprPtr array;
  Shared<Value> target;  // a Function, or a callable of another language
  Token identity;        // stands for the target: its name or content, or unlike all others where it has none
  Spans region;          // one an axis
  static constexpr auto op_name = "store";
  static constexpr auto fields =
      std::tuple{&StoreBlocks::array, &StoreBlocks::target, &StoreBlocks::identity, &StoreBlocks::region};

  Origin origin() const override;
  Token compute_token() const override;
  MetaPtr infer_meta() const override;
  BlockTask block_task(std::int64_t block) const override;
};

struct StoreCall {
  Shared<Value> target;
  TargetPlace place;
  static constexpr auto fields = std::tuple{&StoreCall::target, &StoreCall::place};
};
// The True that stands for a block that has been written.
Value written_block(const TargetPlace& place);
// As the engine calls a C++ target.
Function::Run target_runner(BlockTarget::Write write);

// Calls a Python function; defined by the Python face.
inline constinit KernelId<StoreCall> call_python_to_store{"call_python_to_store"};

void register_store_kernel();

}  // namespace plait
