#include "base/records.h"

#include <gmock/gmock.h>

#include "base/token.h"
#include "base/value.h"
#include "plait/ndarray.h"

namespace plait {
namespace {

struct Inner {
  std::string text;
  std::optional<double> number;
  static constexpr auto fields = std::tuple{&Inner::text, &Inner::number};
  bool operator==(const Inner&) const = default;
};

struct Outer {
  std::vector<Inner> items;
  std::map<std::string, std::int64_t> counts;
  std::variant<std::monostate, std::int64_t, std::string> choice;
  bool flag = false;
  static constexpr auto fields = std::tuple{&Outer::items, &Outer::counts, &Outer::choice, &Outer::flag};
  bool operator==(const Outer&) const = default;
};

Outer sample() { return {{{"a", 1.5}, {"", std::nullopt}}, {{"x", 3}, {"y", -1}}, std::string("chosen"), true}; }

Record record_of(const Outer& outer) {
  Encoder to;
  encode(to, outer);
  return to.take();
}

TEST(Records, StructsComeBackAsTheyWere) {
  const Record record = record_of(sample());
  Decoder from(record);
  EXPECT_EQ(decode<Outer>(from), sample());
  EXPECT_EQ(from.num_bytes_left(), 0u);
}

TEST(Records, ATruncatedRecordIsRefusedAtEveryLength) {
  const Record whole = record_of(sample());
  for (std::size_t size = 0; size < whole.head.size(); ++size) {
    Record cut;
    cut.head.assign(whole.head.begin(), whole.head.begin() + static_cast<std::ptrdiff_t>(size));
    Decoder from(cut);
    EXPECT_THROW(decode<Outer>(from), Error) << size;
  }
}

class Frames : public testing::Test {
 protected:
  void SetUp() override { register_base_value_types(); }

  static Value value() {
    return Value::of(Sequence{{Value::of(array("[[1, 2], [3, 4]]").transposed()), Value(), Value::of(array("[0.5]"))}});
  }
};

TEST_F(Frames, ValuesComeBackFromAFrame) {
  const auto frame = write_frame(encode_value(value()));
  const Value back = decode_value(read_frame(frame, nullptr));
  const auto& items = back.as<Sequence>().items;
  ASSERT_EQ(items.size(), 3u);
  EXPECT_EQ(to_string(items[0].as<NdArray>()), "[[1 3]\n [2 4]]");
  EXPECT_FALSE(items[1]);
  EXPECT_EQ(to_string(items[2].as<NdArray>()), "[0.5]");
}

TEST_F(Frames, ArraysPointIntoTheFrame) {
  const auto frame = write_frame(encode_value(Value::of(array("[1, 2, 3]"))));
  const Value back = decode_value(read_frame(frame, nullptr));
  EXPECT_GE(back.as<NdArray>().bytes(), frame.data());
  EXPECT_LT(back.as<NdArray>().bytes(), frame.data() + frame.size());
}

// Padding carries nothing, so a flip there may go unseen; the value must be right then.
TEST_F(Frames, EveryFlippedBitIsNoticedOrHarmless) {
  const auto whole = write_frame(encode_value(value()));
  const Token token = tokenize("value", value());
  for (std::size_t bit = 0; bit < whole.size() * 8; ++bit) {
    auto flipped = whole;
    flipped[bit / 8] ^= std::byte{1} << (bit % 8);
    try {
      const Value back = decode_value(read_frame(flipped, nullptr));
      EXPECT_EQ(tokenize("value", back), token) << bit;
    } catch (const Error& error) {
      EXPECT_EQ(error.kind(), ErrorKind::io);
    }
  }
}

TEST_F(Frames, ATruncatedFrameIsRefused) {
  const auto whole = write_frame(encode_value(value()));
  for (std::size_t size = 0; size + 64 < whole.size(); size += 7) {
    EXPECT_THROW(decode_value(read_frame(std::span(whole).first(size), nullptr)), Error) << size;
  }
}

TEST_F(Frames, TokensDependOnContentOnly) {
  EXPECT_EQ(tokenize("v", value()), tokenize("v", value()));
  EXPECT_NE(tokenize("v", value()), tokenize("w", value()));
  EXPECT_NE(tokenize("v", Value::of(array("[1, 2]"))), tokenize("v", Value::of(array("[1.0, 2.0]"))));
  // The same in every process and on every run: a stored token stays valid.
  EXPECT_EQ(tokenize("text", std::string("plait")).text(), "d86fe392fe88ec2194d6a73f5916e8ab");
}

enum class Fruit : std::uint8_t { apple, pear, plum };

template <class T>
T read_as(std::uint8_t byte) {
  Encoder to;
  encode(to, byte);
  const Record record = to.take();
  Decoder from(record);
  return decode<T>(from);
}

TEST(Decoding, TakesOnlyTruthValuesAndChoicesThatExist) {
  EXPECT_EQ(num_enumerators<Fruit>(), 3u);
  EXPECT_TRUE(read_as<bool>(1));
  EXPECT_EQ(read_as<Fruit>(2), Fruit::plum);
  EXPECT_THROW(read_as<bool>(2), Error);
  EXPECT_THROW(read_as<Fruit>(3), Error);
}

}  // namespace
}  // namespace plait
