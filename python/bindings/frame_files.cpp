// Frames from and to files.
#include <nanobind/nanobind.h>
#include <nanobind/stl/map.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "collections/dataframe/read_csv.h"
#include "collections/dataframe/read_parquet.h"
#include "collections/dataframe/write_files.h"
#include "frame_handles.h"
#include "gil.h"

namespace plait::python {
namespace {

// Options by name; unknown names are a mistake of ours.
CsvOptions csv_options(nb::dict given) {
  CsvOptions options;
  for (auto [key, value] : given) {
    const auto option = nb::cast<std::string>(key);
    if (option == "sep")
      options.sep = nb::cast<std::string>(value);
    else if (option == "quotechar")
      options.quotechar = nb::cast<std::string>(value);
    else if (option == "header")
      options.header = value.is_none() ? CsvOptions::kNoHeader : nb::cast<std::int64_t>(value);
    else if (option == "names")
      options.names = nb::cast<std::vector<std::string>>(value);
    else if (option == "skiprows")
      options.skiprows = nb::cast<std::int64_t>(value);
    else if (option == "dtype")
      options.dtype = nb::cast<std::map<std::string, std::string>>(value);
    else if (option == "parse_dates")
      options.parse_dates = nb::cast<std::vector<std::string>>(value);
    else if (option == "na_values")
      options.na_values = nb::cast<std::vector<std::string>>(value);
    else if (option == "column_na_values")
      options.column_na_values = nb::cast<std::map<std::string, std::vector<std::string>>>(value);
    else if (option == "keep_default_na")
      options.keep_default_na = nb::cast<bool>(value);
    else if (option == "assume_missing")
      options.assume_missing = nb::cast<bool>(value);
    else if (option == "compression")
      options.compression = nb::cast<std::string>(value);
    else
      throw Error(ErrorKind::bug, "bug in plait: unknown CSV option '" + option + "'");
  }
  return options;
}

}  // namespace

void bind_frame_files(nb::module_& m) {
  m.def("frame_read_csv", [](const std::vector<std::string>& paths, nb::dict options, std::int64_t blocksize,
                             const std::vector<std::string>& columns) {
    const CsvOptions csv = csv_options(options);
    return make([&] {
      const NoGil no_gil;
      return read_csv_expr(paths, csv, blocksize, columns);
    });
  });
  m.def("frame_read_parquet", [](const std::vector<std::string>& paths, const std::vector<std::string>& columns) {
    return make([&] {
      const NoGil no_gil;
      return read_parquet_expr(paths, columns);
    });
  });
  m.def("frame_write_csv", [](const ExprHandle& self, const std::vector<std::string>& names, const std::string& sep,
                              const std::string& na_rep, bool header, bool index, bool header_first_only) {
    return make([&] {
      return make_expr<WriteFiles>(self.expr, names, std::vector<TableCsvOptions>{{sep, na_rep, header, index}},
                                   header_first_only);
    });
  });
  m.def("frame_write_parquet",
        [](const ExprHandle& self, const std::vector<std::string>& names, const std::string& compression, bool index) {
          return make([&] {
            return make_expr<WriteFiles>(self.expr, names, std::vector<TableCsvOptions>{}, false,
                                         TableParquetOptions{compression, index});
          });
        });
  m.def("default_csv_blocksize", default_csv_blocksize);
}

}  // namespace plait::python
