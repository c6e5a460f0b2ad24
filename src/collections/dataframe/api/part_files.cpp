// Which files partitions are written to: names are decided here, as Dask does.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "kernels/formats/staging.h"
#include "plait/error.h"
#include "plait/frame_files.h"

namespace plait {
namespace {

namespace fs = std::filesystem;

std::string full_name(const fs::path& path) { return fs::absolute(path).lexically_normal().string(); }

bool is_part(const std::string& name) {
  constexpr std::string_view kPrefix = "part.";
  constexpr std::string_view kSuffix = ".parquet";
  if (name.size() <= kPrefix.size() + kSuffix.size() || !name.starts_with(kPrefix) || !name.ends_with(kSuffix))
    return false;
  return std::all_of(name.begin() + kPrefix.size(), name.end() - kSuffix.size(),
                     [](char c) { return c >= '0' && c <= '9'; });
}

// The Parquet files that a folder holds, and those in folders whose names are a column's values.
void add_parquet_files(const fs::path& folder, std::vector<fs::path>& found) {
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.is_directory()) {
      if (entry.path().filename().string().find('=') != std::string::npos) add_parquet_files(entry.path(), found);
    } else if (entry.path().extension() == ".parquet") {
      found.push_back(entry.path());
    }
  }
}

std::vector<fs::path> parquet_files_in(const fs::path& folder) {
  std::vector<fs::path> found;
  if (fs::is_directory(folder)) add_parquet_files(folder, found);
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace

StagedFiles csv_files(const std::string& path, std::int64_t npartitions, const ToCsvOptions& options) {
  StagedFiles files;
  const auto star = options.single_file ? std::string::npos : path.find('*');
  const bool is_folder = star == std::string::npos && !options.single_file;
  files.staging = staging_for(is_folder ? (fs::path(path) / "part").string() : path.substr(0, star));
  if (options.single_file) {
    files.names = {full_name(path)};
    return files;
  }
  const auto width = fmt::format("{}", npartitions - 1).size();
  for (std::int64_t i = 0; i < npartitions; ++i) {
    const std::string number = options.name_function ? options.name_function(i) : fmt::format("{:0{}}", i, width);
    if (is_folder)
      files.names.push_back(full_name(fs::path(path) / (number + ".part")));
    else
      files.names.push_back(full_name(path.substr(0, star) + number + path.substr(star + 1)));
  }
  return files;
}

StagedFiles parquet_files(const std::string& folder, std::int64_t npartitions, const ToParquetOptions& options) {
  StagedFiles files{
      .staging = staging_for(folder), .names = {}, .folder = full_name(fs::path(folder) / ""), .outdated = {}};
  if (files.folder.ends_with('/') && files.folder.size() > 1) files.folder.pop_back();
  for (std::int64_t i = 0; i < npartitions; ++i) {
    const std::string name = options.name_function ? options.name_function(i) : fmt::format("part.{}.parquet", i);
    files.names.push_back(full_name(fs::path(files.folder) / name));
  }
  const std::set<std::string> names(files.names.begin(), files.names.end());
  const auto is_replaced = [&](const fs::path& old) { return names.contains(old.string()); };
  const auto has_name_of_part = [&](const fs::path& old) {
    return is_part(old.filename().string()) || is_replaced(fs::path(files.folder) / old.filename());
  };
  std::vector<std::string> others;
  for (const fs::path& old : parquet_files_in(files.folder)) {
    if (options.partition_on.empty() && is_replaced(old)) continue;
    if (options.overwrite || has_name_of_part(old))
      files.outdated.push_back(old.string());
    else
      others.push_back(old.filename().string());
  }
  if (!others.empty())
    throw value_error(
        fmt::format("to_parquet: the folder {} holds other Parquet files ({}), which would be read together "
                    "with the new ones; give another folder, or overwrite=True to remove them",
                    folder, fmt::join(others, ", ")));
  return files;
}

}  // namespace plait
