#include "plait/ml/forest.h"

#include <gmock/gmock.h>

#include "plait/ml/kmeans.h"

namespace plait::ml {
namespace {

// Class 1 where the first feature is above 7.
Array rows(const ChunkArgument& cuts) {
  return from_array(array("[[1., 1.], [2., -1.], [7., -1.], [8., 1.], [9., 1.], [6., -2.]]"), cuts);
}
Array labels() { return from_array(array("[0, 0, 0, 1, 1, 0]"), chunks({4})); }

ForestOptions one_tree() { return {.classes = 2, .n_estimators = 1, .max_features = 2, .bootstrap = false, .seed = 1}; }

TEST(Forest, CutsBetweenTheValuesThatPartTheClasses) {
  for (const ChunkArgument& cuts : {chunks({6, 2}), chunks({1, 1}), chunks({4, 2})}) {
    const Forest forest = grow_forest(rows(cuts), labels(), {}, one_tree());
    EXPECT_EQ(to_string(forest.rows), "[6 4 2]");
    const Array values = forest_values(rows(cuts), forest);
    EXPECT_EQ(to_string(values.get({all, 1}).compute()), "[0. 0. 0. 1. 1. 0.]");
  }
}

// The first feature is cut first; of the rows on its right the second feature has the values 0 and 10, between which
// others of the left ones lie.
TEST(Forest, CutsInTheMiddleBetweenTheValuesOfItsNode) {
  const Array rows =
      from_array(array("[[1., 0.], [1., 10.], [0., 4.], [0., 6.], [0., 5.], [0., 12.], [0., 12.5]]"), chunks({7, 2}));
  const Array labels = from_array(array("[0, 1, 0, 0, 0, 0, 0]"), chunks({7}));
  const Forest forest = grow_forest(rows, labels, {}, one_tree());
  EXPECT_EQ(to_string(forest.feature), "[ 0 -1  1 -1 -1]");
  EXPECT_EQ(forest.threshold.data<double>()[2], 4.5);
}

TEST(Forest, IsTheSameWhereItsRowsDoNotFitIntoMemory) {
  const Forest whole = grow_forest(rows(chunks({6, 2})), labels(), {}, one_tree());
  ForestOptions by_levels = one_tree();
  by_levels.rows_in_memory = 1;
  const Forest grown = grow_forest(rows(chunks({2, 2})), labels(), {}, by_levels);
  EXPECT_EQ(to_string(grown.feature), to_string(whole.feature));
  EXPECT_EQ(to_string(grown.threshold), to_string(whole.threshold));
}

TEST(Forest, LearnsNumbers) {
  ForestOptions options = one_tree();
  options.classes = 0;
  options.criterion = "squared_error";
  const Array targets = from_array(array("[0.5, 1.5, -2., 3., 3., 0.25]"), chunks({6}));
  const Forest forest = grow_forest(rows(chunks({3, 2})), targets, {}, options);
  EXPECT_EQ(to_string(forest_values(rows(chunks({6, 2})), forest).reshape({-1}).compute()),
            to_string(targets.compute()));
}

TEST(Forest, RefusesWhatItCannotLearn) {
  ForestOptions options = one_tree();
  options.criterion = "squared_error";
  EXPECT_THAT([&] { grow_forest(rows(chunks({6, 2})), labels(), {}, options); },
              testing::ThrowsMessage<Error>(testing::HasSubstr("criterion='squared_error' is not there for classes")));
  EXPECT_THAT(
      [&] {
        grow_forest(rows(chunks({6, 2})), labels(), from_array(array("[1., 1., 1., 1., 1., -1.]"), chunks({6})),
                    one_tree());
      },
      testing::ThrowsMessage<Error>(testing::HasSubstr("negative")));
}

TEST(KMeans, MovesCentersToTheMeansOfTheirRows) {
  for (const ChunkArgument& cuts : {chunks({5, 1}), chunks({1, 1}), chunks({3, 1})}) {
    const Array points = from_array(array("[[0.], [1.], [10.], [11.], [12.]]"), cuts);
    const KMeans found = fit_kmeans(points, {}, {.clusters = 2, .centers = array("[[0.], [1.]]"), .tolerance = 0});
    EXPECT_EQ(to_string(found.centers), "[[0.5]\n [11.]]");
    EXPECT_DOUBLE_EQ(found.inertia, 2.5);
    EXPECT_TRUE(found.has_converged);
    EXPECT_EQ(to_string(nearest_centers(points, found.centers).compute()), "[0 0 1 1 1]");
  }
}

TEST(KMeans, GivesACenterWithoutRowsTheFarthestRow) {
  const Array points = from_array(array("[[0.], [1.], [9.]]"), chunks({2, 1}));
  const KMeans found = fit_kmeans(points, {}, {.clusters = 2, .centers = array("[[0.], [100.]]"), .tolerance = 0});
  EXPECT_EQ(to_string(found.centers), "[[0.5]\n [ 9.]]");
}

TEST(KMeans, RefusesMoreClustersThanRows) {
  EXPECT_THAT([] { fit_kmeans(from_array(array("[[0.]]"), chunks({1, 1})), {}, {.clusters = 2}); },
              testing::ThrowsMessage<Error>(testing::HasSubstr("n_samples=1 should be >= n_clusters=2")));
}

}  // namespace
}  // namespace plait::ml
