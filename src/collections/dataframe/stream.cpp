#include "collections/dataframe/stream.h"

#include <memory>

#include "collections/dataframe/batch_source.h"
#include "kernels/table/groupby.h"
#include "kernels/table/rows.h"

namespace plait {
namespace {

// Beyond so many partials of batches they are combined into one.
constexpr std::size_t kMaxPendingPartials = 32;

// Takes one batch after the other and gives its result at the end.
class Sink {
 public:
  virtual ~Sink() = default;
  virtual void take(const Value& batch, const TaskContext& context) = 0;
  virtual Value finish(const TaskContext& context) = 0;
  virtual bool has_enough() const { return false; }
};

class RowsSink final : public Sink {
 public:
  explicit RowsSink(std::int64_t limit) : limit_(limit) {}

  void take(const Value& batch, const TaskContext&) override {
    const Table& table = batch.as<Table>();
    num_rows_ += table.num_rows();
    if (table.num_rows() > 0 || batches_.empty()) batches_.push_back(table);
  }
  Value finish(const TaskContext&) override {
    // An empty first batch only tells the schema.
    if (batches_.size() > 1 && batches_.front().num_rows() == 0) batches_.erase(batches_.begin());
    Table whole = batches_.size() == 1 ? std::move(batches_.front())
                                       : concat(batches_, partition_concat(batches_.front().form()));
    return Value::of(limit_ < 0 ? std::move(whole) : head(whole, {limit_}));
  }
  bool has_enough() const override { return limit_ >= 0 && num_rows_ >= limit_; }

 private:
  std::int64_t limit_;
  std::int64_t num_rows_ = 0;
  std::vector<Table> batches_;
};

class PartialSink final : public Sink {
 public:
  PartialSink(KernelCall partial, KernelCall combine) : partial_(std::move(partial)), combine_(std::move(combine)) {}

  void take(const Value& batch, const TaskContext& context) override {
    pending_.push_back(partial_.run(std::span(&batch, 1), context));
    if (pending_.size() >= kMaxPendingPartials) pending_ = {combine_.run(pending_, context)};
  }
  Value finish(const TaskContext& context) override {
    return pending_.size() == 1 ? pending_.front() : combine_.run(pending_, context);
  }

 private:
  KernelCall partial_;
  KernelCall combine_;
  std::vector<Value> pending_;
};

class GroupBySink final : public Sink {
 public:
  explicit GroupBySink(const GroupBySpec& spec) : state_(spec) {}

  void take(const Value& batch, const TaskContext&) override { state_.update(batch.as<Table>()); }
  Value finish(const TaskContext&) override { return Value::of(state_.take()); }

 private:
  GroupByState state_;
};

std::unique_ptr<Sink> sink_for(const StreamOutput& output) {
  switch (output.kind) {
    case StreamOutput::Kind::rows:
      return std::make_unique<RowsSink>(-1);
    case StreamOutput::Kind::head:
      return std::make_unique<RowsSink>(output.n);
    case StreamOutput::Kind::partial:
      return std::make_unique<PartialSink>(output.partial, output.combine);
    case StreamOutput::Kind::groupby:
      break;
  }
  return std::make_unique<GroupBySink>(output.spec.at(0));
}

class Pump {
 public:
  Pump(Inputs extras, const StreamParams& params, const TaskContext& context)
      : extras_(extras), params_(params), context_(context), inner_context_(context.without_destination()) {
    for (const StreamOutput& output : params.outputs) sinks_.push_back(sink_for(output));
    num_rows_.resize(params.steps.size(), 0);
  }

  void push(Table batch) {
    context_.check_cancelled();
    std::vector<Value> places{Value::of(std::move(batch))};
    std::vector<Value> inputs;
    for (std::size_t i = 0; i < params_.steps.size(); ++i) {
      const StreamStep& step = params_.steps[i];
      inputs.clear();
      for (std::uint32_t place : step.inputs) {
        inputs.push_back(place >= kStreamExtra ? extras_[place - kStreamExtra] : places[place]);
      }
      Value result = step.kernel.run(inputs, inner_context_);
      places.push_back(step.numbers_rows ? numbered_on(result.as<Table>(), num_rows_[i]) : std::move(result));
    }
    for (std::size_t i = 0; i < sinks_.size(); ++i) sinks_[i]->take(places[params_.outputs[i].place], inner_context_);
  }

  bool has_enough() const {
    for (const auto& sink : sinks_) {
      if (!sink->has_enough()) return false;
    }
    return true;
  }

  Value finish() {
    if (sinks_.size() == 1) return sinks_.front()->finish(inner_context_);
    Sequence results;
    for (const auto& sink : sinks_) results.items.push_back(sink->finish(inner_context_));
    return Value::of(std::move(results));
  }

 private:
  // The rows with numbers that go on from those before.
  static Value numbered_on(const Table& rows, std::int64_t& num_rows) {
    IndexSpec numbers = rows.index();
    if (!numbers.is_range()) return Value::of(rows);
    numbers.start += num_rows * numbers.step;
    num_rows += rows.num_rows();
    return Value::of(rows.with_index(std::move(numbers)));
  }

  Inputs extras_;
  const StreamParams& params_;
  const TaskContext& context_;
  TaskContext inner_context_;
  std::vector<std::unique_ptr<Sink>> sinks_;
  std::vector<std::int64_t> num_rows_;  // that each step has given
};

Value run_stream(Inputs inputs, const StreamParams& params, const TaskContext& context) {
  Pump pump(inputs, params, context);
  const auto source = batch_source(params.source, context);
  bool is_first = true;
  while (!pump.has_enough()) {
    std::optional<Table> batch = source->next();
    if (!batch && !is_first) break;
    // A block without rows still has its schema.
    pump.push(batch ? std::move(*batch) : source->empty());
    is_first = false;
    if (!batch) break;
  }
  if (is_first) pump.push(source->empty());
  return pump.finish();
}

// Several outputs side by side: only the number of blocks is known of them together.
class StreamsMeta final : public Meta {
 public:
  explicit StreamsMeta(std::int64_t npartitions) : npartitions_(npartitions) {}
  std::vector<std::int64_t> grid() const override { return {npartitions_}; }
  std::string describe() const override { return "several results a block"; }
  Value assemble(std::vector<Value> blocks) const override { return Value::of(Sequence{std::move(blocks)}); }

 private:
  std::int64_t npartitions_;
};

}  // namespace

void register_stream_kernel() { define(stream_kernel, "Batches of a block, each through a few kernels.", run_stream); }

ExprPtr Stream::with_operands(const std::vector<ExprPtr>& operands) const {
  const SourceScope scope(source());
  return make_expr<Stream>(reader, steps, outputs, operands, known_meta, text);
}

MetaPtr Stream::infer_meta() const {
  if (known_meta) return known_meta;
  return std::make_shared<StreamsMeta>(frame_meta(reader).npartitions());
}

BlockTask Stream::block_task(std::int64_t block) const {
  BlockTask task{.call = stream_kernel({reader->block_task(block).call, steps, outputs})};
  for (std::uint32_t i = 0; i < extras.size(); ++i) task.inputs.push_back({.operand = i, .block = 0});
  return task;
}

BlockTask StreamPart::block_task(std::int64_t block) const {
  return {.call = table_kernel::part({part}), .inputs = {{.operand = 0, .block = block}}};
}

}  // namespace plait
