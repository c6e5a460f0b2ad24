#include "table.h"

#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <cmath>

#include "answer.h"
#include "kernels/table/table_value.h"
#include "values.h"

// The public names of Arrow's structs: their layout is fixed by Arrow's C data interface.
struct ArrowArrayStream {
  int (*get_schema)(ArrowArrayStream*, ArrowSchema*);
  int (*get_next)(ArrowArrayStream*, ArrowArray*);
  const char* (*get_last_error)(ArrowArrayStream*);
  void (*release)(ArrowArrayStream*);
  void* private_data;
};

namespace plait::python {
namespace {

constexpr const char* kStreamName = "arrow_array_stream";

void release_stream(PyObject* capsule) {
  auto* stream = static_cast<ArrowArrayStream*>(PyCapsule_GetPointer(capsule, kStreamName));
  if (stream->release) stream->release(stream);
  delete stream;
}

nb::object export_stream(const Table& table, nb::handle) {
  auto* stream = new ArrowArrayStream{};
  try {
    table.export_stream(stream);
  } catch (...) {
    delete stream;
    throw;
  }
  return nb::steal(PyCapsule_New(stream, kStreamName, release_stream));
}

Table import_stream(nb::handle source) {
  const nb::object capsule = source.attr("__arrow_c_stream__")();
  auto* stream = static_cast<ArrowArrayStream*>(PyCapsule_GetPointer(capsule.ptr(), kStreamName));
  if (!stream) throw nb::python_error();
  return Table::import_stream(stream);
}

Table with_index(const Table& table, const std::string& form, const std::vector<std::string>& columns,
                 std::int64_t start, std::int64_t step, const std::string& range_name, const std::string& freq) {
  static const std::vector<std::string> kForms = {"frame", "series", "index", "scalar"};
  const auto found = std::find(kForms.begin(), kForms.end(), form);
  if (found == kForms.end()) throw value_error("a table has no form '" + form + "'");
  return table.with_index({columns, start, step, range_name, freq})
      .with_form(static_cast<TableForm>(found - kForms.begin()));
}

nb::tuple describe_column(const Field& field) {
  const bool is_native = !(field.type.kind == TypeKind::string && field.type.family == TypeFamily::object);
  static constexpr const char* kFamilies[] = {"numpy", "object", "nullable", "arrow"};
  return nb::make_tuple(field.name, name(field.type), kFamilies[static_cast<int>(field.type.family)], is_native);
}

// (form, [(name, dtype, family, native)], (index columns, start, step, name, freq))
nb::tuple describe_schema(const Schema& schema) {
  static constexpr const char* kForms[] = {"frame", "series", "index", "scalar"};
  nb::list columns;
  for (const Field& field : schema.columns) columns.append(describe_column(field));
  nb::list index;
  for (const std::string& column : schema.index.columns) index.append(column);
  return nb::make_tuple(
      kForms[static_cast<int>(schema.form)], columns,
      nb::make_tuple(index, schema.index.start, schema.index.step, schema.index.range_name, schema.index.freq));
}

TimeUnit parse_unit(const std::string& unit) {
  if (unit == "s") return TimeUnit::s;
  if (unit == "ms") return TimeUnit::ms;
  if (unit == "us") return TimeUnit::us;
  if (unit == "ns") return TimeUnit::ns;
  throw value_error("unknown unit of time '" + unit + "'; expected s, ms, us or ns");
}

const char* unit_text(TimeUnit unit) {
  static constexpr const char* kUnits[] = {"s", "ms", "us", "ns"};
  return kUnits[static_cast<int>(unit)];
}

nb::module_ convert_module() { return nb::module_::import_("plait.dataframe._convert"); }

nb::object table_to_python(const Value& value) {
  return convert_module().attr("to_pandas")(nb::cast(value.as<Table>()));
}

Value table_from_python(nb::handle object) {
  if (nb::isinstance<Table>(object)) return Value::of(nb::cast<Table>(object));
  const std::string module =
      nb::cast<std::string>(nb::str(nb::handle(reinterpret_cast<PyObject*>(Py_TYPE(object.ptr()))).attr("__module__")));
  if (!module.starts_with("pandas")) return {};
  const nb::object table = convert_module().attr("to_table")(object);
  return table.is_none() ? Value() : Value::of(nb::cast<Table>(table));
}

// Raises UnicodeEncodeError for a text with surrogates.
std::string text_from_python(nb::handle object) {
  Py_ssize_t size = 0;
  const char* text = PyUnicode_AsUTF8AndSize(object.ptr(), &size);
  if (!text) throw nb::python_error();
  return {text, static_cast<std::size_t>(size)};
}

}  // namespace

Literal literal_from_python(nb::handle object) {
  if (object.is_none()) return missing;
  if (PyBool_Check(object.ptr())) return object.ptr() == Py_True;
  if (PyLong_Check(object.ptr())) {
    if (std::int64_t value = 0; nb::try_cast(object, value)) return value;
    throw NoNativeForm("an integer beyond 64 bits");
  }
  if (PyFloat_Check(object.ptr())) {
    const double value = nb::cast<double>(object);
    return std::isnan(value) ? Literal(missing) : Literal(value);
  }
  if (PyUnicode_Check(object.ptr())) return text_from_python(object);
  if (nb::isinstance<Timestamp>(object)) return nb::cast<Timestamp>(object);
  if (nb::isinstance<Timedelta>(object)) return nb::cast<Timedelta>(object);
  // NumPy's and pandas' scalars.
  const nb::object translated = nb::module_::import_("plait.dataframe._literals").attr("translated")(object);
  if (!nb::isinstance<NoNativeAnswer>(translated)) return literal_from_python(translated);
  throw NoNativeForm(nb::cast<NoNativeAnswer>(translated).reason);
}

nb::object literal_to_python(const Literal& literal) {
  if (const auto* truth = std::get_if<bool>(&literal)) return nb::cast(*truth);
  if (const auto* number = std::get_if<std::int64_t>(&literal)) return nb::cast(*number);
  if (const auto* number = std::get_if<double>(&literal)) return nb::cast(*number);
  if (const auto* text = std::get_if<std::string>(&literal)) return nb::cast(*text);
  if (const auto* time = std::get_if<Timestamp>(&literal)) return nb::cast(*time);
  if (const auto* span = std::get_if<Timedelta>(&literal)) return nb::cast(*span);
  return nb::none();
}

void bind_table(nb::module_& m) {
  nb::class_<Timestamp>(m, "Timestamp")
      .def("__init__", [](Timestamp* self, std::int64_t value, const std::string& unit,
                          const std::string& timezone) { new (self) Timestamp{value, parse_unit(unit), timezone}; })
      .def_prop_ro("value", [](const Timestamp& self) { return self.value; })
      .def_prop_ro("unit", [](const Timestamp& self) { return unit_text(self.unit); })
      .def_prop_ro("timezone", [](const Timestamp& self) { return self.timezone; });
  nb::class_<Timedelta>(m, "Timedelta")
      .def("__init__", [](Timedelta* self, std::int64_t value,
                          const std::string& unit) { new (self) Timedelta{value, parse_unit(unit)}; })
      .def_prop_ro("value", [](const Timedelta& self) { return self.value; })
      .def_prop_ro("unit", [](const Timedelta& self) { return unit_text(self.unit); });
  nb::class_<Table>(m, "Table", "Columns of Arrow memory and an index: one partition, or a computed frame.")
      .def("__arrow_c_stream__", export_stream, nb::arg("requested_schema") = nb::none())
      .def_static("from_arrow", import_stream)
      .def("with_index", with_index, nb::arg("form"), nb::arg("columns"), nb::arg("start"), nb::arg("step"),
           nb::arg("range_name"), nb::arg("freq") = "")
      .def("empty", [](const Table& self) { return self.slice(0, 0); })  // keeps categories
      .def("slice", &Table::slice)
      .def("item", [](const Table& self) { return literal_to_python(self.item()); })
      .def_prop_ro("num_rows", &Table::num_rows)
      .def_prop_ro("num_bytes", &Table::num_bytes)
      .def_prop_ro("schema", [](const Table& self) { return describe_schema(self.schema()); })
      .def("__repr__", [](const Table& self) { return to_string(self); });
  register_conversion({&value_type<Table>(), table_to_python, table_from_python});
}

}  // namespace plait::python
