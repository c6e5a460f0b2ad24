#include "ml/disk_blocks.h"

namespace plait::ml {
namespace {

constinit KernelId<DiskBlock> read_kernel{"ml_read_block"};

}  // namespace

DiskBlock DiskBlock::written(const std::shared_ptr<SpillFile>& file, const Value& block) {
  return {file, file->write(encode_value(block)), {}};
}

Value DiskBlock::read() const { return file ? decode_value(file->read(record)) : here; }

BlockTask DiskBlocks::block_task(std::int64_t block) const {
  const auto i = static_cast<std::size_t>(block);
  return {.call = read_kernel(blocks.at(i)), .inputs = {}, .output_bytes = num_bytes.at(i)};
}

MetaPtr BlockRange::infer_meta() const {
  Chunks chunks = array_meta(array).chunks();
  const auto begin = chunks.at(0).begin() + first;
  chunks[0] = std::vector<std::int64_t>(begin, begin + count);
  return make_array_meta(array_meta(array).dtype(), std::move(chunks));
}

void register_disk_kernels() {
  define(read_kernel, "A block that is kept on disk.",
         [](Inputs, const DiskBlock& block, const TaskContext&) { return block.read(); });
}

}  // namespace plait::ml
