// Which files partitions are written to: names are decided here, as Dask does.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <set>

#include "kernels/formats/parquet_paths.h"
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

// The number behind those of all parts, and no less than there are files.
std::int64_t number_behind(const std::vector<std::string>& files) {
  auto number = static_cast<std::int64_t>(files.size());
  for (const std::string& file : files) {
    const std::string name = fs::path(file).filename().string();
    std::int64_t own = -1;
    if (is_part(name)) std::from_chars(name.data() + std::string_view("part.").size(), name.data() + name.size(), own);
    number = std::max(number, own + 1);
  }
  return number;
}

using Names = std::set<std::string, std::less<>>;

// The names of files. Throws where two are the same.
Names different(const std::vector<std::string>& names, std::string_view function) {
  Names seen;
  for (const std::string& name : names) {
    if (!seen.insert(name).second)
      throw value_error(fmt::format(
          "{}: two partitions have the same file, '{}'; name_function= must give each its own name", function, name));
  }
  return seen;
}

// Whether a file, in whatever folder of the dataset, is called as one that is written.
bool has_a_name(const Names& names, const StagedFiles& files, const fs::path& file) {
  return names.contains((fs::path(files.folder) / file.filename()).string());
}

void require_new(const Names& names, const StagedFiles& files, const std::vector<std::string>& there) {
  for (const std::string& file : there) {
    if (has_a_name(names, files, file))
      throw value_error(fmt::format("to_parquet: append=True keeps '{}', and name_function= gives its name again",
                                    fs::path(file).filename().string()));
  }
}

// Those of the files there that go when the new ones are whole. Throws where some would stay and be read with them.
std::vector<std::string> outdated_files(const Names& names, const StagedFiles& files,
                                        const std::vector<std::string>& there, const ToParquetOptions& options) {
  std::vector<std::string> outdated;
  std::vector<std::string> others;
  for (const std::string& file : there) {
    if (options.partition_on.empty() && names.contains(file)) continue;
    const std::string name = fs::path(file).filename().string();
    const bool goes = options.overwrite || is_part(name) || has_a_name(names, files, file);
    (goes ? outdated : others).push_back(goes ? file : name);
  }
  if (others.empty()) return outdated;
  throw value_error(
      fmt::format("to_parquet: the folder {} holds other Parquet files ({}), which would be read together with the new "
                  "ones; give another folder, or overwrite=True to remove them",
                  files.folder, fmt::join(others, ", ")));
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
  different(files.names, "to_csv");
  return files;
}

StagedFiles parquet_files(const std::string& folder, std::int64_t npartitions, const ToParquetOptions& options) {
  if (options.append && options.overwrite)
    throw value_error("to_parquet: append=True keeps the files that are there, overwrite=True removes them; give one");
  StagedFiles files;
  files.staging = staging_for(folder);
  files.folder = full_name(fs::path(folder) / "");
  if (files.folder.ends_with('/') && files.folder.size() > 1) files.folder.pop_back();
  files.replaces = !options.append;
  std::vector<std::string> there = parquet_files_in(files.folder);
  std::sort(there.begin(), there.end());
  const std::int64_t first = options.append ? number_behind(there) : 0;
  for (std::int64_t i = first; i < first + npartitions; ++i) {
    const std::string name = options.name_function ? options.name_function(i) : fmt::format("part.{}.parquet", i);
    files.names.push_back(full_name(fs::path(files.folder) / name));
  }
  const Names names = different(files.names, "to_parquet");
  if (options.append)
    require_new(names, files, there);
  else
    files.outdated = outdated_files(names, files, there, options);
  return files;
}

}  // namespace plait
