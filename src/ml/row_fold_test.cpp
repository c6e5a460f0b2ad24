#include "ml/row_fold.h"

#include <gmock/gmock.h>

#include "ml/column_moments.h"
#include "plait/ml/scaling.h"

namespace plait::ml {
namespace {

Array numbers(const ChunkArgument& cuts) { return from_array(array("[[1., 10.], [3., 20.], [5., 60.]]"), cuts); }

TEST(RowFold, GivesMomentsOfColumnsWhateverTheBlocks) {
  for (const ChunkArgument& cuts : {chunks({3, 2}), chunks({1, 1}), chunks({2, 2})}) {
    const ColumnMoments found = column_moments(numbers(cuts));
    EXPECT_EQ(to_string(found.count), "[3. 3.]");
    EXPECT_EQ(to_string(found.mean), "[ 3. 30.]");
    EXPECT_EQ(to_string(found.minimum), "[ 1. 10.]");
    EXPECT_EQ(to_string(found.maximum), "[ 5. 60.]");
    EXPECT_DOUBLE_EQ(found.variance.data<double>()[0], 8.0 / 3);
  }
}

TEST(RowFold, LeavesMissingValuesAndRowsWithoutWeightOut) {
  const Array rows = from_array(array("[[1.], [nan], [5.], [100.]]"), chunks({1, 1}));
  const ColumnMoments found = column_moments(rows, from_array(array("[1., 1., 3., 0.]"), chunks({4})));
  EXPECT_EQ(to_string(found.mean), "[4.]");
}

TEST(RowFold, SaysWhichRowsDoNotGoTogether) {
  EXPECT_THAT([] { column_moments(numbers(chunks({3, 2})), from_array(array("[1., 1.]"), chunks({2}))); },
              testing::ThrowsMessage<Error>(testing::HasSubstr("X and sample_weight have 3 and 2 rows")));
}

}  // namespace
}  // namespace plait::ml
