#include "json_lines.h"

#include <nanobind/stl/string.h>

#include <string>
#include <unordered_map>
#include <vector>

#include "kernels/formats/json_documents.h"
#include "kernels/formats/text_pieces.h"

namespace plait::python {

namespace nb = nanobind;

namespace {

// Steals a new reference, or throws what Python has raised.
nb::object stolen(PyObject* object) {
  if (!object) throw nb::python_error();
  return nb::steal(object);
}

// Keys come again in every line: each is one text of Python. Bounded, for files whose keys are data.
class Keys {
 public:
  const nb::object& of(std::string_view key) {
    constexpr std::size_t kMost = 1024;
    const auto found = known_.find(key);
    if (found != known_.end()) return found->second;
    if (known_.size() >= kMost) known_.clear();
    nb::object text = stolen(PyUnicode_DecodeUTF8(key.data(), static_cast<Py_ssize_t>(key.size()), nullptr));
    return known_.emplace(std::string(key), std::move(text)).first->second;
  }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };
  std::unordered_map<std::string, nb::object, Hash, std::equal_to<>> known_;
};

class PythonBuilder final : public JsonBuilder {
 public:
  void text(std::string_view text) override {
    put(stolen(PyUnicode_DecodeUTF8(text.data(), static_cast<Py_ssize_t>(text.size()), nullptr)));
  }
  void number(const JsonNumber& number) override {
    switch (number.kind) {
      case JsonNumber::Kind::integer:
        return put(stolen(PyLong_FromLongLong(number.integer)));
      case JsonNumber::Kind::large:
        return put(stolen(PyLong_FromUnsignedLongLong(static_cast<std::uint64_t>(number.integer))));
      case JsonNumber::Kind::real:
        return put(stolen(PyFloat_FromDouble(number.real)));
    }
  }
  void truth(bool value) override { put(nb::borrow(value ? Py_True : Py_False)); }
  void nothing() override { put(nb::none()); }
  void begin_list() override { open_.push_back({stolen(PyList_New(0)), {}}); }
  void end_list() override { close(); }
  void begin_object() override { open_.push_back({stolen(PyDict_New()), {}}); }
  void key(std::string_view key) override { open_.back().key = keys_.of(key); }
  void end_object() override { close(); }

  nb::object take() { return std::move(made_); }
  // Forgets a document that was told in part.
  void reset() { open_.clear(); }

 private:
  struct Open {
    nb::object container;
    nb::object key;  // of the next value
  };

  void put(nb::object value) {
    if (open_.empty()) {
      made_ = std::move(value);
      return;
    }
    const Open& inner = open_.back();
    const int failed = inner.key.is_valid() ? PyDict_SetItem(inner.container.ptr(), inner.key.ptr(), value.ptr())
                                            : PyList_Append(inner.container.ptr(), value.ptr());
    if (failed) throw nb::python_error();
  }
  void close() {
    nb::object whole = std::move(open_.back().container);
    open_.pop_back();
    put(std::move(whole));
  }

  std::vector<Open> open_;
  nb::object made_;
  Keys keys_;
};

// Reads a block of a file piece by piece: a partition need never be whole in memory.
class JsonLines {
 public:
  JsonLines(const std::string& path, std::int64_t start, std::int64_t end) : pieces_({path, start, end}, kPieceBytes) {}

  // The objects of the next lines. `read_line(text, number)` reads a line that the engine leaves to Python, and
  // `read_text(text)` several, where ends of lines are not newlines only.
  // None at the end.
  nb::object next(const nb::object& read_line, const nb::object& read_text) {
    if (!pieces_.next()) return nb::none();
    std::string_view rest = pieces_.text();
    if (rest.find('\r') != std::string_view::npos) return nb::list(read_text(nb::bytes(rest.data(), rest.size())));
    nb::list objects;
    while (!rest.empty()) {
      const std::size_t length = std::min(rest.find('\n'), rest.size() - 1) + 1;
      const std::string_view line = rest.substr(0, length);
      if (read_json_line(line, builder_, room_)) {
        objects.append(builder_.take());
      } else {
        builder_.reset();
        objects.append(read_line(nb::bytes(line.data(), line.size()), number_));
      }
      ++number_;
      rest.remove_prefix(length);
    }
    return objects;
  }

 private:
  static constexpr std::size_t kPieceBytes = std::size_t{128} << 10;

  TextPieces pieces_;
  std::string room_;
  PythonBuilder builder_;
  std::int64_t number_ = 0;
};

}  // namespace

void bind_json_lines(nb::module_& bags) {
  nb::class_<JsonLines>(bags, "JsonLines", "The objects of lines of JSON, some lines at a time.")
      .def(nb::init<const std::string&, std::int64_t, std::int64_t>())
      .def("next", &JsonLines::next, nb::arg("read_line"), nb::arg("read_text"));
}

}  // namespace plait::python
