// Blocks that are already there, as a node of a plan.
#include "base/elsewhere.h"
#include "expr/plan.h"

namespace plait {
namespace {

struct Blocks final : Op<Blocks> {
  std::vector<Value> blocks;
  MetaPtr known_meta;
  Token known_token;
  std::string shown_op;

  static constexpr auto op_name = "blocks";
  static constexpr auto fields =
      std::tuple{&Blocks::known_meta, &Blocks::known_token, &Blocks::shown_op, &Blocks::blocks};

  std::string_view op() const override { return shown_op; }
  std::string describe() const override { return "in memory"; }
  MetaPtr infer_meta() const override { return known_meta; }
  Token compute_token() const override { return known_token; }
  BlockTask block_task(std::int64_t block) const override {
    const Value& value = blocks.at(block);
    // Blocks may still be where they were made; how much memory it takes to open one is not known before.
    return {.call = literal_kernel(value), .inputs = {}, .output_bytes = is_elsewhere(value) ? 0 : value.num_bytes()};
  }
};

}  // namespace

ExprPtr blocks_expr(MetaPtr meta, std::vector<Value> blocks, Token token, std::string op) {
  PLAIT_CHECK(static_cast<std::int64_t>(blocks.size()) == meta->num_blocks());
  auto node = new_node<Blocks>();
  node->blocks = std::move(blocks);
  node->known_meta = std::move(meta);
  node->known_token = token;
  node->shown_op = std::move(op);
  node->finish();
  return node;
}

}  // namespace plait
