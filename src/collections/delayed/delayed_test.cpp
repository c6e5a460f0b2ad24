#include "plait/delayed.h"

#include <gmock/gmock.h>

#include <atomic>

#include "expr/plan_codec.h"
#include "plait/plait.h"

namespace plait {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

int add(int a, int b) { return a + b; }

// Counts its copies.
struct Counted {
  explicit Counted(int* copies) : copies(copies) {}
  Counted(const Counted& other) : copies(other.copies) { ++*copies; }
  Counted(Counted&&) = default;
  Counted& operator=(const Counted&) = default;
  int* copies;
};

}  // namespace

template <>
struct Travel<Counted> {
  static constexpr bool is_possible = false;
};

namespace {

const auto times_two = register_function<int>("delayed_test times_two", [](int x) { return 2 * x; });
const auto plus = register_function<int, int>("delayed_test plus", [](int a, int b) { return a + b; });

TEST(Delayed, CallsAFunctionWithResultsAndValues) {
  const auto lazy_add = delayed(add);
  const Delayed<int> three = lazy_add(1, 2);
  EXPECT_EQ(lazy_add(three, lazy_add(three, 10)).compute(), 16);
}

TEST(Delayed, GivesTheTypeThatTheFunctionReturns) {
  const auto half = delayed([](int x) { return x / 2.0; });
  const auto text = delayed([](double x) -> const std::string& {
    static std::string kept;
    return kept = std::to_string(x);
  });
  const Delayed<double> x = half(3);
  const Delayed<std::string> shown = text(x);
  EXPECT_EQ(shown.compute(), "1.500000");
}

TEST(Delayed, RunsNothingBeforeItIsComputed) {
  std::atomic<int> calls = 0;
  const auto count = delayed([&calls](int x) {
    ++calls;
    return x;
  });
  const auto once = count(1);
  EXPECT_EQ(calls, 0);
  // One call, however many take its result.
  const auto [a, b, c] = compute(once, delayed(add)(once, once), once);
  EXPECT_EQ(a + b + c, 4);
  EXPECT_EQ(calls, 1);
}

TEST(Delayed, TakesAListOfResults) {
  const auto lazy_add = delayed(add);
  std::vector<Delayed<int>> parts;
  for (int i = 0; i < 10; ++i) parts.push_back(lazy_add(i, 0));
  const auto sum = delayed([](const Values<int>& values, int start) {
    for (int value : values) start += value;
    return start;
  });
  EXPECT_EQ(sum(parts, 100).compute(), 145);
  EXPECT_EQ(sum(std::vector<Delayed<int>>{}, 7).compute(), 7);
  EXPECT_THAT(compute(parts), ElementsAre(0, 1, 2, 3, 4, 5, 6, 7, 8, 9));
}

TEST(Delayed, MixesWithArraysAndFrames) {
  const Array x = arange(6, chunks({2}));
  const auto total = delayed([](const NdArray& all, int extra) { return all.size() + extra; });
  const auto [size, sum] = compute(total(x, 1), x.sum());
  EXPECT_EQ(size, 7);
  EXPECT_EQ(sum.item<std::int64_t>(), 15);
}

TEST(Delayed, AnArrayOfADelayedValue) {
  const auto make = delayed([](std::int64_t n) { return n == 2 ? array("[2, 4, 6]") : array("[0, 0, 0]"); });
  const Array x = from_delayed(make(std::int64_t{2}), {3}, DType::int64);
  EXPECT_EQ(to_string((x + 1).compute()), "[3 5 7]");
  EXPECT_THROW(from_delayed(make(std::int64_t{2}), {4}, DType::int64).compute(), Error);
  EXPECT_THROW(from_delayed(make(std::int64_t{2}), {3}, DType::float64).compute(), Error);
}

TEST(Delayed, ChunksAndPartitionsAsDelayedValues) {
  const auto size = delayed([](const NdArray& chunk) { return chunk.size(); });
  std::vector<Delayed<std::int64_t>> sizes;
  for (const auto& chunk : to_delayed(arange(5, chunks({2})))) sizes.push_back(size(chunk));
  EXPECT_THAT(compute(sizes), ElementsAre(2, 2, 1));
  const DataFrame frame = DataFrame::from_table(Table({{"x", {1, 2, 3, 4}}}), 2);
  EXPECT_EQ(to_delayed(frame).at(1).compute().num_rows(), 2);
}

TEST(Delayed, AFrameOfDelayedTables) {
  const auto make = delayed([](int first) { return Table({{"x", {first, first + 1}}}); });
  const auto same = delayed([](const Table& table) { return table; });
  const Table meta = Table({{"x", {0}}}).slice(0, 0);
  const DataFrame frame = from_delayed({same(make(1)), make(3)}, meta);
  EXPECT_EQ(frame.npartitions(), 2);
  EXPECT_EQ(frame.compute().num_rows(), 4);
  const Table other = Table({{"y", {0}}}).slice(0, 0);
  EXPECT_THROW(from_delayed({make(1)}, other).compute(), Error);
}

TEST(Delayed, ResultsAreMovedAndNotCopied) {
  int copies = 0;
  const auto make = delayed([&copies] { return Counted(&copies); });
  const auto see = delayed([](const Counted& seen) { return seen.copies; });
  const auto made = make();
  EXPECT_EQ(see(made).compute(), &copies);
  made.compute();
  EXPECT_EQ(copies, 0);
}

TEST(Delayed, ResultsMayBeOfATypeThatOnlyMoves) {
  const auto make = delayed([](int x) { return std::make_unique<int>(x); });
  const auto open = delayed([](const std::unique_ptr<int>& held) { return *held; });
  const auto held = make(5);
  EXPECT_EQ(open(held).compute(), 5);
  EXPECT_EQ(*held.compute(), 5);
  EXPECT_THROW(compute(held, held), Error);
}

TEST(Delayed, ValuesAreMovedIntoACall) {
  const auto open = delayed([](const std::unique_ptr<int>& held) { return *held; });
  EXPECT_EQ(open(std::make_unique<int>(3)).compute(), 3);
}

TEST(Delayed, AFunctionThatReturnsNothingCanBeWaitedFor) {
  std::atomic<int> sum = 0;
  const auto note = delayed([&sum](int x) { sum += x; });
  compute(std::vector{note(1), note(2), note(3)});
  EXPECT_EQ(sum, 6);
}

TEST(Delayed, AnErrorNamesTheFunctionAndTheLine) {
  const auto fail = delayed("fail", [](int) -> int { throw value_error("no such number"); });
  try {
    fail(1).compute({.scheduler = "sync"});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::value);
    EXPECT_THAT(error.what(), HasSubstr("no such number"));
    EXPECT_THAT(error.what(), HasSubstr("fail-"));
    EXPECT_THAT(error.what(), HasSubstr("delayed_test.cpp"));
  }
}

