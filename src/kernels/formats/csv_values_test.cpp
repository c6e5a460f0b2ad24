// Single values: numbers, dates, what counts as missing.
#include <gmock/gmock.h>

#include <cmath>
#include <cstring>
#include <random>

#include "kernels/formats/csv_column.h"
#include "kernels/formats/csv_date.h"
#include "kernels/formats/csv_index.h"
#include "kernels/formats/csv_missing.h"
#include "kernels/formats/csv_number.h"

namespace plait {
namespace {

// Texts in memory with padding, as one column.
struct TextColumn {
  explicit TextColumn(const std::vector<std::string>& values) : text(kCsvPadding, ' ') {
    for (const std::string& value : values) {
      begins.push_back(static_cast<std::uint32_t>(text.size()));
      text += value;
      ends.push_back(static_cast<std::uint32_t>(text.size()));
      text += ',';
    }
    text.append(kCsvPadding, ' ');
  }
  CsvFields fields() const {
    return {
        .text = text.data(), .num_rows = begins.size(), .begins = begins.data(), .ends = ends.data(), .end_shift = 0};
  }
  std::string text;
  std::vector<std::uint32_t> begins, ends;
};

class CsvFloats : public testing::TestWithParam<const char*> {};

TEST_P(CsvFloats, AreRoundedExactly) {
  const std::string best = csv_index_target();
  set_csv_index_target(GetParam());
  std::vector<std::string> texts = {"0",
                                    "-0",
                                    "0.0",
                                    "1",
                                    "-1.5",
                                    ".5",
                                    "5.",
                                    "9007199254740993",
                                    "0.1234567890123456789",
                                    "123456789012345678.9",
                                    "0.000000000000000000001",
                                    "1797693134862315700000",
                                    "-.0"};
  std::mt19937_64 random(7);
  for (int i = 0; i < 20000; ++i) {
    char text[64];
    const double value =
        std::ldexp(static_cast<double>(static_cast<std::int64_t>(random())), -static_cast<int>(random() % 80));
    if (i % 2 == 0) {
      std::snprintf(text, sizeof(text), "%.17g", value);
    } else {
      std::snprintf(text, sizeof(text), "%.*f", static_cast<int>(random() % 19), std::fmod(value, 1000));
    }
    texts.push_back(text);
  }
  const TextColumn column(texts);
  std::vector<double> values(texts.size());
  std::vector<std::uint32_t> odd_rows;
  parse_float64_column(column.fields(), values.data(), odd_rows);
  EXPECT_LT(odd_rows.size(), texts.size() / 2);
  for (const std::uint32_t row : odd_rows) values[row] = parse_csv_float(texts[row]).value();
  for (std::size_t i = 0; i < texts.size(); ++i) {
    const double expected = std::strtod(texts[i].c_str(), nullptr);
    ASSERT_EQ(std::memcmp(&values[i], &expected, 8), 0) << texts[i] << ": " << values[i];
  }
  set_csv_index_target(best.c_str());
}
INSTANTIATE_TEST_SUITE_P(Targets, CsvFloats, testing::Values("sse2", "avx512"));

TEST(CsvNumber, LeavesEverythingButPlainNumbersToTheCarefulParser) {
  const TextColumn column({"", "x", "1x", "x1", "--1", "1.2.3", "-", ".", "1e5", "+1", " 1", "12:30", "1-2"});
  double values[13];
  std::vector<std::uint32_t> odd_rows;
  parse_float64_column(column.fields(), values, odd_rows);
  EXPECT_EQ(odd_rows.size(), 13u);
  std::int64_t integers[13];
  odd_rows.clear();
  parse_int64_column(column.fields(), integers, odd_rows);
  EXPECT_EQ(odd_rows.size(), 13u);
}

TEST(CsvNumber, ReadsIntegersOfAllLengths) {
  std::vector<std::string> texts;
  std::vector<std::int64_t> expected;
  for (std::int64_t value = 1; value < 1000000000000000000; value = value * 10 + value % 7 + 1) {
    for (const std::int64_t sign : {1, -1}) {
      texts.push_back(std::to_string(sign * value));
      expected.push_back(sign * value);
    }
  }
  const TextColumn column(texts);
  std::vector<std::int64_t> values(texts.size());
  std::vector<std::uint32_t> odd_rows;
  parse_int64_column(column.fields(), values.data(), odd_rows);
  for (const std::uint32_t row : odd_rows) values[row] = parse_csv_integer(texts[row]).int64();
  EXPECT_EQ(values, expected);
  EXPECT_TRUE(parse_csv_integer("-9223372036854775808").fits_int64());
  EXPECT_FALSE(parse_csv_integer("9223372036854775808").fits_int64());
  EXPECT_TRUE(parse_csv_integer("18446744073709551615").fits_uint64());
  EXPECT_TRUE(parse_csv_integer("18446744073709551616").overflows);
}

TEST(CsvDate, ReadsFixedLayoutsAsTheCarefulParserDoes) {
  const DateFormat format("%Y-%m-%d %H:%M:%S");
  ASSERT_TRUE(format.has_fixed_layout());
  FixedDate last;
  std::mt19937_64 random(3);
  for (int i = 0; i < 5000; ++i) {
    char text[32];
    std::snprintf(text, sizeof(text), "%04d-%02d-%02d %02d:%02d:%02d", static_cast<int>(random() % 3000),
                  static_cast<int>(random() % 14), static_cast<int>(random() % 33), static_cast<int>(random() % 25),
                  static_cast<int>(random() % 61), static_cast<int>(random() % 61));
    const auto careful = format.parse(text);
    ASSERT_EQ(format.parse_fixed(text, 19, last), careful.has_value()) << text;
    if (careful) {
      ASSERT_EQ(last.microseconds, careful->seconds * 1000000) << text;
    }
  }
  EXPECT_FALSE(format.parse_fixed("2024-01-01T00:00:00", 19, last));
  EXPECT_FALSE(format.parse_fixed("2024-01-01 00:0x:00", 19, last));
}

TEST(CsvDate, GuessesTheFormat) {
  EXPECT_EQ(guess_date_format("2024-01-01"), "%Y-%m-%d");
  EXPECT_EQ(guess_date_format("2013-01-01T05:00:00Z"), "%Y-%m-%dT%H:%M:%S%z");
  EXPECT_EQ(guess_date_format("01/02/2013"), "%m/%d/%Y");
  EXPECT_EQ(guess_date_format("13/02/2013"), "%d/%m/%Y");
  EXPECT_EQ(guess_date_format("hello"), "");
  EXPECT_EQ(DateFormat("%Y-%m-%dT%H:%M:%S%z").parse("1970-01-01T02:00:00+0200")->seconds, 0);
  EXPECT_EQ(zone_name("+0200"), "+02:00");
  EXPECT_EQ(zone_name("-00:00"), "UTC");
}

TEST(MissingTexts, AreThoseOfPandas) {
  const MissingTexts missing({.na_values = {"5"}}, "a");
  for (const char* text :
       {"", "NA", "NaN", "nan", "null", "NULL", "None", "<NA>", "n/a", "N/A", "#N/A", "-nan", "1.#IND", "5"}) {
    EXPECT_TRUE(missing.contains(text)) << text;
  }
  for (const char* text : {"0", "na", " NA", "none", "N", "Null", "5.0"}) EXPECT_FALSE(missing.contains(text)) << text;
  EXPECT_TRUE(missing.contains_number(5.0));
}

}  // namespace
}  // namespace plait
