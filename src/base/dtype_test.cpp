#include "plait/dtype.h"

#include <gtest/gtest.h>

#include "base/half.h"
#include "plait/error.h"

namespace plait {
namespace {

// One letter a dtype, in the order of DType.
constexpr std::string_view kCodes = "?bhilBHILefdFD";

// What numpy.promote_types gives: a row a left type, a column a right type.
constexpr std::string_view kPromotion[] = {
    "?bhilBHILefdFD", "bbhilhildefdFD", "hhhilhildffdFD", "iiiiliilddddDD", "llllllllddddDD",
    "BhhilBHILefdFD", "HiiilHHILffdFD", "IllllIIILdddDD", "LddddLLLLdddDD", "eefddefddefdFD",
    "fffddffddffdFD", "ddddddddddddDD", "FFFDDFFDDFFDFD", "DDDDDDDDDDDDDD",
};

TEST(DType, PromotesAsNumPy) {
  for (std::size_t a = 0; a < kCodes.size(); ++a) {
    for (std::size_t b = 0; b < kCodes.size(); ++b) {
      const auto result = promote(static_cast<DType>(a), static_cast<DType>(b));
      EXPECT_EQ(kCodes[static_cast<std::size_t>(result)], kPromotion[a][b])
          << name(static_cast<DType>(a)) << " and " << name(static_cast<DType>(b));
    }
  }
}

TEST(DType, ParsesNumPysNamesAndCodes) {
  EXPECT_EQ(parse_dtype("float64"), DType::float64);
  EXPECT_EQ(parse_dtype("<i4"), DType::int32);
  EXPECT_EQ(parse_dtype("?"), DType::bool_);
  EXPECT_EQ(parse_dtype("int"), DType::int64);
  EXPECT_THROW(parse_dtype("float80"), Error);
}

TEST(Half, EveryValueSurvivesTheWayThroughFloat) {
  for (std::uint32_t bits = 0; bits < 0x10000; ++bits) {
    const Half half{static_cast<std::uint16_t>(bits)};
    const float value = to_float(half);
    if (value != value) continue;
    ASSERT_EQ(to_half(value).bits, half.bits) << bits;
  }
}

TEST(Half, RoundsToNearestEvenAndOverflowsToInfinity) {
  EXPECT_EQ(to_half(1.0f).bits, 0x3c00);
  EXPECT_EQ(to_half(1.0f + 0x1p-11f).bits, 0x3c00);
  EXPECT_EQ(to_half(1.0f + 3 * 0x1p-11f).bits, 0x3c02);
  EXPECT_EQ(to_half(65504.0f).bits, 0x7bff);
  EXPECT_EQ(to_half(65520.0f).bits, 0x7c00);
  EXPECT_EQ(to_half(-0x1p-24f).bits, 0x8001);
}

}  // namespace
}  // namespace plait
