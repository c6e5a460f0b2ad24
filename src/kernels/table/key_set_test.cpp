#include "kernels/table/key_set.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "kernels/table/columns.h"
#include "kernels/table/elementwise.h"

namespace plait {
namespace {

using ::testing::ElementsAre;

Table series_of(std::vector<Literal> values) {
  return select(Table({{"k", std::move(values)}}), {.columns = {"k"}, .as_series = true});
}
Table keys_of(std::vector<Literal> values) { return Table({{"key", std::move(values)}}); }

std::vector<bool> found(const Table& keys, const Table& series) {
  return KeySet(keys).contains(series).to_vector<bool>();
}

TEST(KeySet, TellsWhichIntegersAreAmongItsOwn) {
  EXPECT_THAT(found(keys_of({5, -3, 5}), series_of({-3, -4, 5, 6, 0, 4, 5, 1, -3, 9})),
              ElementsAre(true, false, true, false, false, false, true, false, true, false));
}

TEST(KeySet, IntegersThatLieFarApartAreFoundAsWell) {
  const std::int64_t far = std::int64_t{1} << 62;
  EXPECT_THAT(found(keys_of({-far, 0, far}), series_of({far, far - 1, 0, -far, -far - 1})),
              ElementsAre(true, false, true, true, false));
}

TEST(KeySet, HasTextsAndFloats) {
  EXPECT_THAT(found(keys_of({"a", "a long text that fills no slot"}),
                    series_of({"b", "a", "a long text that fills no slot", ""})),
              ElementsAre(false, true, true, false));
  EXPECT_THAT(found(keys_of({0.5, 0.0}), series_of({-0.0, 0.25, 0.5})), ElementsAre(true, false, true));
}

TEST(KeySet, AMissingValueIsAKeyAsInAJoin) {
  EXPECT_THAT(found(keys_of({"a", missing}), series_of({missing, "a", "b"})), ElementsAre(true, true, false));
  EXPECT_THAT(found(keys_of({"a"}), series_of({missing, "a", "b"})), ElementsAre(false, true, false));
  EXPECT_THAT(found(keys_of({1.0, missing}), series_of({missing, 1.0, 2.0})), ElementsAre(true, true, false));
}

TEST(KeySet, NumbersOfAnotherTypeAreComparedByValue) {
  EXPECT_THAT(found(keys_of({1, 3}), series_of({1.0, 1.5, missing, 3.0})), ElementsAre(true, false, false, true));
}

TEST(KeySet, NoKeysHaveNothing) {
  const Table none = Table({{"key", {1}}}).slice(0, 0);
  EXPECT_THAT(found(none, series_of({1, 2})), ElementsAre(false, false));
  EXPECT_TRUE(found(keys_of({1}), series_of({1}).slice(0, 0)).empty());
}

TEST(KeySet, TravelsAsARecord) {
  const Value set = Value::of(KeySet(keys_of({1, 7})));
  Encoder to;
  value_type<KeySet>().encode(to, &set.as<KeySet>());
  const Record record = to.take();
  Decoder from(record);
  const auto read = std::static_pointer_cast<const KeySet>(value_type<KeySet>().decode(from));
  EXPECT_THAT(read->contains(series_of({7, 2})).to_vector<bool>(), ElementsAre(true, false));
}

}  // namespace
}  // namespace plait
