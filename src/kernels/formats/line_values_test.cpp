// Values of lines: literal lines, whatever pieces and blocks they are read in.
#include "kernels/formats/line_values.h"

#include <gmock/gmock.h>

#include <fstream>

namespace plait {
namespace {

using ::testing::ElementsAre;

class LineValues : public testing::Test {
 protected:
  std::string write(const std::string& text) {
    const std::string path = testing::TempDir() + "line_values_test.txt";
    std::ofstream(path, std::ios::binary) << text;
    return path;
  }
};

std::vector<std::string> shown(const std::optional<std::vector<LineValue>>& values) {
  std::vector<std::string> texts;
  for (const LineValue& value : *values) {
    switch (value.kind) {
      case LineValue::Kind::text:
        texts.push_back("'" + value.text + "'");
        break;
      case LineValue::Kind::integer:
        texts.push_back(std::to_string(value.integer));
        break;
      case LineValue::Kind::large:
        texts.push_back(std::to_string(static_cast<std::uint64_t>(value.integer)));
        break;
      case LineValue::Kind::real:
        texts.push_back(std::to_string(value.real));
        break;
      case LineValue::Kind::yes:
        texts.push_back("true");
        break;
      case LineValue::Kind::no:
        texts.push_back("false");
        break;
      case LineValue::Kind::nothing:
        texts.push_back("null");
        break;
      case LineValue::Kind::line:
        texts.push_back("line " + std::to_string(value.integer) + ": " + value.text);
        break;
    }
    if (value.count > 1) texts.back() += " x" + std::to_string(value.count);
  }
  return texts;
}

TEST_F(LineValues, AreWhatAKeyLeadsTo) {
  const std::string path = write(
      R"({"a": "x"}
{"a": 1, "b": [{}]}
{"a": 18446744073709551615}
{"a": 1.5}
{"a": true}
{"a": false}
{"a": null}
{"a": "one", "a": "last"}
{"a": "é\n"})");
  EXPECT_THAT(shown(json_values({path}, {"a"})),
              ElementsAre("'x'", "1", "18446744073709551615", "1.500000", "true", "false", "null", "'last'", "'é\n'"));
}

TEST_F(LineValues, GiveLinesBackThatAreNotReadExactly) {
  const std::string path =
      write("{\"a\": NaN}\n{\"a\": 1\n\n{\"b\": 1}\n[1]\n{\"a\": {}}\n{\"a\": 123456789012345678901}\n");
  EXPECT_THAT(shown(json_values({path}, {"a"})),
              ElementsAre("line 0: {\"a\": NaN}\n", "line 1: {\"a\": 1\n", "line 2: \n", "line 3: {\"b\": 1}\n",
                          "line 4: [1]\n", "line 5: {\"a\": {}}\n", "line 6: {\"a\": 123456789012345678901}\n"));
}

TEST_F(LineValues, FollowAPathOfKeys) {
  EXPECT_THAT(shown(json_values({write(R"({"a": {"b": {"c": 3}}})")}, {"a", "b", "c"})), ElementsAre("3"));
}

TEST_F(LineValues, AreCountedInTheOrderInWhichTheyCame) {
  EXPECT_THAT(shown(json_counts(
                  {write("{\"a\":2}\n{\"a\":\"2\"}\n{\"a\":2}\n{\"a\":null}\n{\"a\":\"2\"}\n{\"a\":2}\n")}, {"a"})),
              ElementsAre("2 x3", "'2' x2", "null"));
}

TEST_F(LineValues, LeaveCarriageReturnsToPython) {
  EXPECT_EQ(json_values({write("{\"a\":1}\r\n")}, {"a"}), std::nullopt);
}

TEST_F(LineValues, AreTheSameInWhateverBlocks) {
  std::string text;
  for (int i = 0; i < 50; ++i) text += "{\"a\":" + std::to_string(i * i * i) + "}\n";
  const std::string path = write(text);
  const auto size = static_cast<std::int64_t>(text.size());
  const auto whole = shown(json_values({path}, {"a"}));
  for (const std::int64_t width : {1, 7, 10, 33, 200}) {
    std::vector<std::string> found;
    for (std::int64_t start = 0; start < size; start += width) {
      for (std::string& value : shown(json_values({path, start, std::min(size, start + width)}, {"a"})))
        found.push_back(std::move(value));
    }
    EXPECT_EQ(found, whole) << width;
  }
}

TEST_F(LineValues, OfPiecesAreWholeLines) {
  const std::string text = "one\nlonger than a piece\n\nlast";
  for (const std::size_t piece : {1, 2, 5, 100}) {
    std::string found;
    for (TextPieces pieces({write(text)}, piece); pieces.next();) {
      found += pieces.text();
      EXPECT_TRUE(found == text || pieces.text().ends_with('\n'));
    }
    EXPECT_EQ(found, text) << piece;
  }
}

TEST_F(LineValues, AreWordsBetweenEveryKindOfSpace) {
  const std::string path = write(
      "a b\ta\x1c"
      "b\xc2\xa0"
      "a\xe3\x80\x80\xe2\x80\x83"
      "ü \n a");
  EXPECT_THAT(shown(word_counts({path})), ElementsAre("'a' x4", "'b' x2", "'ü'"));
  EXPECT_EQ(word_counts({write("a \xff")}), std::nullopt);
}

}  // namespace
}  // namespace plait
