// Frames from and to files.
#include <nanobind/stl/function.h>
#include <nanobind/stl/map.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/variant.h>
#include <nanobind/stl/vector.h>

#include "frame_arguments.h"
#include "gil.h"
#include "kernels/formats/hive_folders.h"
#include "kernels/formats/parquet_paths.h"
#include "table.h"

namespace plait::python {
namespace {

using NameFunction = std::function<std::string(std::int64_t)>;

// Options by name; unknown names are a mistake of ours.
ReadCsvOptions csv_options(nb::dict given) {
  ReadCsvOptions options;
  const auto take = [&](const char* name, auto& field) {
    if (!given.contains(name)) return;
    using Field = std::remove_reference_t<decltype(field)>;
    const nb::object found = given[name];
    if constexpr (std::is_same_v<Field, std::int64_t>)
      field = whole_number("read_csv", name, found);
    else if (!nb::try_cast(found, field))
      throw type_error(std::string("read_csv: ") + name + " is " + shown(found) + ", which is not of its type");
  };
  take("sep", options.sep);
  take("quotechar", options.quotechar);
  take("lineterminator", options.lineterminator);
  take("names", options.names);
  take("skiprows", options.skiprows);
  take("dtype", options.dtype);
  take("parse_dates", options.parse_dates);
  take("usecols", options.usecols);
  take("na_values", options.na_values);
  take("column_na_values", options.column_na_values);
  take("keep_default_na", options.keep_default_na);
  take("assume_missing", options.assume_missing);
  take("drop_extra_fields", options.drop_extra_fields);
  take("compression", options.compression);
  take("blocksize", options.blocksize);
  if (given.contains("header"))
    options.header = given["header"].is_none() ? ReadCsvOptions::kNoHeader : nb::cast<std::int64_t>(given["header"]);
  return options;
}

DataFrame read_csv_files(const std::vector<std::string>& paths, nb::dict given) {
  const ReadCsvOptions options = csv_options(given);
  const NoGil no_gil;
  return read_csv(paths, options);
}

DataFrame read_parquet_files(const std::vector<std::string>& paths, const std::vector<std::string>& columns,
                             const std::string& dtype_backend, bool calculate_divisions, std::int64_t blocksize,
                             std::int64_t row_groups, const std::optional<std::string>& aggregate_files) {
  const NoGil no_gil;
  return read_parquet(
      paths, ReadParquetOptions{columns, dtype_backend, calculate_divisions, blocksize, row_groups, aggregate_files});
}

nb::list divisions_of_files(const DataFrame& frame, const std::string& column) {
  std::vector<Literal> known;
  {
    const NoGil no_gil;
    known = parquet_divisions(frame, column);
  }
  nb::list divisions;
  for (const Literal& division : known) divisions.append(literal_to_python(division));
  return divisions;
}

NameFunction name_function(nb::handle function) {
  return function.is_none() ? NameFunction() : nb::cast<NameFunction>(function);
}

}  // namespace

void bind_frame_files(nb::module_& m) {
  m.def("read_csv", read_csv_files, Line());
  m.def("read_parquet", read_parquet_files, nb::arg("paths"), nb::arg("columns"), nb::arg("dtype_backend"),
        nb::arg("calculate_divisions"), nb::arg("blocksize"), nb::arg("row_groups"), nb::arg("aggregate_files").none(),
        Line());
  m.def("parquet_divisions", divisions_of_files, nb::arg("frame"), nb::arg("column"), Line());
  nb::class_<StagedFiles>(m, "StagedFiles")
      .def_ro("staging", &StagedFiles::staging)
      .def_ro("names", &StagedFiles::names)
      .def("staged_name", &StagedFiles::staged_name, nb::arg("i"));
  m.def(
      "csv_files",
      [](const std::string& path, std::int64_t npartitions, bool single_file, nb::handle name) {
        return csv_files(path, npartitions, {.single_file = single_file, .name_function = name_function(name)});
      },
      nb::arg("path"), nb::arg("npartitions"), nb::arg("single_file"), nb::arg("name_function").none());
  m.def(
      "parquet_files",
      [](const DataFrame& frame, const std::string& folder, bool write_index, bool overwrite, bool append,
         bool ignore_divisions, const std::vector<std::string>& partition_on, nb::handle name,
         const std::vector<std::string>& retyped) {
        return parquet_files(frame, folder,
                             {.write_index = write_index,
                              .overwrite = overwrite,
                              .append = append,
                              .ignore_divisions = ignore_divisions,
                              .partition_on = partition_on,
                              .name_function = name_function(name)},
                             retyped);
      },
      nb::arg("frame"), nb::arg("folder"), nb::arg("write_index"), nb::arg("overwrite"), nb::arg("append"),
      nb::arg("ignore_divisions"), nb::arg("partition_on"), nb::arg("name_function").none(), nb::arg("retyped"));
  m.def("parquet_files_in", parquet_files_in, nb::arg("folder"));
  m.def(
      "folder_name",
      [](const std::string& column, nb::handle value) { return folder_name(column, literal_from_python(value)); },
      nb::arg("column"), nb::arg("value").none());
  m.def(
      "published", [](const FrameBase& written, const StagedFiles& files) { return published(written, files); },
      nb::arg("written"), nb::arg("files"), Line());
  m.def("to_csv",
        answering([](const DataFrame& frame, const std::string& path, const std::string& sep, const std::string& na_rep,
                     bool header, bool index, bool header_first_partition_only, bool single_file, nb::handle name) {
          return frame.lazy_to_csv(path, {.sep = sep,
                                          .na_rep = na_rep,
                                          .header = header,
                                          .index = index,
                                          .header_first_partition_only = header_first_partition_only,
                                          .single_file = single_file,
                                          .name_function = name_function(name)});
        }),
        nb::arg("frame"), nb::arg("path"), nb::arg("sep"), nb::arg("na_rep"), nb::arg("header"), nb::arg("index"),
        nb::arg("header_first_partition_only"), nb::arg("single_file"), nb::arg("name_function").none(), Line());
  m.def(
      "to_parquet",
      answering([](const DataFrame& frame, const std::string& folder, const std::string& compression, bool write_index,
                   bool overwrite, bool append, bool ignore_divisions, const std::vector<std::string>& partition_on,
                   nb::handle name) {
        return frame.lazy_to_parquet(
            folder, {compression, write_index, overwrite, append, ignore_divisions, partition_on, name_function(name)});
      }),
      nb::arg("frame"), nb::arg("folder"), nb::arg("compression"), nb::arg("write_index"), nb::arg("overwrite"),
      nb::arg("append"), nb::arg("ignore_divisions"), nb::arg("partition_on"), nb::arg("name_function").none(), Line());
}

}  // namespace plait::python
