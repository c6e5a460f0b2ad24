#include "base/text.h"

#include <gtest/gtest.h>

#include "plait/error.h"

namespace plait {
namespace {

TEST(Text, ParsesSizesAsDask) {
  EXPECT_EQ(parse_bytes("100"), 100);
  EXPECT_EQ(parse_bytes("10MB"), 10'000'000);
  EXPECT_EQ(parse_bytes("10 MiB"), 10 << 20);
  EXPECT_EQ(parse_bytes("1.5kB"), 1500);
  EXPECT_EQ(parse_bytes("MB"), 1'000'000);
  EXPECT_EQ(parse_bytes("1e6"), 1'000'000);
  EXPECT_THROW(parse_bytes("5 apples"), Error);
  EXPECT_THROW(parse_bytes(""), Error);
}

TEST(Text, FormatsSizes) {
  EXPECT_EQ(format_bytes(100), "100 B");
  EXPECT_EQ(format_bytes(1536), "1.50 KiB");
  EXPECT_EQ(format_bytes(80e9), "74.51 GiB");
}

TEST(Text, SuggestsNearNames) {
  EXPECT_EQ(did_you_mean("dep_dealy", {"dep_delay", "arr_delay", "carrier"}), "; did you mean 'dep_delay'?");
  EXPECT_EQ(did_you_mean("zzzzzz", {"dep_delay"}), "");
}

}  // namespace
}  // namespace plait
