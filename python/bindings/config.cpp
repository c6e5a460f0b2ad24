#include "plait/config.h"

#include <nanobind/stl/map.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include "base/dask_settings.h"
#include "base/text.h"
#include "plan.h"

namespace plait::python {

// Settings cross the border as text; plait/config.py gives them their Python types.
void bind_config(nb::module_& m) {
  m.def("config_get", [](const std::string& name) { return config::get(name); });
  m.def("config_set", [](const std::string& name, const std::string& value) { config::set(name, value); });
  m.def("config_unset", [](const std::string& name) { config::unset(name); });
  m.def("config_refresh", config::refresh);
  m.def("config_read_dask", config::read_dask_settings);
  m.def("config_all", config::all);
  m.def("config_entries", [] {
    std::vector<std::tuple<std::string, std::string, std::string, std::string>> rows;
    for (const config::Entry& entry : config::entries())
      rows.emplace_back(entry.name, entry.value, entry.source, entry.meaning);
    return rows;
  });
  m.def("did_you_mean",
        [](const std::string& wrong, const std::vector<std::string>& names) { return did_you_mean(wrong, names); });
  m.def("parse_bytes", [](const std::string& text) { return parse_bytes(text); });
  m.def("format_bytes", [](double num_bytes) { return format_bytes(num_bytes); });
}

}  // namespace plait::python
