#include "kernels/table/code_fold.h"

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <vector>

namespace plait {
namespace {

using Row = std::vector<std::uint32_t>;

// Batches of random rows, whose codes become more from batch to batch, against a map of whole rows.
void check_against_map(std::size_t num_columns, std::uint32_t most_codes, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  CodeFold fold(num_columns);
  std::map<Row, std::uint32_t> expected;
  std::vector<Row> in_order;
  std::vector<std::uint32_t> num_codes(num_columns, 1);
  for (int batch = 0; batch < 6; ++batch) {
    for (std::uint32_t& n : num_codes) n = std::min<std::uint64_t>(most_codes, n * (1 + random() % 6));
    const std::size_t count = random() % 3000;
    std::vector<std::vector<std::uint32_t>> columns(num_columns, std::vector<std::uint32_t>(count));
    std::vector<const std::uint32_t*> places;
    for (std::size_t c = 0; c < num_columns; ++c) {
      for (std::uint32_t& code : columns[c]) code = random() % 20 == 0 ? 0 : 1 + random() % num_codes[c];
      places.push_back(columns[c].data());
    }
    std::vector<std::uint32_t> ids(count), found(count);
    fold.add(places, num_codes, static_cast<std::int64_t>(count), ids.data());
    fold.find(places, static_cast<std::int64_t>(count), found.data());
    EXPECT_EQ(found, ids);
    for (std::size_t i = 0; i < count; ++i) {
      Row row;
      for (const auto& column : columns) row.push_back(column[i]);
      std::uint32_t id = 0;
      if (std::find(row.begin(), row.end(), 0) == row.end()) {
        id = expected.emplace(row, expected.size() + 1).first->second;
        if (id > in_order.size()) in_order.push_back(row);
      }
      ASSERT_EQ(ids[i], id);
    }
    ASSERT_EQ(fold.size(), in_order.size());
    if (in_order.empty()) continue;
    for (std::size_t c = 0; c < num_columns; ++c) {
      const auto codes = fold.codes_of_column(c);
      for (std::size_t g = 0; g < in_order.size(); ++g) ASSERT_EQ(codes[g], in_order[g][c]);
    }
  }
}

TEST(CodeFold, GivesIdsInOrderOfAppearance) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) check_against_map(2, 50, seed);
}

TEST(CodeFold, ReturnsToRowsAfterCodesOutgrowTheirBits) {
  for (std::uint64_t seed = 0; seed < 20; ++seed) check_against_map(3, 4'000'000'000u, seed);
}

TEST(CodeFold, PacksManyColumnsInStages) {
  for (std::uint64_t seed = 0; seed < 10; ++seed) check_against_map(15, 3000, seed);
}

TEST(CodeFold, FindsNothingBeforeRowsAreAdded) {
  const CodeFold fold(2);
  const std::uint32_t codes[] = {1, 2, 3};
  std::uint32_t ids[] = {7, 7, 7};
  fold.find(std::vector<const std::uint32_t*>{codes, codes}, 3, ids);
  EXPECT_EQ(std::vector<std::uint32_t>(ids, ids + 3), std::vector<std::uint32_t>(3, 0));
  EXPECT_TRUE(fold.codes_of_column(1).empty());
}

}  // namespace
}  // namespace plait
