// Plans of every kind of node are the same after they were written and read, as the user made them and after each pass.
#include <gmock/gmock.h>

#include <set>

#include "base/function.h"
#include "collections/array/creation.h"
#include "collections/array/numbered_places.h"
#include "collections/array/set_items.h"
#include "collections/array/slicing.h"
#include "collections/bag/bag_plan.h"
#include "collections/dataframe/frame_testing.h"
#include "collections/dataframe/isin_keys.h"
#include "collections/dataframe/shuffle.h"
#include "collections/dataframe/write_files.h"
#include "expr/plan_codec.h"
#include "plait/plait.h"
#include "runtime/machine.h"

namespace plait {
namespace {

using testing_frames::Folder;
using testing_frames::rows_of;

std::string text_of(const Value& value) {
  if (const auto* values = value.get_if<Sequence>()) {
    std::string text;
    for (const Value& item : values->items) text += text_of(item) + "\n";
    return text;
  }
  if (const auto* array = value.get_if<NdArray>()) return to_string(*array);
  std::string text;
  for (const std::string& row : rows_of(value.as<Table>())) text += row + "\n";
  return text;
}

std::string text_of(const Roots& roots) {
  return text_of(compute(roots, {.scheduler = "sync", .optimize = false}).front());
}

// The types of nodes that went through a record.
std::set<std::string>& written_types() {
  static std::set<std::string> types;
  return types;
}

Roots through_a_record(const Roots& roots) {
  for (const ExprPtr& node : with_children(roots)) written_types().emplace(node->type());
  // As bytes: what is in memory must not be looked at again.
  const auto frame = std::make_shared<const std::vector<std::byte>>(write_frame(encode_plan(roots)));
  return decode_plan(read_frame(*frame, frame));
}

void expect_same_after_a_record(const Roots& roots, const std::string& expected, const std::string& when) {
  const Roots back = through_a_record(roots);
  ASSERT_EQ(back.size(), roots.size());
  EXPECT_EQ(back.front()->token(), roots.front()->token()) << when;
  EXPECT_EQ(text_of(back), expected) << when << "\n" << tree_text(roots);
}

void check(const ExprPtr& plan) {
  Roots roots{plan};
  const std::string expected = text_of(roots);
  expect_same_after_a_record(roots, expected, "as written: " + std::string(plan->op()));
  for (const Pass& pass : passes()) {
    roots = pass.run(std::move(roots));
    expect_same_after_a_record(roots, expected, "after " + pass.name + ": " + std::string(plan->op()));
  }
}

void check(const Array& array) { check(array.expr()); }
void check(const FrameBase& frame) { check(frame.expr()); }

Array numbers() { return from_array(array("[[3, 1, 2], [6, 5, 4], [9, 7, 8]]"), chunks({2, 2})); }

void check_arrays() {
  const Array x = numbers();
  const Array grid = arange(0, 24, 1, chunks({5})).reshape({4, 6});
  check((x + x.transpose()) * 2.5 - 1);
  check(ones({4, 3}, chunks({2, 2})) + arange(3, chunks({2})) + linspace(0, 1, 3));
  check(eye(4, chunks(3)).sum(0));
  check(grid.rechunk(chunks({3, 4})).mean(1));
  check((grid + 1).sum());
  check(grid.argmax(0));
  check(matmul(grid, grid.transpose()));
  check(x[{slice(0, 3, 2), -1}]);
  check(x[{std::vector<std::int64_t>{2, 0, 2}}]);
  check(x[x > 4]);
  check(Array(select_along(x.expr(), 0, (arange(3, chunks({2})) > 0).expr())));
  check(Array(look_up(from_array(array("[10, 20, 30]"), chunks({3})).expr(), arange(2, chunks({1})).expr())));
  check(Array(
      set_items(x.expr(), {Span{0, 2, 1}, Span{0, 3, 1}}, full({2, 3}, 7, chunks({2, 2})).astype(x.dtype()).expr())));
  check(Array(numbered_places(from_array(array("[2, 0]"), chunks({2})).expr(), 3, 0, 2)));
  check(concatenate({x, x + 1}, 1));
  check(stack({x, x}, 0));
  check(x.broadcast_to({2, 3, 3}) * 2);
  check(random::default_rng(3).normal(0, 1, Shape{6}, chunks({4})));
  check(random::Generator(std::optional<std::uint64_t>(3), true).random(Shape{6}, chunks({4})) + 1);
  check(x.persist({.scheduler = "sync"}) + 1);
  check(x[x > 4].with_known_chunks({.scheduler = "sync"}));
  check(cumsum(grid, 0));
  check(cumsum(grid, 1, {.method = "blelloch"}));
  check(topk(grid, 2, 0));
  const Array counts = arange(9, chunks({4})) % 3;
  check(bincount(counts));
  check(histogram(counts, HistogramBins(3, 0, 3)).counts);
  check(unique(counts, {.counts = true}).values);
  check(*unique(counts, {.counts = true}).counts);
  check(searchsorted(arange(9, chunks({4})), counts));
  check(median(grid, 0));
  {
    const config::Scope few_bytes("array.rechunk.task-size", "16B");
    check(median(grid, 0));
    check(quantile(arange(12, chunks({5})), std::vector{0.1, 0.9}, 0));
  }
  check(diag(counts));
  check(diagonal(grid, 1));
  check(einsum("ij,kj->ik", {grid, grid}));
  check(tensordot(stack({grid, grid}, 0), stack({grid, grid}, 2), {0, 1}, {2, 0}));
  const Array square = eye(4, chunks(3)) * 2 + ones({4, 4}, chunks(2));
  check(linalg::svd(square.rechunk(chunks({1, 4}))).s);
  check(linalg::qr(square.rechunk(chunks({1, 4}))).q);
  check(linalg::lu(square).p);
  check(linalg::solve(square, arange(4, chunks(2))));
  check(linalg::cholesky(square));
  static const BlockFunction doubled = BlockFunction::registered(
      "plan_records_doubled",
      BlockFunction::of<1>([](const NdArray& block) { return (from_array(block) * 2).compute(); }));
  check(map_blocks(doubled, {x}));
  static const BlockTarget nowhere =
      BlockTarget::registered("plan_records_nowhere", [](const TargetPlace&, const NdArray&) {});
  check(lazy_store(x, nowhere));
  check(exp(x[{slice(0, 2)}]).reshape({2, 3}).ravel());
}

Table people() {
  return Table(
      {{"k", {"a", "b", "a", "c", "b", "a"}}, {"x", {1.5, 2.5, 3.5, 4.5, 5.5, 6.5}}, {"n", {6, 5, 4, 3, 2, 1}}});
}

// Keys that go to several parts, and results of several partitions.
void check_keys() {
  const BudgetScope budget(std::uint64_t{32} << 10);
  std::vector<Literal> k, x;
  for (std::int64_t i = 0; i < 1500; ++i) {
    k.emplace_back(i % 700);
    x.emplace_back(static_cast<double>(i % 11));
  }
  const DataFrame frame = DataFrame::from_table(Table::from_columns({{"k", k}, {"x", x}}), 3);
  check(frame.groupby("k").agg("sum"));
  check(frame.groupby("k", {.sort = false, .as_index = false}).agg("median"));
  check(frame["k"].value_counts({.normalize = true}));
  check(frame.nunique());
  check(frame["k"].mode());
  check(frame.drop_duplicates({"k"})["x"]);
  check(frame["k"].unique());
}

void check_frames() {
  const DataFrame frame = DataFrame::from_table(people(), 3);
  check(frame[frame["x"] > 2].assign("y", frame[frame["x"] > 2]["x"] * 2).assign("z", 1));
  check(frame.rename({{"x", "w"}})[{"w", "k"}]);
  check(frame["k"].str().upper());
  check(frame.groupby("k").agg("mean"));
  check(frame["x"].sum());
  check(values_of(frame[{"x", "n"}]));
  check(frame["k"].value_counts());
  check(frame.drop_duplicates({"k"}));
  check(frame.nlargest(2, {"x"}));
  check(frame.describe());
  check(frame.sort_values({"x"}, false));
  check(frame.merge(DataFrame::from_table(people(), 1), {.on = {"k"}}).sort_values({"x_x", "x_y"}));
  check(concat({frame, frame}));
  check(frame.repartition(2));
  check(frame.repartition(5));
  check(frame.reset_index(true).dropna()[{"x", "n"}].fillna(std::int64_t{0}));
  check(head_expr(frame.expr(), 2, 2));
  check(frame.persist()["x"] + 1);
  check(frame.shuffle({"k"}, 2));
  check(frame.with_positions().shuffle({"k"}, 2).in_place(frame));
  check(frame[{"x", "n"}].cumsum());
  check(DataFrame::from_table(people(), 6)["x"].rolling(3).mean());
  static const PartitionFunction labelled = PartitionFunction::registered(
      "plan_records_labelled", PartitionFunction::of<1>([](const Table& part) { return part.set_index({"n"}); }));
  check(frame.map_partitions(labelled));
  check(frame[{"x", "n"}].median());
  check(frame[{"x", "n"}].idxmax());
  check(frame["x"].corr(frame["n"]));
  check(frame.loc(std::int64_t{1}, std::int64_t{4}));
  check(frame[{"x", "n"}].rank());
  check(frame["k"].mode());
  check(frame[~frame.duplicated({"k"}, "none")]);
  check(frame.replace(Replacements{{"a", "z"}}));
  check(frame.loc({std::int64_t{5}, std::int64_t{0}}));
  check(frame.set_index("x", {.divisions = {1.5, 3.5, 6.5}}));
  check(frame.assign("z", DataFrame::from_table(people(), 2)["x"]));
  const DataFrame few = DataFrame::from_table(Table({{"k", {"a", "c"}}}), 2);
  check(Series(make_expr<IsinKeys>(frame["k"].expr(), few.expr())));
}

// Partitions that are arrays, and functions on them that are known by name.
void check_bags() {
  static const auto joined = Function::registered("plan_records_joined", [](Inputs inputs, const TaskContext&) {
    std::vector<Array> parts;
    for (const Value& input : inputs) parts.push_back(from_array(input.as<NdArray>()));
    return Value::of(concatenate(parts, 0).compute({.scheduler = "sync"}));
  });
  static const auto twice = Function::registered("plan_records_twice", [](Inputs inputs, const TaskContext&) {
    return Value::of(Sequence{{inputs[0], inputs[0]}});
  });
  const KernelCall join = call_kernel(joined);
  const auto piece = [&](std::int64_t, std::int64_t) { return join; };
  const ExprPtr bag = bags::from_partitions(
      {Value::of(array("[1, 2]")), Value::of(array("[3]")), Value::of(array("[4, 5]"))}, "numbers");
  check(bags::call({bag, bag}, join, "joined"));
  check(bags::reduction(bag, {join, join, join}, "all", 2, true));
  check(bags::take(bag, join, join, 2));
  check(bags::concat({bag, bag}));
  check(bags::pairs(bag, bag, join, "pairs"));
  check(bags::repartition(bag, 5, join, piece));
  check(bags::exchange(bag, call_kernel(twice), join, 2, "exchanged"));
}

void check_files() {
  const Folder folder;
  std::string text = "k,x\n";
  for (int i = 0; i < 200; ++i) text += std::string(i % 3 ? "a" : "b") + "," + std::to_string(i) + ".5\n";
  const DataFrame rows = read_csv(folder.write("rows.csv", text), {.blocksize = 512});
  check(rows);
  check(rows[rows["x"] > 20].groupby("k").agg("sum"));
  const Series x = rows[rows["x"] > 20]["x"];
  // Two results of one pass over the file.
  check(x.sum() + x.max());
  check(x - x.mean());
  DataFrame::from_table(people(), 2).to_parquet(folder / "people");
  check(read_parquet(folder / "people")["x"].sum());
  check(DataFrame::from_table(people(), 2).lazy_to_csv(folder / "people-*.csv"));
}

NdArray first_of_two(const NdArray& a, const NdArray&) { return a; }
const auto first_array = register_function<NdArray, NdArray>("plan_records_test first_array", first_of_two);

void check_delayed() {
  const auto first = delayed(first_array);
  const auto value = first(first(array("[1, 2]"), numbers()), array("[3]"));
  check(value.expr());
  check(from_delayed(value, {2}, DType::int64) + 1);
}

TEST(PlanRecords, EveryKindOfNodeIsTheSameAfterARecord) {
  start();
  check_arrays();
  check_frames();
  check_keys();
  check_bags();
  check_files();
  check_delayed();
  // Those that only Python makes: python/tests/test_pickling.py, test_delayed.py.
  written_types().insert({"blocks of values", "map_blocks", "map_partitions", "python_whole", "to_dataframe"});
  for (const std::string_view type : node_types())
    EXPECT_TRUE(written_types().contains(std::string(type))) << type << " was never written: add a plan with it";
}

// Under a sanitizer a tenth: it takes as long, and its larger frames would overflow a stack just as well.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int kMany = 10'000;
#else
constexpr int kMany = 100'000;
#endif

TEST(PlanRecords, AChainOfManyArraysIsWrittenReadAndRun) {
  Array x = ones({4}, chunks({2}));
  for (int i = 0; i < kMany; ++i) x = x + 1;
  const Array back(through_a_record({x.expr()}).front());
  EXPECT_EQ(back.name(), x.name());
  const std::string each = std::to_string(kMany + 1) + ".";
  EXPECT_EQ(to_string(back.compute({.scheduler = "sync"})),
            to_string(array("[" + each + "," + each + "," + each + "," + each + "]")));
}

TEST(PlanRecords, TheSumOfManyArraysRuns) {
  Array sum = arange(4, chunks({2}));
  for (int i = 1; i < kMany; ++i) sum = sum + arange(i, i + 4, 1, chunks({2}));
  const std::int64_t total = std::int64_t{kMany} * (2 * (kMany - 1) + 6);
  EXPECT_EQ(to_string(sum.sum().compute({.scheduler = "sync"})), std::to_string(total));
}

}  // namespace
}  // namespace plait
