#include "base/shared.h"

#include <gmock/gmock.h>

namespace plait {
namespace {

struct Scan {
  std::vector<std::string> files;
  static constexpr auto fields = std::tuple{&Scan::files};
};

// Two things that hold one scan.
struct Block {
  Shared<Scan> scan;
  std::int64_t number = 0;
  static constexpr auto fields = std::tuple{&Block::scan, &Block::number};
};

Shared<Scan> long_scan() { return Shared<Scan>(Scan{std::vector<std::string>(100, "flights-2013-01-01.csv")}); }

TEST(Shared, HasTheTokenOfItsContent) {
  EXPECT_EQ(long_scan().token(), long_scan().token());
  EXPECT_NE(long_scan().token(), Shared<Scan>(Scan{{"other.csv"}}).token());
}

TEST(Shared, IsWrittenWhereItIsMentionedIfNobodyKeepsParts) {
  Encoder to;
  encode(to, Block{long_scan(), 3});
  const Record record = to.take();
  Decoder from(record);
  const auto block = decode<Block>(from);
  EXPECT_EQ(block.scan->files.size(), 100u);
  EXPECT_EQ(block.number, 3);
}

TEST(Shared, IsWrittenOnceAndReadOnceWhereSomebodyKeepsParts) {
  const Shared<Scan> scan = long_scan();
  PartTable parts;
  Encoder to(&parts);
  encode(to, std::vector<Block>{{scan, 0}, {long_scan(), 1}});
  const Record body = to.take();
  EXPECT_LT(body.head.size(), 100u);

  Encoder whole;
  encode(whole, parts);
  const Record record = whole.take();
  Decoder from(record);
  auto read_parts = decode<PartTable>(from);
  Decoder from_body(body, &read_parts);
  const auto blocks = decode<std::vector<Block>>(from_body);
  EXPECT_EQ(blocks[0].scan->files.size(), 100u);
  EXPECT_TRUE(blocks[0].scan.same_as(blocks[1].scan));
}

TEST(Shared, MayHoldOtherSharedParts) {
  const Shared<Block> outer(Block{long_scan(), 7});
  PartTable parts;
  Encoder to(&parts);
  encode(to, outer);
  const Record body = to.take();
  Decoder from(body, &parts);
  EXPECT_EQ(decode<Shared<Block>>(from)->scan->files.size(), 100u);
}

TEST(Shared, ThatIsMissingIsADamagedRecord) {
  PartTable parts;
  Encoder to(&parts);
  encode(to, long_scan());
  const Record body = to.take();
  PartTable empty;
  Decoder from(body, &empty);
  EXPECT_THROW(decode<Shared<Scan>>(from), Error);
}

}  // namespace
}  // namespace plait
