// Blocks of an array that are kept on disk: what is read again and again, and is larger than memory.
#pragma once

#include <memory>
#include <vector>

#include "collections/array/array_meta.h"
#include "expr/expr.h"
#include "runtime/spill_file.h"

namespace plait::ml {

// A block in a file without a name, which goes with the last of its blocks; or, in another process, the block itself.
struct DiskBlock {
  std::shared_ptr<SpillFile> file;
  SpilledRecord record;
  Value here;

  static DiskBlock written(const std::shared_ptr<SpillFile>& file, const Value& block);
  // Throws Error(io) if the file is damaged.
  Value read() const;
};

struct DiskBlocks final : Op<DiskBlocks> {
  std::vector<DiskBlock> blocks;
  MetaPtr known_meta;
  Token known_token;
  std::vector<std::uint64_t> num_bytes;
  static constexpr auto op_name = "blocks_on_disk";
  static constexpr auto fields =
      std::tuple{&DiskBlocks::blocks, &DiskBlocks::known_meta, &DiskBlocks::known_token, &DiskBlocks::num_bytes};

  std::string describe() const override { return "on disk"; }
  MetaPtr infer_meta() const override { return known_meta; }
  Token compute_token() const override { return known_token; }
  BlockTask block_task(std::int64_t block) const override;
};

// Some neighbouring blocks of rows of an array whose columns are in one block.
struct BlockRange final : Op<BlockRange> {
  ExprPtr array;
  std::int64_t first = 0, count = 0;
  static constexpr auto op_name = "block_range";
  static constexpr auto fields = std::tuple{&BlockRange::array, &BlockRange::first, &BlockRange::count};

  std::string_view op() const override { return array->op(); }
  MetaPtr infer_meta() const override;
  BlockTask block_task(std::int64_t block) const override { return {.inputs = {{0, first + block}}}; }
};

void register_disk_kernels();

}  // namespace plait::ml

namespace plait {
// In a record a block stands whole.
template <>
struct Codec<ml::DiskBlock> {
  static void encode(Encoder& to, const ml::DiskBlock& block) { plait::encode(to, block.read()); }
  static ml::DiskBlock decode(Decoder& from) { return {nullptr, {}, plait::decode<Value>(from)}; }
};
}  // namespace plait
