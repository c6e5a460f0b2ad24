// Blocks of any size, read on any instruction set, give what a plain reading of the rules gives.
#include <arrow/api.h>
#include <gtest/gtest.h>

#include <random>

#include "base/temporary_folder.h"
#include "kernels/formats/csv_index.h"
#include "kernels/formats/csv_reader.h"

namespace plait {
namespace {

using Rows = std::vector<std::vector<std::string>>;

// One character after the other, as pandas' tokenizer does it.
Rows reference_rows(const std::string& text) {
  Rows rows;
  std::vector<std::string> row(1);
  enum { field_start, plain, quoted, quote_in_quoted } state = field_start;
  const auto end_row = [&] {
    if (row.size() > 1 || row[0].find_first_not_of(" \t") != std::string::npos) rows.push_back(row);
    row.assign(1, "");
    state = field_start;
  };
  bool touched = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    touched = true;
    if (state == quoted) {
      if (c == '"')
        state = quote_in_quoted;
      else
        row.back() += c;
    } else if (c == '"' && state == quote_in_quoted) {
      row.back() += c;
      state = quoted;
    } else if (c == '"' && state == field_start) {
      state = quoted;
    } else if (c == ',') {
      row.emplace_back();
      state = field_start;
    } else if (c == '\n' || c == '\r') {
      if (c == '\r' && i + 1 < text.size() && text[i + 1] == '\n') ++i;
      end_row();
      touched = false;
    } else {
      row.back() += c;
      state = plain;
    }
  }
  if (touched) end_row();
  return rows;
}

std::string random_field(std::mt19937_64& random) {
  static const char* const pieces[] = {"a", "bc", ",", "\n", "\r\n", "\"\"", "long text of many letters",
                                       " ", "é",  "1", "\r"};
  static const char* const plain[] = {"a", "bc", "x\"y", "1", "22", "text of some length", "", "é", "q\"\"", "0"};
  if (random() % 3 != 0) return plain[random() % std::size(plain)];
  std::string field = "\"";
  for (auto n = random() % 6; n > 0; --n) field += pieces[random() % std::size(pieces)];
  field += "\"";
  if (random() % 8 == 0) field += "tail\"";
  return field;
}

std::string random_csv(std::mt19937_64& random) {
  static const char* const ends[] = {"\n", "\r\n", "\r"};
  const bool mixed = random() % 4 == 0;
  const char* const usual = ends[random() % 3];
  std::string text = "x,y,z";
  const auto end_line = [&] { text += mixed ? ends[random() % 3] : usual; };
  end_line();
  for (auto rows = random() % 40; rows > 0; --rows) {
    text += random_field(random) + "," + random_field(random) + "," + random_field(random);
    end_line();
    if (random() % 10 == 0) end_line();
  }
  if (random() % 3 == 0) text += "1,2,3";
  return text;
}

Rows read_rows(const std::string& path, std::int64_t blocksize) {
  CsvOptions options{.dtype = {{"", "str"}}, .keep_default_na = false};
  for (;;) {
    try {
      const CsvSplit split = split_csv({path}, options, blocksize);
      const CsvSchema schema = infer_csv_schema(split, options);
      Rows rows;
      std::int64_t expected_offset = split.blocks.empty() ? 0 : split.blocks[0].offset;
      for (const CsvBlock& block : split.blocks) {
        EXPECT_EQ(block.offset, expected_offset);
        expected_offset += block.length;
        const auto table = parse_csv_block(block, split.names, schema, options);
        for (std::int64_t row = 0; row < table->num_rows(); ++row) {
          std::vector<std::string> values;
          for (const auto& column : table->columns()) values.push_back(column->GetScalar(row).ValueOrDie()->ToString());
          rows.push_back(values);
        }
      }
      return rows;
    } catch (const DetailedError& error) {
      EXPECT_NE(error.detail_if<WrongCsvSplit>(), nullptr);
      EXPECT_FALSE(options.exact_split);
      options.exact_split = true;
    }
  }
}

class CsvSplitProperty : public testing::TestWithParam<const char*> {};

TEST_P(CsvSplitProperty, EveryBlocksizeGivesTheRowsOfThePlainReading) {
  const std::string best = csv_index_target();
  set_csv_index_target(GetParam());
  TemporaryFolder folder;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    std::mt19937_64 random(seed);
    const std::string text = random_csv(random);
    const std::string path = folder.write("data.csv", text);
    Rows expected = reference_rows(text);
    expected.erase(expected.begin());
    const std::int64_t step = 1 + static_cast<std::int64_t>(random() % 40);
    for (std::int64_t blocksize = 1; blocksize <= static_cast<std::int64_t>(text.size()) + step; blocksize += step) {
      ASSERT_EQ(read_rows(path, blocksize), expected) << "seed " << seed << ", blocksize " << blocksize << ":\n"
                                                      << text;
    }
  }
  set_csv_index_target(best.c_str());
}

INSTANTIATE_TEST_SUITE_P(Targets, CsvSplitProperty, testing::Values("sse2", "avx2", "avx512"));

}  // namespace
}  // namespace plait
