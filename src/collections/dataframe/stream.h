// A source of rows and everything that is done row by row with them, as one task a block that works batch by batch:
// what a batch holds stays in cache from the file to the partial aggregates.
#pragma once

#include <string>
#include <vector>

#include "collections/dataframe/frame_op.h"
#include "expr/plan.h"
#include "kernels/table/groupby.h"
#include "kernels/table/table_kernels.h"

namespace plait {

// One thing that comes out of a stream.
struct StreamOutput {
  enum class Kind : std::uint8_t { rows, head, partial, groupby };

  Kind kind = Kind::rows;
  std::uint32_t place = 0;        // 0: the batch itself, i: the result of step i - 1
  std::int64_t n = 0;             // head: so many rows; the stream stops when every output has enough
  KernelCall partial;             // partial: of each batch
  KernelCall combine;             // partial: of what the batches gave
  std::vector<GroupBySpec> spec;  // groupby: one
  static constexpr auto fields = std::tuple{&StreamOutput::kind,    &StreamOutput::place,   &StreamOutput::n,
                                            &StreamOutput::partial, &StreamOutput::combine, &StreamOutput::spec};
};

struct StreamStep {
  KernelCall kernel;
  std::vector<std::uint32_t> inputs;  // places as in StreamOutput; from kStreamExtra on: extra inputs of the task
  bool numbers_rows = false;          // the kernel counts rows from 0: the numbers go on from batch to batch
  static constexpr auto fields = std::tuple{&StreamStep::kernel, &StreamStep::inputs, &StreamStep::numbers_rows};
};
inline constexpr std::uint32_t kStreamExtra = 1u << 30;

// One output is the task's value, several are a Sequence.
struct StreamParams {
  KernelCall source;  // reads a block at once; read_csv and read_parquet are known to give it in batches
  std::vector<StreamStep> steps;
  std::vector<StreamOutput> outputs;
  static constexpr auto fields = std::tuple{&StreamParams::source, &StreamParams::steps, &StreamParams::outputs};
};
inline constinit KernelId<StreamParams> stream_kernel{"frame_stream"};
void register_stream_kernel();

struct Stream final : Op<Stream>, FrameOp {
  ExprPtr reader;  // without operands; it is part of this node
  std::vector<StreamStep> steps;
  std::vector<StreamOutput> outputs;
  std::vector<ExprPtr> extras;  // of one partition each: scalars, and sides of joins that are looked up
  MetaPtr known_meta;           // of the only output; null: several
  std::string text;
  static constexpr auto op_name = "stream";
  static constexpr auto fields = std::tuple{&Stream::reader, &Stream::steps,      &Stream::outputs,
                                            &Stream::extras, &Stream::known_meta, &Stream::text};

  std::vector<ExprPtr> operands() const override { return extras; }
  ExprPtr with_operands(const std::vector<ExprPtr>& operands) const override;
  std::string describe() const override { return text; }
  BlockTask block_task(std::int64_t block) const override;
  bool is_blockwise() const override { return extras.empty(); }
  MetaPtr infer_meta() const override;
};

// One output of a stream with several.
struct StreamPart final : Op<StreamPart>, FrameOp {
  ExprPtr stream;
  std::int64_t part = 0;
  MetaPtr known_meta;
  static constexpr auto op_name = "stream_part";
  static constexpr auto fields = std::tuple{&StreamPart::stream, &StreamPart::part, &StreamPart::known_meta};

  BlockTask block_task(std::int64_t block) const override;
  MetaPtr infer_meta() const override { return known_meta; }
};

// The pass "stream_batches": after lowering.
Roots stream_batches(Roots roots);

}  // namespace plait
