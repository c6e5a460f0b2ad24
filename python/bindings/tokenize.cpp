// Tokens of Python objects: equal input gives an equal token, in every process.
#include <nanobind/stl/string.h>

#include <algorithm>

#include "base/token.h"
#include "bindings.h"
#include "plan.h"
#include "values.h"

namespace plait::python {
namespace {

Token token_of(nb::handle object);

Token combine(const std::string& kind, const std::vector<Token>& tokens) { return tokenize(kind, tokens); }

Token token_of_text(const std::string& kind, PyObject* text) {
  Py_ssize_t size = 0;
  if (const char* data = PyUnicode_AsUTF8AndSize(text, &size))
    return tokenize(kind, std::string(data, static_cast<std::size_t>(size)));
  PyErr_Clear();
  // Halves of surrogate pairs, which are no text for others.
  const nb::object bytes = nb::steal(PyUnicode_AsEncodedString(text, "utf-8", "surrogatepass"));
  if (!bytes.is_valid()) throw nb::python_error();
  return tokenize(kind,
                  std::string(PyBytes_AS_STRING(bytes.ptr()), static_cast<std::size_t>(PyBytes_GET_SIZE(bytes.ptr()))));
}

std::vector<Token> tokens_of(nb::handle items) {
  std::vector<Token> tokens;
  for (nb::handle item : items) tokens.push_back(token_of(item));
  return tokens;
}

std::string type_text(nb::handle object) { return nb::type_name(object.type()).c_str(); }

// Objects of any other kind are asked what they are made of (plait/tokenize.py).
Token token_of_other(nb::handle object) {
  const nb::object tokenizing = nb::module_::import_("plait.tokenize");
  const nb::object made_of = tokenizing.attr("normalize_token")(object);
  if (!made_of.is(object)) return combine(type_text(object), {token_of(made_of)});
  if (is_native_numpy(object)) {
    const NdArray array = from_numpy(object).contiguous();
    const Token content = hash_bytes(array.bytes(), array.num_bytes());
    return tokenize("numpy", std::pair{std::pair{static_cast<int>(array.dtype()), array.shape()}, content});
  }
  const nb::bytes pickled = nb::cast<nb::bytes>(tokenizing.attr("pickled")(object));
  return tokenize("pickle", std::string(pickled.c_str(), pickled.size()));
}

// Containers that are being taken apart: one that holds itself is met again.
class Open {
 public:
  explicit Open(nb::handle container) : number_(numbers().size()) {
    if (Py_EnterRecursiveCall(" while an object is given a token")) throw nb::python_error();
    numbers().push_back(container.ptr());
  }
  ~Open() {
    numbers().resize(number_);
    Py_LeaveRecursiveCall();
  }
  Open(const Open&) = delete;
  Open& operator=(const Open&) = delete;

  // The place of `container` among those that are open; their number if it is none of them.
  static std::size_t place(nb::handle container) {
    return static_cast<std::size_t>(std::find(numbers().begin(), numbers().end(), container.ptr()) - numbers().begin());
  }
  static std::size_t count() { return numbers().size(); }

 private:
  static std::vector<PyObject*>& numbers() {
    thread_local std::vector<PyObject*> open;
    return open;
  }
  std::size_t number_;
};

Token token_of(nb::handle object) {
  PyObject* o = object.ptr();
  if (o == Py_None) return tokenize("none", 0);
  if (PyBool_Check(o)) return tokenize("bool", o == Py_True);
  if (PyLong_CheckExact(o)) return token_of_text("int", nb::str(object).ptr());
  if (PyFloat_CheckExact(o)) return tokenize("float", PyFloat_AS_DOUBLE(o));
  if (PyUnicode_CheckExact(o)) return token_of_text("str", o);
  if (PyBytes_CheckExact(o))
    return tokenize("bytes", std::string(PyBytes_AS_STRING(o), static_cast<std::size_t>(PyBytes_GET_SIZE(o))));
  if (const std::size_t place = Open::place(object); place < Open::count())
    return tokenize("seen", static_cast<std::int64_t>(place));
  const Open open(object);
  if (PyList_CheckExact(o)) return combine("list", tokens_of(object));
  if (PyTuple_CheckExact(o)) return combine("tuple", tokens_of(object));
  if (PyAnySet_CheckExact(o)) {
    std::vector<Token> tokens = tokens_of(object);
    std::sort(tokens.begin(), tokens.end());
    return combine("set", tokens);
  }
  if (PyDict_CheckExact(o)) {
    std::vector<std::pair<Token, Token>> entries;
    for (auto [key, value] : nb::cast<nb::dict>(object)) entries.emplace_back(token_of(key), token_of(value));
    std::sort(entries.begin(), entries.end());
    return tokenize("dict", entries);
  }
  if (nb::isinstance<ExprHandle>(object)) return combine("expr", {nb::cast<const ExprHandle&>(object).expr->token()});
  return token_of_other(object);
}

}  // namespace

void bind_tokenize(nb::module_& m) {
  m.def("tokenize", [](nb::handle object) { return token_of(object).text(); });
}

}  // namespace plait::python
