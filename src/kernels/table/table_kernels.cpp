#include "kernels/table/table_kernels.h"

#include <mutex>

#include "kernels/table/accessors.h"
#include "kernels/table/columns.h"
#include "kernels/table/distinct.h"
#include "kernels/table/elementwise.h"
#include "kernels/table/groupby.h"
#include "kernels/table/join.h"
#include "kernels/table/reduce.h"
#include "kernels/table/rows.h"
#include "kernels/table/sort.h"

namespace plait {
namespace {

const Table& table_at(Inputs inputs, std::size_t i) {
  if (i >= inputs.size())
    throw type_error("a table kernel got " + std::to_string(inputs.size()) + " inputs; expected more");
  const Table* table = inputs[i].get_if<Table>();
  if (!table)
    throw type_error(
        "a partition is a " + inputs[i].describe() +
        " with values that have no native type, but the plan expected native ones: the function that made it "
        "gave another type than its meta= (or than its result for made-up rows) says; say meta=, or convert "
        "the result with astype");
  return *table;
}

// Inputs from `first` on; a Sequence stands for its items, so that shuffled parts can be given whole.
std::vector<Table> tables_from(Inputs inputs, std::size_t first = 0) {
  std::vector<Table> tables;
  for (std::size_t i = first; i < inputs.size(); ++i) {
    if (const auto* sequence = inputs[i].get_if<Sequence>()) {
      for (const Value& item : sequence->items) tables.push_back(item.as<Table>());
    } else {
      tables.push_back(table_at(inputs, i));
    }
  }
  return tables;
}

Value sequence_of(std::vector<Table> tables) {
  Sequence sequence;
  for (Table& table : tables) sequence.items.push_back(Value::of(std::move(table)));
  return Value::of(std::move(sequence));
}

// One table in, one out.
template <class P>
void one(const char* name, const char* doc, Table (*f)(const Table&, const P&)) {
  register_kernel(make_kernel<P>(name, doc, [f](Inputs inputs, const P& params, const TaskContext& context) {
    context.check_cancelled();
    return Value::of(f(table_at(inputs, 0), params));
  }));
}
void plain(const char* name, const char* doc, Table (*f)(const Table&)) {
  register_kernel(make_kernel(name, doc, [f](Inputs inputs, const TaskContext& context) {
    context.check_cancelled();
    return Value::of(f(table_at(inputs, 0)));
  }));
}
// Two tables in.
template <class P>
void two(const char* name, const char* doc, Table (*f)(const Table&, const Table&, const P&)) {
  register_kernel(make_kernel<P>(name, doc, [f](Inputs inputs, const P& params, const TaskContext& context) {
    context.check_cancelled();
    return Value::of(f(table_at(inputs, 0), table_at(inputs, 1), params));
  }));
}
// Any number of tables in.
template <class P>
void many(const char* name, const char* doc, Table (*f)(const std::vector<Table>&, const P&)) {
  register_kernel(make_kernel<P>(name, doc, [f](Inputs inputs, const P& params, const TaskContext& context) {
    context.check_cancelled();
    return Value::of(f(tables_from(inputs), params));
  }));
}
// One table in, several out.
template <class P>
void split(const char* name, const char* doc, std::vector<Table> (*f)(const Table&, const P&)) {
  register_kernel(make_kernel<P>(name, doc, [f](Inputs inputs, const P& params, const TaskContext& context) {
    context.check_cancelled();
    return sequence_of(f(table_at(inputs, 0), params));
  }));
}

Value run_binary(Inputs inputs, const BinaryParams& params, const TaskContext&) {
  if (params.right) return Value::of(binary(table_at(inputs, 0), *params.right, params.op));
  if (params.left) return Value::of(binary(*params.left, table_at(inputs, 0), params.op));
  return Value::of(binary(table_at(inputs, 0), table_at(inputs, 1), params.op, params.fill_value));
}

Value run_where(Inputs inputs, const WhereParams& params, const TaskContext&) {
  const std::optional<Table> other = inputs.size() > 2 ? std::optional(table_at(inputs, 2)) : std::nullopt;
  return Value::of(where(table_at(inputs, 0), table_at(inputs, 1), other, params));
}

Table slice_rows(const Table& table, const SliceParams& params) { return table.slice(params.start, params.count); }

void register_column_kernels() {
  one<SelectParams>("table_select", "Columns by name", select);
  one<DropParams>("table_drop", "All columns but some", drop);
  one<RenameParams>("table_rename", "Columns under other names", rename);
  one<SetNamesParams>("table_set_names", "All columns renamed by position", set_names);
  one<SetIndexParams>("table_set_index", "Columns become the index", set_index);
  one<ResetIndexParams>("table_reset_index", "The index becomes columns, or is dropped", reset_index);
  one<SetFormParams>("table_set_form", "A frame as a series and the reverse", set_form);
  plain("table_index_of", "The labels of the rows", index_of);
  register_kernel(make_kernel<AssignParams>(
      "table_assign", "New or replaced columns", [](Inputs inputs, const AssignParams& params, const TaskContext&) {
        return Value::of(assign(table_at(inputs, 0), tables_from(inputs, 1), params));
      }));
  register_kernel(make_kernel("table_concat_columns", "Tables side by side", [](Inputs inputs, const TaskContext&) {
    return Value::of(concat_columns(tables_from(inputs)));
  }));
}

void register_elementwise_kernels() {
  register_kernel(
      make_kernel<BinaryParams>("table_binary", "Arithmetic, comparison or logic of two operands", run_binary));
  one<UnaryParams>("table_unary", "Negation, ufuncs, isna", unary);
  one<FillnaParams>("table_fillna", "Missing values replaced by a constant", fillna);
  register_kernel(make_kernel("table_fillna_from", "Missing values replaced from another table",
                              [](Inputs inputs, const TaskContext&) {
                                return Value::of(fillna_from(table_at(inputs, 0), table_at(inputs, 1)));
                              }));
  one<IsinParams>("table_isin", "Whether values are among some", isin);
  one<BetweenParams>("table_between", "Whether values lie in an interval", between);
  one<AstypeParams>("table_astype", "Columns in other types", astype);
  one<ClipParams>("table_clip", "Values held within bounds", clip);
  one<RoundParams>("table_round", "Rounded numbers", round);
  one<MapValuesParams>("table_map_values", "Values replaced by a mapping", map_values);
  register_kernel(make_kernel<WhereParams>("table_where", "Values where a condition holds", run_where));
  one<StrParams>("table_str", "A .str operation", str);
  two<StrCatParams>("table_str_cat", "Texts joined row by row", str_cat);
  one<DtParams>("table_dt", "A .dt operation", dt);
}

void register_row_kernels() {
  two<FilterParams>("table_filter", "Rows where a condition is True", filter);
  one<HeadParams>("table_head", "First rows", head);
  one<HeadParams>("table_tail", "Last rows", tail);
  one<SliceParams>("table_slice", "Rows by position", slice_rows);
  one<DropnaParams>("table_dropna", "Rows without missing values", dropna);
  one<LocParams>("table_loc", "Rows by a range of labels", loc);
  many<ConcatParams>("table_concat", "Tables one after the other", concat);
  one<SortParams>("table_sort", "Rows in order", sort);
  one<TopParams>("table_top", "Largest or smallest rows", top);
  one<DropDuplicatesParams>("table_drop_duplicates", "Different rows", drop_duplicates);
  split<RangePartitionParams>("table_range_partition", "Rows by the division they belong to", range_partition);
  split<HashPartitionParams>("table_hash_partition", "Rows by a hash of their keys", hash_partition);
  one<SampleQuantilesParams>("table_sample_quantiles", "Evenly spaced values of a column", sample_quantiles);
  many<DivisionsParams>("table_divisions_from_samples", "Divisions from samples of all partitions",
                        divisions_from_samples);
  register_kernel(make_kernel<PartParams>(
      "table_part", "One item of a sequence", [](Inputs inputs, const PartParams& params, const TaskContext&) {
        return inputs[0].as<Sequence>().items.at(static_cast<std::size_t>(params.part));
      }));
}

void register_aggregate_kernels() {
  plain("table_unique", "Different values in order of appearance", unique);
  plain("table_value_counts_partial", "Counts of values, of one partition", value_counts_partial);
  register_kernel(make_kernel(
      "table_value_counts_combine", "Counts of values, combined",
      [](Inputs inputs, const TaskContext&) { return Value::of(value_counts_combine(tables_from(inputs))); }));
  one<ValueCountsParams>("table_value_counts_finalize", "Counts of values as a series", value_counts_finalize);
  one<ReduceParams>("table_reduce_partial", "Reduction of one partition", reduce_partial);
  many<ReduceParams>("table_reduce_combine", "Reductions combined", reduce_combine);
  one<ReduceFinalizeParams>("table_reduce_finalize", "Result of a reduction", reduce_finalize);
  one<ReduceParams>("table_reduce", "Reduction of a whole table", reduce);
  one<QuantileParams>("table_quantile_partial", "Percentiles of one partition", quantile_partial);
  many<QuantileParams>("table_quantile_finalize", "Quantiles merged from percentiles", quantile_finalize);
  one<DescribeParams>("table_describe_partial", "Statistics of one partition", describe_partial);
  many<DescribeParams>("table_describe_finalize", "describe()", describe_finalize);
  one<GroupBySpec>("table_groupby_partial", "Group-by of one partition", groupby_partial);
  many<GroupBySpec>("table_groupby_combine", "Group-bys combined", groupby_combine);
  one<GroupBySpec>("table_groupby_finalize", "Result of a group-by", groupby_finalize);
  one<GroupBySpec>("table_groupby", "Group-by of a whole table", groupby);
  two<JoinParams>("table_join", "Join of two tables", join);
}

}  // namespace

void Codec<PipelineStep>::encode(Encoder& to, const PipelineStep& step) {
  plait::encode(to, step.kernel->name);
  plait::encode(to, step.inputs);
  if (step.kernel->is_local)
    throw type_error("kernel '" + step.kernel->name + "' runs in this process only and cannot travel");
  if (step.kernel->encode_params) step.kernel->encode_params(to, step.params.get());
}

PipelineStep Codec<PipelineStep>::decode(Decoder& from) {
  PipelineStep step;
  step.kernel = find_kernel(plait::decode<std::string>(from));
  step.inputs = plait::decode<std::vector<std::uint32_t>>(from);
  if (step.kernel->decode_params) step.params = step.kernel->decode_params(from);
  return step;
}

Value run_pipeline(const Pipeline& pipeline, Inputs inputs, const TaskContext& context) {
  PLAIT_CHECK(inputs.size() == pipeline.num_inputs && !pipeline.steps.empty());
  std::vector<Value> values(inputs.begin(), inputs.end());
  for (const PipelineStep& step : pipeline.steps) {
    std::vector<Value> arguments;
    for (std::uint32_t input : step.inputs) arguments.push_back(values.at(input));
    values.push_back(step.kernel->run(arguments, step.params.get(), context));
  }
  return values.back();
}

void register_table_kernels() {
  static std::once_flag once;
  std::call_once(once, [] {
    register_value_type(value_type<Table>());
    register_column_kernels();
    register_elementwise_kernels();
    register_row_kernels();
    register_aggregate_kernels();
    register_kernel(make_kernel<Pipeline>("table_pipeline", "Several kernels as one task",
                                          [](Inputs inputs, const Pipeline& pipeline, const TaskContext& context) {
                                            return run_pipeline(pipeline, inputs, context);
                                          }));
  });
}

}  // namespace plait
