#include "delayed_object.h"

#include <fmt/format.h>
#include <nanobind/stl/string.h>
#include <structmember.h>

#include "base/settings.h"
#include "expr/task_table.h"
#include "plait/config.h"
#include "user_line.h"

namespace plait::python {
namespace {

PyTypeObject* core_type = nullptr;

// What plait/delayed.py gives to this file.
struct Hooks {
  PyObject* call_type = nullptr;  // the class of what calls give
  PyObject* unpacked = nullptr;   // an argument with what is lazy in it made delayed, or the argument itself
  PyObject* pure_key = nullptr;   // the key of a pure call
};
Hooks hooks;

DelayedObject* as_delayed(PyObject* object) { return reinterpret_cast<DelayedObject*>(object); }

// Objects that hold nothing lazy: most arguments are.
bool is_plain(PyObject* object) {
  const PyTypeObject* type = Py_TYPE(object);
  return object == Py_None || type == &PyLong_Type || type == &PyFloat_Type || type == &PyUnicode_Type ||
         type == &PyBool_Type || type == &PyBytes_Type || type == &PyComplex_Type || type == &PyFunction_Type;
}

int traverse(PyObject* self, visitproc visit, void* arg) {
  const DelayedObject* object = as_delayed(self);
  Py_VISIT(Py_TYPE(self));
  Py_VISIT(object->function);
  Py_VISIT(object->arguments);
  Py_VISIT(object->keywords);
  Py_VISIT(object->name);
  Py_VISIT(object->key);
  Py_VISIT(object->code);
  return 0;
}

int clear(PyObject* self) {
  DelayedObject* object = as_delayed(self);
  Py_CLEAR(object->function);
  Py_CLEAR(object->arguments);
  Py_CLEAR(object->keywords);
  Py_CLEAR(object->name);
  Py_CLEAR(object->key);
  Py_CLEAR(object->code);
  return 0;
}

// Long chains die one by one: the class in Python puts off what lies too deep.
void deallocate(PyObject* self) {
  PyObject_GC_UnTrack(self);
  PyTypeObject* type = Py_TYPE(self);
  clear(self);
  type->tp_free(self);
  Py_DECREF(type);
}

PyObject* new_reference(PyObject* object) {
  Py_XINCREF(object);
  return object;
}

void give_token(DelayedObject& object) {
  if (!object.key) {
    object.token = next_call_token();
    object.has_unique_token = true;
    return;
  }
  const std::string text = nb::repr(nb::handle(object.key)).c_str();
  object.token = tokenize("delayed", text);
}

struct Made {
  PyObject* type;
  DelayedKind kind;
  nb::handle function;
  nb::handle arguments;
  nb::handle keywords;
  nb::handle name;
  nb::handle key;
  Py_ssize_t nout = -1;
};

nb::object make(const Made& made) {
  auto* type = reinterpret_cast<PyTypeObject*>(made.type);
  PyObject* self = type->tp_alloc(type, 0);
  if (!self) throw nb::python_error();
  nb::object result = nb::steal(self);
  DelayedObject& object = *as_delayed(self);
  object.kind = made.kind;
  object.function = new_reference(made.function.ptr());
  object.arguments = new_reference(made.arguments.ptr());
  object.keywords = new_reference(made.keywords.ptr());
  object.name = new_reference(made.name.ptr());
  object.key = made.key.ptr() && !made.key.is_none() ? new_reference(made.key.ptr()) : nullptr;
  object.nout = made.nout;
  object.is_pure = -1;
  object.block = -1;
  object.takes_delayed = false;
  if (made.arguments.ptr()) {
    const auto look_at = [&](PyObject* argument) { object.takes_delayed |= delayed_in(argument) != nullptr; };
    for (Py_ssize_t i = 0; i < PyTuple_GET_SIZE(object.arguments); ++i) look_at(PyTuple_GET_ITEM(object.arguments, i));
    PyObject* name = nullptr;
    PyObject* value = nullptr;
    for (Py_ssize_t at = 0; object.keywords && PyDict_Next(object.keywords, &at, &name, &value);) look_at(value);
  }
  if (made.kind != DelayedKind::part) give_token(object);
  const UserPlace place = user_place();
  object.code = new_reference(place.code.ptr());
  object.instruction = place.instruction;
  return result;
}

// What plait/delayed.py makes of an argument: most often the argument itself.
nb::object unpacked(PyObject* argument) {
  PyObject* made = PyObject_CallOneArg(hooks.unpacked, argument);
  if (!made) throw nb::python_error();
  return nb::steal(made);
}

nb::object unpacked_arguments(PyObject* given) {
  nb::object changed;
  const Py_ssize_t size = PyTuple_GET_SIZE(given);
  for (Py_ssize_t i = 0; i < size; ++i) {
    PyObject* argument = PyTuple_GET_ITEM(given, i);
    if (is_plain(argument) || delayed_in(argument)) continue;
    nb::object made = unpacked(argument);
    if (made.ptr() == argument) continue;
    if (!changed.is_valid()) {
      changed = nb::steal(PyTuple_New(size));
      for (Py_ssize_t k = 0; k < size; ++k)
        PyTuple_SET_ITEM(changed.ptr(), k, new_reference(PyTuple_GET_ITEM(given, k)));
    }
    PyTuple_SetItem(changed.ptr(), i, made.release().ptr());
  }
  return changed.is_valid() ? changed : nb::borrow(given);
}

// A copy, for the caller goes on with its own.
nb::object unpacked_keywords(const nb::dict& given) {
  nb::dict keywords;
  for (auto [name, value] : given) {
    const bool is_ready = is_plain(value.ptr()) || delayed_in(value.ptr());
    keywords[name] = is_ready ? nb::borrow(value) : unpacked(value.ptr());
  }
  return keywords;
}

nb::object taken_out(nb::dict& keywords, const char* name) {
  nb::object value = keywords.get(name, nb::none());
  if (!value.is_none()) nb::del(keywords[name]);
  return value;
}

bool is_pure_by_setting() { return config::get_bool("delayed-pure", false); }

bool is_pure_call(std::int8_t wish, nb::handle given) {
  if (!given.is_none()) return nb::cast<bool>(given);
  return wish >= 0 ? wish == 1 : is_pure_by_setting();
}

nb::object call_function(const DelayedObject& leaf, PyObject* arguments, PyObject* keywords) {
  nb::object key = nb::none();
  nb::object given_pure = nb::none();
  nb::object named;
  if (keywords && PyDict_GET_SIZE(keywords) > 0) {
    nb::dict rest = nb::steal<nb::dict>(PyDict_Copy(keywords));
    key = taken_out(rest, "dask_key_name");
    given_pure = taken_out(rest, "pure");
    if (nb::len(rest) > 0) named = rest;
  }
  if (key.is_none() && is_pure_call(leaf.is_pure, given_pure)) {
    const nb::object self = nb::borrow(reinterpret_cast<PyObject*>(const_cast<DelayedObject*>(&leaf)));
    key = nb::handle(hooks.pure_key)(self, nb::handle(arguments), named.is_valid() ? named : nb::none());
  }
  const nb::object ready = unpacked_arguments(arguments);
  if (named.is_valid()) named = unpacked_keywords(nb::cast<nb::dict>(named));
  return make({hooks.call_type, DelayedKind::call, leaf.function, ready, named, leaf.name, key, leaf.nout});
}

// What C++ throws, as Python's exceptions: these functions are called by the interpreter itself.
template <class F>
PyObject* guarded(F&& f) {
  try {
    return f().release().ptr();
  } catch (nb::python_error& error) {
    error.restore();
  } catch (const std::exception& error) {
    PyErr_SetString(PyExc_RuntimeError, error.what());
  }
  return nullptr;
}

// The result of a wrapped function is made here; of any other delayed value in Python.
PyObject* call(PyObject* self, PyObject* arguments, PyObject* keywords) {
  DelayedObject* object = as_delayed(self);
  if (object->kind == DelayedKind::value) return guarded([&] { return call_function(*object, arguments, keywords); });
  PyObject* method = PyObject_GetAttrString(self, "_called");
  if (!method) return nullptr;
  PyObject* result = PyObject_Call(method, arguments, keywords);
  Py_DECREF(method);
  return result;
}

nb::object key_of(const DelayedObject& object) {
  if (object.key) return nb::borrow(object.key);
  return nb::str(key_text(object).c_str());
}

PyMemberDef members[] = {{"_function", T_OBJECT, offsetof(DelayedObject, function), READONLY, nullptr},
                         {"_arguments", T_OBJECT, offsetof(DelayedObject, arguments), READONLY, nullptr},
                         {"_keywords", T_OBJECT, offsetof(DelayedObject, keywords), READONLY, nullptr},
                         {"_name", T_OBJECT, offsetof(DelayedObject, name), READONLY, nullptr},
                         {"_nout", T_PYSSIZET, offsetof(DelayedObject, nout), READONLY, nullptr},
                         {"_is_pure", T_BYTE, offsetof(DelayedObject, is_pure), READONLY, nullptr},
                         {nullptr, 0, 0, 0, nullptr}};

PyGetSetDef getters[] = {
    {"key", [](PyObject* self, void*) { return guarded([&] { return key_of(*as_delayed(self)); }); }, nullptr,
     "Its name among all tasks.", nullptr},
    {nullptr, nullptr, nullptr, nullptr, nullptr}};

PyTypeObject* make_core_type(nb::module_& m) {
  PyType_Slot slots[] = {{Py_tp_traverse, reinterpret_cast<void*>(traverse)},
                         {Py_tp_clear, reinterpret_cast<void*>(clear)},
                         {Py_tp_dealloc, reinterpret_cast<void*>(deallocate)},
                         {Py_tp_call, reinterpret_cast<void*>(call)},
                         {Py_tp_members, members},
                         {Py_tp_getset, getters},
                         {Py_tp_doc, const_cast<char*>("What every delayed object holds; see plait.delayed.")},
                         {0, nullptr}};
  PyType_Spec spec = {"plait._plait.DelayedCore", sizeof(DelayedObject), 0,
                      Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE | Py_TPFLAGS_HAVE_GC | Py_TPFLAGS_DISALLOW_INSTANTIATION,
                      slots};
  PyObject* type = PyType_FromSpec(&spec);
  if (!type) throw nb::python_error();
  m.attr("DelayedCore") = nb::borrow(type);
  return reinterpret_cast<PyTypeObject*>(type);
}

}  // namespace

DelayedObject* delayed_in(PyObject* object) {
  return PyObject_TypeCheck(object, core_type) ? as_delayed(object) : nullptr;
}

std::string key_text(const DelayedObject& object) {
  if (!object.key) return fmt::format("{}-{}", nb::str(nb::handle(object.name)).c_str(), object.token.text());
  if (PyUnicode_Check(object.key)) return nb::str(nb::handle(object.key)).c_str();
  return nb::repr(nb::handle(object.key)).c_str();
}

void bind_delayed_objects(nb::module_& m) {
  config::declare({"delayed-pure", "false", "whether delayed calls with equal arguments are the same work"});
  core_type = make_core_type(m);
  m.def(
      "delayed_hooks",
      [](nb::handle call_type, nb::handle unpacked, nb::handle pure_key) {
        hooks = {call_type.inc_ref().ptr(), unpacked.inc_ref().ptr(), pure_key.inc_ref().ptr()};
      },
      "What plait/delayed.py gives to the engine.");
  m.def("delayed_is_pure", is_pure_by_setting, "What the setting delayed-pure says.");
  m.def("renew_delayed_keys", renew_call_tokens);
  m.def(
      "delayed_value",
      [](nb::handle type, nb::handle value, nb::handle name, nb::handle key, Py_ssize_t nout, int is_pure) {
        nb::object made = make({type.ptr(), DelayedKind::value, value, {}, {}, name, key, nout});
        as_delayed(made.ptr())->is_pure = static_cast<std::int8_t>(is_pure);
        return made;
      },
      nb::arg("type"), nb::arg("value").none(), nb::arg("name"), nb::arg("key").none(), nb::arg("nout") = -1,
      nb::arg("is_pure") = -1);
  m.def(
      "delayed_call",
      [](nb::handle type, nb::handle function, nb::tuple arguments, nb::handle name, nb::handle key, Py_ssize_t nout) {
        return make({type.ptr(), DelayedKind::call, function, arguments, {}, name, key, nout});
      },
      nb::arg("type"), nb::arg("function"), nb::arg("arguments"), nb::arg("name"), nb::arg("key").none(),
      nb::arg("nout") = -1);
  m.def("delayed_part", [](nb::handle function, nb::tuple arguments, nb::handle name) {
    return make({hooks.call_type, DelayedKind::part, function, arguments, {}, name, {}});
  });
  m.def(
      "delayed_block",
      [](nb::handle expr, std::int64_t block, nb::handle name, nb::handle key, Py_ssize_t nout) {
        nb::object made = make({hooks.call_type, DelayedKind::block, expr, {}, {}, name, key, nout});
        as_delayed(made.ptr())->block = block;
        return made;
      },
      nb::arg("expr"), nb::arg("block"), nb::arg("name"), nb::arg("key").none(), nb::arg("nout") = -1);
}

}  // namespace plait::python
