#include "kernels/formats/csv_reader.h"

#include <arrow/api.h>
#include <arrow/io/compressed.h>
#include <arrow/io/file.h>
#include <arrow/util/compression.h>
#include <gmock/gmock.h>

#include "base/records.h"
#include "base/temporary_folder.h"
#include "kernels/formats/csv_index.h"

namespace plait {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// Reads whole files as a planner does: widen the schema, or split exactly, and try again.
std::shared_ptr<arrow::Table> read(const std::string& path, CsvOptions options = {}, std::int64_t blocksize = 0,
                                   std::int64_t sample_bytes = 64 * 1024) {
  CsvSplit split = split_csv({path}, options, blocksize);
  CsvSchema schema = infer_csv_schema(split, options, sample_bytes);
  for (;;) {
    try {
      std::vector<std::shared_ptr<arrow::Table>> tables;
      for (const CsvBlock& block : split.blocks) tables.push_back(parse_csv_block(block, split.names, schema, options));
      if (tables.empty()) return arrow::Table::MakeEmpty(csv_arrow_schema(schema, split.names)).ValueOrDie();
      auto table = arrow::ConcatenateTables(tables).ValueOrDie();
      EXPECT_TRUE(table->ValidateFull().ok());
      return table;
    } catch (const DetailedError& error) {
      if (const auto* widening = error.detail_if<SchemaWidening>()) {
        EXPECT_EQ(widening->path, path);
        schema.widen(widening->column, widening->evidence);
        continue;
      }
      EXPECT_EQ(error.detail().as<WrongCsvSplit>().path, path);
      options.exact_split = true;
      split = split_csv({path}, options, blocksize);
    }
  }
}

// "int64 [1, 2]; large_string ['x', null]"
std::string show(const arrow::Table& table) {
  std::string shown;
  for (int i = 0; i < table.num_columns(); ++i) {
    shown += (i == 0 ? "" : "; ") + table.schema()->field(i)->name() + ": " +
             table.schema()->field(i)->type()->ToString() + " [";
    for (std::int64_t row = 0; row < table.num_rows(); ++row) {
      shown += (row == 0 ? "" : ", ") + table.column(i)->GetScalar(row).ValueOrDie()->ToString();
    }
    shown += "]";
  }
  return shown;
}

std::string read_text(std::string_view text, const CsvOptions& options = {}) {
  TemporaryFolder folder;
  return show(*read(folder.write("data.csv", text), options));
}

std::string error_of(std::string_view text, const CsvOptions& options = {}) {
  TemporaryFolder folder;
  try {
    read(folder.write("data.csv", text), options);
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

TEST(CsvReader, InfersTheTypesThatPandasInfers) {
  EXPECT_EQ(read_text("a,b,c,d\n1,1.5,True,x\n-2,2,false,y\n"),
            "a: int64 [1, -2]; b: double [1.5, 2]; c: bool [true, false]; d: large_string [x, y]");
  EXPECT_EQ(read_text("a,b\n1,True\nNA,\n"), "a: double [1, nan]; b: bool [true, null]");
  EXPECT_EQ(read_text("a\n18446744073709551615\n"), "a: uint64 [18446744073709551615]");
  EXPECT_EQ(read_text("a,b\n1,1\nTrue,x\n"), "a: large_string [1, True]; b: large_string [1, x]");
  EXPECT_EQ(read_text("a\n +1 \n007\n"), "a: int64 [1, 7]");
  EXPECT_EQ(read_text("a\ninf\n-Infinity\n1e400\n.5\n5.\n"), "a: double [inf, -inf, inf, 0.5, 5]");
}

TEST(CsvReader, ReadsTheSameFromEveryWayToWriteIt) {
  const std::string expected = "a: int64 [1, 2]; b: large_string [x, y]";
  EXPECT_EQ(read_text("a,b\n1,x\n2,y\n"), expected);
  EXPECT_EQ(read_text("a,b\n1,x\n2,y"), expected);
  EXPECT_EQ(read_text("a,b\r\n1,x\r\n2,y\r\n"), expected);
  EXPECT_EQ(read_text("a,b\r\n1,x\r\n2,y"), expected);
  EXPECT_EQ(read_text("a,b\r1,x\r2,y\r"), expected);
  EXPECT_EQ(read_text("\xEF\xBB\xBF"
                      "a,b\n1,x\n2,y\n"),
            expected);
  EXPECT_EQ(read_text("\"a\",\"b\"\n\"1\",\"x\"\n\"2\",\"y\"\n"), expected);
  EXPECT_EQ(read_text("\n\na,b\n\n1,x\n  \t \n2,y\n\n"), expected);
}

TEST(CsvReader, ReadsQuotesByPandasRules) {
  EXPECT_EQ(read_text("a,b\n\"x,y\",1\n\"p\"\"q\",2\n\"l\nm\",3\n"),
            "a: large_string [x,y, p\"q, l\nm]; b: int64 [1, 2, 3]");
  EXPECT_EQ(read_text("a,b\nx\"y,1\n\"x\"y,2\n\"x\" \"y\",3\n"),
            "a: large_string [x\"y, xy, x \"y\"]; b: int64 [1, 2, 3]");
  EXPECT_EQ(read_text("a\n\"x\r\ny\"\r\n\"\"\r\n"), "a: large_string [x\r\ny, null]");
}

TEST(CsvReader, NamesColumnsAsPandasDoes) {
  EXPECT_EQ(read_text("a,,a\n1,2,3\n"), "a: int64 [1]; Unnamed: 1: int64 [2]; a.1: int64 [3]");
  EXPECT_EQ(read_text("1,2\n", {.names = {"x", "y"}}), "x: int64 [1]; y: int64 [2]");
  EXPECT_EQ(read_text("a,b\n1,2\n", {.header = 0, .names = {"x", "y"}}), "x: int64 [1]; y: int64 [2]");
  EXPECT_EQ(read_text("1,2\n", {.header = CsvOptions::kNoHeader}), "0: int64 [1]; 1: int64 [2]");
  EXPECT_EQ(read_text("note\n\na;b\n1;2\n", {.sep = ";", .skiprows = 1}), "a: int64 [1]; b: int64 [2]");
}

TEST(CsvReader, TakesMissingValuesFromTheOptions) {
  EXPECT_EQ(read_text("a,b\n-,-\n1,NaN\n", {.na_values = {"-"}}), "a: double [nan, 1]; b: double [nan, nan]");
  EXPECT_EQ(read_text("a\nNA\n1\n", {.keep_default_na = false}), "a: large_string [NA, 1]");
  EXPECT_EQ(read_text("a,b\n9,9\n", {.column_na_values = {{"b", {"9"}}}}), "a: int64 [9]; b: double [nan]");
}

TEST(CsvReader, ReadsDatesByTheFormatOfTheFirstOne) {
  const CsvOptions options{.parse_dates = {"t"}};
  EXPECT_EQ(read_text("t\n2024-01-01 00:00:05\nNA\n", options), "t: timestamp[us] [2024-01-01 00:00:05.000000, null]");
  EXPECT_EQ(read_text("t\n2013-01-01T05:00:00Z\n", options), "t: timestamp[us, tz=UTC] [2013-01-01 05:00:00.000000Z]");
  EXPECT_EQ(read_text("t\n2024-01-01 00:00:00.123456789\n", options),
            "t: timestamp[ns] [2024-01-01 00:00:00.123456789]");
  EXPECT_EQ(read_text("t\n31/12/2013\n", options), "t: timestamp[us] [2013-12-31 00:00:00.000000]");
  EXPECT_EQ(read_text("t\n2024-01-01\n2024-01-01 05:00:00\n", options),
            "t: large_string [2024-01-01, 2024-01-01 05:00:00]");
  EXPECT_EQ(read_text("t\n2024-02-30\n", options), "t: large_string [2024-02-30]");
}

TEST(CsvReader, WidensATypeThatTheSampleGotWrong) {
  TemporaryFolder folder;
  std::string text = "a,b\n";
  for (int i = 0; i < 100; ++i) text += "1,2\n";
  const std::string path = folder.write("data.csv", text + "1.5,x\n");
  const auto table = read(path, {}, 0, 64);
  EXPECT_EQ(table->schema()->field(0)->type()->ToString(), "double");
  EXPECT_EQ(table->schema()->field(1)->type()->ToString(), "large_string");
  EXPECT_EQ(table->num_rows(), 101);
}

TEST(CsvReader, KeepsAGivenType) {
  EXPECT_EQ(read_text("a,b\n1,2.0\n", {.dtype = {{"a", "str"}, {"b", "int64"}}}), "a: large_string [1]; b: int64 [2]");
  EXPECT_EQ(read_text("a\n1\nNA\n", {.dtype = {{"a", "Int64"}}}), "a: int64 [1, null]");
  EXPECT_EQ(read_text("a\n1\n", {.assume_missing = true}), "a: double [1]");
}

TEST(CsvReader, GivesShortTextsAsCodes) {
  TemporaryFolder folder;
  const CsvOptions options{.dictionary = {"a"}};
  const auto table = read(folder.write("data.csv", "a\nx\nlonger than eight\nx\nNA\nlonger than eight\n"), options);
  const auto& codes = static_cast<const arrow::DictionaryArray&>(*table->column(0)->chunk(0));
  EXPECT_THAT(codes.indices()->ToString(), HasSubstr("0,\n  1,\n  0,\n  null,\n  1"));
  EXPECT_EQ(codes.dictionary()->length(), 2);
}

TEST(CsvReader, NamesFileAndLineOfWhatItCannotRead) {
  EXPECT_THAT(error_of("a,b\n1,2\n1,2,3\n"), HasSubstr("data.csv:3: expected 2 fields, found 3"));
  EXPECT_THAT(error_of("a,b\n\"x\ny\",2\n1\n"), HasSubstr("data.csv:4: expected 2 fields, found 1"));
  EXPECT_THAT(error_of("a,b\n1,2\n3,\"x\n"), HasSubstr("data.csv:3: a quoted field"));
  EXPECT_THAT(error_of("a\n1\nx\n", {.dtype = {{"a", "int64"}}}),
              HasSubstr("data.csv:3: column 'a' has the value 'x'"));
  EXPECT_THAT(error_of("a\nx\n\xFF\xFE\n"),
              HasSubstr("data.csv:3: column 'a' has the value '\xFF\xFE', which is not valid UTF-8"));
  EXPECT_THAT(error_of(""), HasSubstr("the file is empty"));
  EXPECT_THAT(error_of("alpha\n1\n", {.parse_dates = {"alpa"}}), HasSubstr("did you mean 'alpha'"));
  EXPECT_EQ(read_text("a,b\n1,2\n1\n", {.fill_missing_fields = true}), "a: int64 [1, 1]; b: double [2, nan]");
}

TEST(CsvReader, SaysWhenThereIsNoFile) {
  TemporaryFolder folder;
  const auto kind = [&](const std::string& name) {
    try {
      split_csv({folder.path(name)}, {}, 0);
    } catch (const Error& error) {
      return error.kind();
    }
    return ErrorKind::bug;
  };
  EXPECT_EQ(kind("missing.csv"), ErrorKind::file_not_found);
  EXPECT_EQ(kind("*.csv"), ErrorKind::file_not_found);
  EXPECT_EQ(kind("."), ErrorKind::io);
}

TEST(CsvReader, ReadsPatternsInOrderAndComparesHeaders) {
  TemporaryFolder folder;
  folder.write("b.csv", "a\n2\n");
  folder.write("a.csv", "a\n1\n");
  folder.write("c.csv", "");
  EXPECT_EQ(show(*read(folder.path("*.csv"))), "a: int64 [1, 2]");
  folder.write("d.csv", "b\n3\n");
  EXPECT_THROW(read(folder.path("*.csv")), Error);
}

TEST(CsvReader, DecompressesByTheNameOfTheFile) {
  TemporaryFolder folder;
  std::string text = "a,b\n";
  for (int i = 0; i < 50000; ++i) text += std::to_string(i) + ",x\n";
  const auto expected = read(folder.write("data.csv", text))->CombineChunks().ValueOrDie();
  for (const auto& [name, kind] :
       {std::pair{"data.csv.gz", arrow::Compression::GZIP}, {"data.csv.zst", arrow::Compression::ZSTD}}) {
    const auto codec = arrow::util::Codec::Create(kind).ValueOrDie();
    auto file = arrow::io::FileOutputStream::Open(folder.path(name)).ValueOrDie();
    auto stream = arrow::io::CompressedOutputStream::Make(codec.get(), file).ValueOrDie();
    ASSERT_TRUE(stream->Write(text).ok() && stream->Close().ok());
    EXPECT_EQ(split_csv({folder.path(name)}, {}, 1000).blocks.size(), 1u);
    EXPECT_TRUE(read(folder.path(name))->Equals(*expected)) << name;
    const std::string cut = folder.write(std::string("cut.") + name, folder.read(name).substr(0, 1000));
    EXPECT_THROW(read(cut), Error) << name;
  }
}

TEST(CsvReader, RefusesANameThatIsNotUtf8) { EXPECT_THAT(error_of("a,\xFF\n1,2\n"), HasSubstr("is not valid UTF-8")); }

TEST(CsvReader, ReadsOnlyTheColumnsAskedFor) {
  TemporaryFolder folder;
  const std::string path = folder.write("data.csv", "a,b,c\n1,x,2\n3,y,4\n");
  const CsvSplit split = split_csv({path}, {}, 0);
  const CsvSchema schema = infer_csv_schema(split, {});
  EXPECT_EQ(show(*parse_csv_block(split.blocks[0], {"c", "a"}, schema, {})), "c: int64 [2, 4]; a: int64 [1, 3]");
  EXPECT_EQ(parse_csv_block(split.blocks[0], {}, schema, {})->num_rows(), 2);
  EXPECT_THROW(parse_csv_block(split.blocks[0], {"z"}, schema, {}), Error);
}

TEST(CsvReader, StreamsABlockInBatches) {
  TemporaryFolder folder;
  std::string text = "a,b\n";
  for (int i = 0; i < 100000; ++i) text += std::to_string(i) + ",x" + std::to_string(i) + "\n";
  const CsvSplit split = split_csv({folder.write("data.csv", text)}, {}, 0);
  const CsvSchema schema = infer_csv_schema(split, {});
  CsvBatchReader reader(split.blocks[0], {"a", "b"}, schema, {});
  std::int64_t num_rows = 0;
  int num_batches = 0;
  while (const auto batch = reader.next()) {
    ++num_batches;
    const auto& values = static_cast<const arrow::Int64Array&>(*batch->column(0));
    for (std::int64_t row = 0; row < values.length(); ++row) ASSERT_EQ(values.Value(row), num_rows++);
  }
  EXPECT_EQ(num_rows, 100000);
  EXPECT_GT(num_batches, 3);
}

TEST(CsvReader, SplitsAsManyBlocksAsDask) {
  TemporaryFolder folder;
  std::string text = "a\n";
  for (int i = 0; i < 999; ++i) text += "1\n";
  const std::string path = folder.write("data.csv", text);  // 2000 bytes
  EXPECT_EQ(split_csv({path}, {}, 2000).blocks.size(), 1u);
  EXPECT_EQ(split_csv({path}, {}, 1999).blocks.size(), 1u);
  EXPECT_EQ(split_csv({path}, {}, 1000).blocks.size(), 2u);
  EXPECT_EQ(split_csv({path}, {}, 300).blocks.size(), 6u);
}

TEST(CsvReader, FindsOutThatAGuessedSplitIsWrong) {
  TemporaryFolder folder;
  // One quoted field far from the head and longer than what is looked at around the boundary.
  std::string text = "a,b\n";
  while (text.size() < 100000) text += "1,2\n";
  text += "1,\"";
  while (text.size() < 200000) text += "3,4\n";
  text += "\"\n";
  while (text.size() < 300000) text += "1,2\n";
  const std::string path = folder.write("data.csv", text);
  const CsvSplit guessed = split_csv({path}, {}, 150000);
  ASSERT_EQ(guessed.blocks.size(), 2u);
  ASSERT_FALSE(guessed.blocks[0].exact);
  const CsvSchema schema = infer_csv_schema(guessed, {});
  try {
    parse_csv_block(guessed.blocks[0], {"a"}, schema, {});
    FAIL();
  } catch (const DetailedError& error) {
    EXPECT_EQ(error.detail().as<WrongCsvSplit>().path, path);
  }
  EXPECT_TRUE(read(path, {}, 150000)->Equals(*read(path)->CombineChunks().ValueOrDie()));
}

TEST(CsvReader, GuessesBoundariesUnlessRowsAreQuoted) {
  TemporaryFolder folder;
  const auto is_exact = [&](const std::string& header, const std::string& row) {
    std::string text = header;
    while (text.size() < 100000) text += row;
    return split_csv({folder.write("data.csv", text)}, {}, 30000).blocks.front().exact;
  };
  EXPECT_FALSE(is_exact("a,b\n", "1,2\n"));
  EXPECT_FALSE(is_exact("\"a\",\"b\"\n", "1,2\n"));
  EXPECT_TRUE(is_exact("a,b\n", "1,\"2\"\n"));
  EXPECT_TRUE(is_exact("\"a\",\"b\"\n", "1,\"2\"\n"));
}

TEST(CsvReader, EncodesItsPlan) {
  TemporaryFolder folder;
  const CsvOptions options{.dtype = {{"a", "float64"}}, .parse_dates = {"t"}};
  const CsvSplit split = split_csv({folder.write("data.csv", "a,t\n1,2024-01-01\n")}, options, 0);
  const CsvSchema schema = infer_csv_schema(split, options);
  const auto copy = []<class T>(const T& value) {
    Encoder encoder;
    encode(encoder, value);
    const Record record = encoder.take();
    Decoder decoder(record);
    return decode<T>(decoder);
  };
  const auto table = parse_csv_block(copy(split).blocks[0], {"a", "t"}, copy(schema), copy(options));
  EXPECT_EQ(show(*table), "a: double [1]; t: timestamp[us] [2024-01-01 00:00:00.000000]");
}

}  // namespace
}  // namespace plait
