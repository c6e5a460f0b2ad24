// The public class Bag: literal items, their order, and plans.
#include "plait/bag.h"

#include <gmock/gmock.h>

#include <fstream>
#include <numeric>

#include "expr/plan.h"
#include "plait/plait.h"

namespace plait {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

Bag<int> numbers() { return from_sequence<int>({5, 3, 9, 1, 1, 7, 3, 3, 0, 8}, {.npartitions = 4}); }

template <class F>
std::string message_of(const F& body) {
  try {
    body();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(Bag, PutsItemsIntoPartitionsAsDaskDoes) {
  const auto npartitions = [](std::size_t count, const BagPartitions& how) {
    return from_sequence(std::vector<int>(count), how).npartitions();
  };
  EXPECT_EQ(npartitions(100, {}), 100);
  EXPECT_EQ(npartitions(1000, {}), 250);
  EXPECT_EQ(npartitions(7, {.npartitions = 5}), 4);
  EXPECT_EQ(npartitions(101, {.npartitions = 10}), 11);
  EXPECT_EQ(npartitions(0, {}), 1);
}

TEST(Bag, MapsAndFiltersItems) {
  const auto texts = numbers().filter([](int x) { return x > 2; }).map([](int x) { return std::to_string(2 * x); });
  EXPECT_THAT(texts.compute(), ElementsAre("10", "6", "18", "14", "6", "6", "16"));
  EXPECT_THAT(numbers().remove([](int x) { return x > 2; }).compute(), ElementsAre(1, 1, 0));
}

TEST(Bag, MapsOverOtherBagsAndSingleValues) {
  const auto sums = numbers().map([](int a, int b) { return a + b; }, numbers());
  EXPECT_THAT(sums.take(3), ElementsAre(10, 6, 18));
  const auto shares = numbers().map([](int a, int all) { return a * 100 / all; }, numbers().sum());
  EXPECT_THAT(shares.take(3), ElementsAre(12, 7, 22));
}

TEST(Bag, FlattensContainers) {
  const auto bag = from_sequence<std::vector<int>>({{1, 2}, {}, {3}}, {.npartitions = 2});
  EXPECT_THAT(bag.flatten().compute(), ElementsAre(1, 2, 3));
}

TEST(Bag, Reduces) {
  EXPECT_EQ(numbers().sum().compute(), 40);
  EXPECT_EQ(numbers().count().compute(), 10);
  EXPECT_EQ(numbers().min().compute(), 0);
  EXPECT_EQ(numbers().max().compute(), 9);
  EXPECT_EQ(numbers().mean().compute(), 4.0);
  const auto product = [](double a, double b) { return a * b; };
  EXPECT_EQ(numbers().filter([](int x) { return x > 6; }).fold(1.0, product, product).compute(), 504);
}

TEST(Bag, ReducesManyPartitionsInATree) {
  std::vector<int> items(1000);
  std::iota(items.begin(), items.end(), 0);
  const auto bag = from_sequence(items, {.partition_size = 1});
  EXPECT_EQ(bag.sum().compute(), 499500);
  EXPECT_THAT(bag.topk(3).compute(), ElementsAre(999, 998, 997));
}

TEST(Bag, SaysThatThereIsNoLargestOfNothing) {
  EXPECT_THAT(message_of([] { from_sequence<int>({}).max().compute(); }), HasSubstr("max: the bag has no items"));
}

TEST(Bag, CountsItemsAndKeepsTheFirst) {
  EXPECT_THAT(numbers().frequencies().compute(),
              ElementsAre(Pair(5, 1), Pair(3, 3), Pair(9, 1), Pair(1, 2), Pair(7, 1), Pair(0, 1), Pair(8, 1)));
  EXPECT_THAT(numbers().distinct().compute(), ElementsAre(5, 3, 9, 1, 7, 0, 8));
  EXPECT_THAT(numbers().topk(2, std::greater<int>()).compute(), ElementsAre(0, 1));
}

TEST(Bag, FoldsAndGroupsByKey) {
  const auto add = [](int a, int b) { return a + b; };
  EXPECT_THAT(numbers().foldby([](int x) { return x % 3; }, 0, add, add).compute(),
              ElementsAre(Pair(2, 13), Pair(0, 18), Pair(1, 9)));
  EXPECT_THAT(numbers().groupby([](int x) { return x % 3; }, 2).compute(),
              UnorderedElementsAre(Pair(2, ElementsAre(5, 8)), Pair(0, ElementsAre(3, 9, 3, 3, 0)),
                                   Pair(1, ElementsAre(1, 1, 7))));
}

TEST(Bag, TakesWhatItLooksAt) {
  EXPECT_THAT(numbers().take(2), ElementsAre(5, 3));
  EXPECT_THAT(numbers().take(5), ElementsAre(5, 3, 9));
  EXPECT_THAT(numbers().take(5, 2), ElementsAre(5, 3, 9, 1, 1));
  EXPECT_THAT(message_of([] { numbers().take(1, 9); }), HasSubstr("only 4 partitions"));
}

TEST(Bag, IsCutAndJoined) {
  for (const std::int64_t n : {1, 2, 3, 4, 7, 30}) {
    const auto bag = numbers().repartition(n);
    EXPECT_EQ(bag.npartitions(), n);
    EXPECT_THAT(bag.compute(), ElementsAre(5, 3, 9, 1, 1, 7, 3, 3, 0, 8));
  }
  EXPECT_THAT(message_of([] { numbers().repartition(0); }), HasSubstr("at least 1, found 0"));
}

TEST(Bag, GoesTogetherWithOthers) {
  const auto letters = from_sequence<std::string>({"a", "b"}, {.npartitions = 1});
  const auto two = from_sequence<int>({1, 2}, {.npartitions = 1});
  EXPECT_THAT(zip(two, letters).compute(), ElementsAre(Pair(1, "a"), Pair(2, "b")));
  EXPECT_THAT(two.product(letters).compute(), ElementsAre(Pair(1, "a"), Pair(1, "b"), Pair(2, "a"), Pair(2, "b")));
  EXPECT_THAT(concat<int>({two, numbers()}).take(3, 2), ElementsAre(1, 2, 5));
  EXPECT_THAT(message_of([&] { zip(numbers(), letters); }), HasSubstr("same number of partitions, found 4 and 1"));
}

TEST(Bag, HasTheLinesOfFiles) {
  const std::string path = testing::TempDir() + "bag_test_lines.txt";
  std::ofstream(path) << "one\ntwo words\n\nlast";
  EXPECT_THAT(read_text(path).compute(), ElementsAre("one\n", "two words\n", "\n", "last"));
  for (const std::int64_t blocksize : {1, 5, 100}) {
    const auto lines = read_text({path, path}, {.blocksize = blocksize});
    EXPECT_EQ(lines.count().compute(), 8) << blocksize;
  }
  EXPECT_THAT(message_of([] { read_text("/no/such/file"); }), HasSubstr("/no/such/file"));
  EXPECT_THAT(message_of([&] { read_text(path, {.blocksize = -1}); }), HasSubstr("blocksize must be at least 1"));
}

TEST(Bag, IsComputedTogetherWithArrays) {
  const auto [total, mean] = compute(numbers().sum(), arange(10).mean());
  EXPECT_EQ(total, 40);
  EXPECT_EQ(mean.data<double>()[0], 4.5);
}

TEST(Bag, KeepsPersistedPartitions) {
  int num_calls = 0;
  const auto bag = numbers().map([&num_calls](int x) { return ++num_calls, x; }).persist({.scheduler = "sync"});
  EXPECT_EQ(bag.sum().compute(), 40);
  EXPECT_EQ(bag.count().compute(), 10);
  EXPECT_EQ(num_calls, 10);
}

TEST(Bag, RunsOnEverySchedulerOfThisProcess) {
  for (const char* scheduler : {"sync", "threads"}) {
    EXPECT_EQ(numbers().map([](int x) { return x + 1; }).sum().compute({.scheduler = scheduler}), 50) << scheduler;
  }
  EXPECT_THAT(message_of([] { save_plan(testing::TempDir() + "bag.plan", numbers().map([](int x) { return x; })); }),
              HasSubstr("exists in this process only"));
}

TEST(Bag, SaysWhichLineAFailedFunctionBelongsTo) {
  const auto bag = numbers().map([](int x) { return x == 9 ? throw value_error("nine") : x; });
  EXPECT_THAT(message_of([&] { bag.compute(); }), HasSubstr("bag_test.cpp"));
}

}  // namespace
}  // namespace plait