TEST(Delayed, CallsOfRegisteredFunctionsCanLeaveTheProcess) {
  const auto twice = delayed(times_two);
  const auto sum = delayed(plus);
  const auto result = sum(twice(3), sum(4, Delayed<int>(5)));
  EXPECT_EQ(result.compute(), 15);
  const Delayed<int> arrived(decode_plan(encode_plan({result.expr()})).front());
  EXPECT_EQ(arrived.compute(), 15);
}

TEST(Delayed, AFunctionWithoutANameStaysInItsProcess) {
  const auto sum = delayed("sum of two", add)(1, 2);
  try {
    encode_plan({sum.expr()});
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::type);
    EXPECT_THAT(error.what(), HasSubstr("sum of two"));
  }
}

TEST(Delayed, PersistedValuesAreNotComputedAgain) {
  std::atomic<int> calls = 0;
  const auto count = delayed([&calls](int x) {
    ++calls;
    return x + 1;
  });
  const Delayed<int> kept = count(1).persist();
  EXPECT_EQ(delayed(add)(kept, kept).compute(), 4);
  EXPECT_EQ(calls, 1);
}

TEST(Delayed, AChainMayBeLongerThanTheStackIsDeep) {
  const auto increase = delayed([](int x) { return x + 1; });
  Delayed<int> end = increase(0);
  for (int i = 1; i < 300'000; ++i) end = increase(end);
  EXPECT_EQ(end.compute({.scheduler = "sync"}), 300'000);
}

TEST(Delayed, ExplainNamesTheFunctions) {
  const auto lazy_add = delayed("add", add);
  const auto sum = lazy_add(lazy_add(1, 2), 3);
  EXPECT_THAT(explain(sum), HasSubstr("add 2 times"));
}

}  // namespace
}  // namespace plait
