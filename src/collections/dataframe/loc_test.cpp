#include "collections/dataframe/loc.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "collections/dataframe/frame_testing.h"

namespace plait {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing_frames::computed;
using testing_frames::frame_of;
using testing_frames::rows_of;

// Labels 0, 1, 2, ... with known divisions.
ExprPtr numbered() {
  start();
  return from_table_expr(Table({{"x", {"a", "b", "c", "d", "e", "f"}}}), {.npartitions = 3});
}

// Labels of text in no order, without divisions.
ExprPtr named() {
  const Table table = Table({{"x", {1, 2, 3, 4, 5}}, {"k", {"b", "a", "b", "d", "c"}}}).set_index({"k"});
  return frame_of({table.slice(0, 2), table.slice(2, 0), table.slice(2, 3)});
}

std::int64_t integer(std::int64_t value) { return value; }

TEST(LocSlice, IncludesBothEndsAndMakesOnlyThePartitionsBetween) {
  const ExprPtr rows = loc_slice_expr(numbered(), integer(1), integer(3));
  EXPECT_THAT(rows_of(computed(rows)), ElementsAre("b", "c", "d"));
  EXPECT_EQ(frame_meta(rows).npartitions(), 2);
  EXPECT_EQ(frame_meta(loc_slice_expr(numbered(), integer(4), missing)).npartitions(), 1);
  EXPECT_THAT(rows_of(computed(loc_slice_expr(numbered(), missing, 1.5))), ElementsAre("a", "b"));
  EXPECT_THAT(rows_of(computed(loc_slice_expr(numbered(), integer(7), integer(9)))), IsEmpty());
}

TEST(LocSlice, FiltersEveryPartitionWhereNothingIsKnown) {
  const ExprPtr rows = loc_slice_expr(named(), "b", "c");
  EXPECT_EQ(frame_meta(rows).npartitions(), 3);
  EXPECT_THAT(rows_of(computed(rows)), ElementsAre("1", "3", "5"));
}

TEST(LocSlice, LeavesLabelsOfAnotherKindToPandas) {
  EXPECT_THROW(loc_slice_expr(numbered(), "a", missing), NoNativeForm);
  EXPECT_THROW(loc_slice_expr(named(), integer(1), missing), NoNativeForm);
}

TEST(LocLabels, GivesTheRowsOfEachLabelInTurn) {
  EXPECT_THAT(rows_of(computed(loc_labels_expr(numbered(), {integer(5), integer(0), integer(5)}))),
              ElementsAre("f", "a", "f"));
  EXPECT_THAT(rows_of(computed(loc_labels_expr(named(), {"d", "b"}))), ElementsAre("4", "1", "3"));
  EXPECT_THAT(rows_of(computed(loc_labels_expr(numbered(), {}))), IsEmpty());
}

TEST(LocLabels, ALabelThatNoRowHasIsAKeyError) {
  const auto kind_of = [](const auto& run) {
    try {
      run();
    } catch (const Error& error) {
      return error.kind();
    }
    return ErrorKind::bug;
  };
  EXPECT_EQ(kind_of([] { loc_labels_expr(numbered(), {integer(6)}); }), ErrorKind::key);  // the divisions tell
  EXPECT_EQ(kind_of([] { computed(loc_labels_expr(numbered(), {2.5})); }), ErrorKind::key);
  EXPECT_EQ(kind_of([] { computed(loc_labels_expr(named(), {"b", "x"})); }), ErrorKind::key);
}

}  // namespace
}  // namespace plait
