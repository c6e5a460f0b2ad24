// How the files of partitions are called: decided here, as Dask does.
#include <fmt/format.h>

#include <filesystem>

#include "collections/dataframe/write_files.h"
#include "plait/frame_files.h"

namespace plait {
namespace fs = std::filesystem;

std::vector<std::string> csv_part_names(const std::string& path, std::int64_t npartitions,
                                        const ToCsvOptions& options) {
  if (options.single_file) return {path};
  const auto width = fmt::format("{}", npartitions - 1).size();
  const auto star = path.find('*');
  std::vector<std::string> names;
  for (std::int64_t i = 0; i < npartitions; ++i) {
    const std::string number = options.name_function ? options.name_function(i) : fmt::format("{:0{}}", i, width);
    if (star == std::string::npos)
      names.push_back((fs::path(path) / (number + ".part")).string());
    else
      names.push_back(path.substr(0, star) + number + path.substr(star + 1));
  }
  return names;
}

std::vector<std::string> parquet_part_names(const std::string& folder, std::int64_t npartitions,
                                            const ToParquetOptions& options) {
  std::vector<std::string> names;
  for (std::int64_t i = 0; i < npartitions; ++i) {
    const std::string name = options.name_function ? options.name_function(i) : fmt::format("part.{}.parquet", i);
    names.push_back((fs::path(folder) / name).string());
  }
  return names;
}

void make_folders_of(const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    const fs::path folder = fs::path(name).parent_path();
    if (!folder.empty()) fs::create_directories(folder);
  }
}

void remove_parquet_parts(const std::string& folder) {
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (name.starts_with("part.") && name.ends_with(".parquet")) fs::remove(entry.path());
  }
}

}  // namespace plait
