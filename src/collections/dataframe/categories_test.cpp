#include "collections/dataframe/categories.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "collections/dataframe/frame_testing.h"
#include "kernels/table/elementwise.h"
#include "plait/dataframe.h"

namespace plait {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;
using testing_frames::rows_of;

// "low", "mid", missing, "high", with categories in the order of the alphabet, in two partitions.
Series levels() {
  start();
  const Table texts({{"level", {"low", "mid", missing, "high"}}});
  return DataFrame::from_table(astype(texts, {{{"", parse_column_type("category")}}}), 2)["level"];
}

Table names(const std::vector<Literal>& values) { return Table({{"name", values}}); }

std::vector<std::string> values_of(const Series& series) { return rows_of(series.compute()); }
std::vector<std::string> categories_of(const Series& series) { return rows_of(series.cat().categories()); }

TEST(Categories, AreNumberedByTheSchema) {
  EXPECT_THAT(categories_of(levels()), ElementsAre("high", "low", "mid"));
  EXPECT_THAT(values_of(levels().cat().codes()), ElementsAre("1", "2", "-1", "0"));
}

TEST(Categories, ThatAreGoneLeaveMissingValues) {
  const Series kept = levels().cat().set_categories(names({"mid", "other"}));
  EXPECT_THAT(categories_of(kept), ElementsAre("mid", "other"));
  EXPECT_THAT(values_of(kept.cat().codes()), ElementsAre("-1", "0", "-1", "-1"));
  EXPECT_THAT(categories_of(levels().cat().remove_categories(names({"low"}))), ElementsAre("high", "mid"));
}

TEST(Categories, KeepTheirPositionsUnderOtherNames) {
  const Series renamed = levels().cat().rename_categories(names({std::int64_t{7}, std::int64_t{8}, std::int64_t{9}}));
  EXPECT_THAT(values_of(renamed), ElementsAre("8", "9", to_string(Literal(missing)), "7"));
  // With fewer names, the last categories are gone.
  const Series fewer = levels().cat().set_categories(names({"a", "b"}), {}, true);
  EXPECT_THAT(values_of(fewer.cat().codes()), ElementsAre("1", "-1", "-1", "0"));
}

TEST(Categories, SayWhatIsWrongWithOthers) {
  const CategoryMethods cat = levels().cat();
  EXPECT_THAT([&] { cat.add_categories(names({"low"})); }, ThrowsMessage<Error>(HasSubstr("old categories: {'low'}")));
  EXPECT_THAT([&] { cat.remove_categories(names({"no"})); }, ThrowsMessage<Error>(HasSubstr("{'no'}")));
  EXPECT_THROW(cat.reorder_categories(names({"low", "mid"})), Error);
  EXPECT_THROW(cat.rename_categories(names({"a"})), Error);
  EXPECT_THROW(cat.set_categories(names({"a", "a"})), Error);
  EXPECT_THROW(cat.set_categories(names({"a", missing})), Error);
}

TEST(Categories, MustBeKnown) {
  const Series texts = DataFrame::from_table(Table({{"k", {"a", "b"}}}), 2)["k"];
  EXPECT_THROW(texts.cat().codes(), NoNativeForm);
  EXPECT_THROW(texts.astype("category").cat().as_ordered(), NoNativeForm);
}

}  // namespace
}  // namespace plait
