// Options of the files that frames are read from and written to.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <variant>
#include <vector>

#include "plait/export.h"

namespace plait {

// A column of a file by name, or by position among those that are read.
using FileColumn = std::variant<std::string, std::int64_t>;

struct ReadCsvOptions {
  static constexpr std::int64_t kInferHeader = -2;  // line 0, or none where `names` are given
  static constexpr std::int64_t kNoHeader = -1;

  std::vector<FileColumn> parse_dates;
  std::map<std::string, std::string> dtype;  // column to pandas' name of a type: {"flight": "float64"}; "": all others
  std::vector<FileColumn> usecols;           // empty: all; in the order of the file
  std::vector<std::string> na_values;        // beside pandas' own list
  std::map<std::string, std::vector<std::string>> column_na_values;
  bool keep_default_na = true;
  std::vector<std::string> names;  // column names, for files without a header line
  std::string sep = ",";
  std::string quotechar = "\"";
  std::string lineterminator;          // one character that ends lines, and nothing else does; "": \n, \r\n or \r
  std::int64_t header = kInferHeader;  // the line that names the columns
  std::int64_t skiprows = 0;
  bool assume_missing = false;        // integer columns that were not given a dtype are float64
  bool drop_extra_fields = false;     // a row with too many fields loses the last ones instead of being an error
  std::string compression = "infer";  // "gzip", "zstd", "bz2", "lz4", "none"; "infer": by the file's name
  std::int64_t blocksize = 0;         // bytes a partition; 0 is Dask's rule (at most 64 MB), -1 a file a partition
};

struct ReadParquetOptions {
  std::vector<std::string> columns;
  // Which of pandas' types columns have: "numpy_nullable", "pyarrow"; "": those that were written, or NumPy's.
  std::string dtype_backend;
  bool calculate_divisions = false;  // what the statistics of the files tell of the index says where partitions begin
  // Row groups of one file are put together to partitions of about `blocksize` bytes, uncompressed; 0: a size that
  // suits.
  std::int64_t blocksize = 0;
  std::int64_t row_groups = 0;  // instead: so many row groups of one file, or all that it has
  // Whether small files are put together up to that size, or number of row groups: any that follow each other (""), or
  // those in the same folder of a column that folders are (by its name).
  std::optional<std::string> aggregate_files;
};

// "out-*.csv": the star becomes the number of the partition, padded with zeros; a name without a star is a folder of
// <number>.part files.
struct ToCsvOptions {
  std::string sep = ",";
  std::string na_rep;
  bool header = true;
  bool index = true;
  bool header_first_partition_only = false;
  bool single_file = false;
  std::function<std::string(std::int64_t)> name_function;  // what stands for the number
};

// A folder of part.<number>.parquet files, which replace those that it holds.
struct ToParquetOptions {
  std::string compression = "snappy";
  bool write_index = true;
  bool overwrite = false;         // Parquet files of other names go, too; else they are refused
  bool append = false;            // all files stay, and the new parts are numbered behind them
  bool ignore_divisions = false;  // what is appended may have labels that the files have, too
  // Columns that become folders: <column>=<value>/part.<number>.parquet. Reading the folder gives them back as
  // categories, behind the other columns.
  std::vector<std::string> partition_on;
  std::function<std::string(std::int64_t)> name_function;  // the whole name of a part
};

// Files that get their names together, once all of them are whole: until then they lie in a hidden folder beside their
// place. So a write may read what it replaces, one that fails changes nothing, and old files go only when the new ones
// are there.
struct PLAIT_API StagedFiles {
  std::string staging;             // the hidden folder
  std::vector<std::string> names;  // the final ones; with `partition_on`, of what each folder gets
  // Where the files become a folder's whole content: that folder, and which of its files go.
  std::string folder;
  std::vector<std::string> outdated;
  bool replaces = true;  // files that have the names already; else they are an error, and no file gets its name
  static constexpr auto fields = std::tuple{&StagedFiles::staging, &StagedFiles::names, &StagedFiles::folder,
                                            &StagedFiles::outdated, &StagedFiles::replaces};

  // What file `i` is called until it is published.
  std::string staged_name(std::size_t i) const;
};
// The files of `npartitions` partitions. Throws Error(value) where Parquet files of other names are in the folder.
PLAIT_API StagedFiles csv_files(const std::string& path, std::int64_t npartitions, const ToCsvOptions& options = {});
PLAIT_API StagedFiles parquet_files(const std::string& folder, std::int64_t npartitions,
                                    const ToParquetOptions& options = {});
// Bytes a partition, by Dask's rule.
PLAIT_API std::int64_t default_csv_blocksize();

}  // namespace plait
