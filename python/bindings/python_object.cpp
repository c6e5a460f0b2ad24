#include "python_object.h"

#include <nanobind/stl/string.h>

#include <atomic>
#include <mutex>
#include <vector>

#include "errors.h"
#include "gil.h"

namespace plait::python {
namespace {

struct Graveyard {
  std::mutex mutex;
  std::vector<PyObject*> dead;
};

Graveyard& graveyard() {
  static auto* instance = new Graveyard;
  return *instance;
}

void bury(PyObject* object) {
  if (!Py_IsInitialized()) return;
  if (PyGILState_Check()) {
    Py_DECREF(object);
    return;
  }
  Graveyard& yard = graveyard();
  std::lock_guard lock(yard.mutex);
  yard.dead.push_back(object);
}

// Numbers and texts, the results of most small tasks, are not asked: that would cost more than such a task. 0 for
// others.
std::size_t size_of_plain(PyObject* object) {
  const PyTypeObject* type = Py_TYPE(object);
  Py_ssize_t size = 0;
  if (type == &PyUnicode_Type) {
    size = type->tp_basicsize + PyUnicode_GET_LENGTH(object) * PyUnicode_KIND(object);
  } else if (type == &PyBytes_Type) {
    size = type->tp_basicsize + PyBytes_GET_SIZE(object);
  } else if (type == &PyLong_Type) {
    int is_large = 0;
    PyLong_AsLongAndOverflow(object, &is_large);
    if (is_large == 0) size = type->tp_basicsize + type->tp_itemsize;
  } else if (type == &PyFloat_Type || type == &PyBool_Type || type == &PyComplex_Type || object == Py_None) {
    size = type->tp_basicsize;
  }
  return static_cast<std::size_t>(size);
}

// What the object itself says of its size; never fails.
std::size_t own_size_of(nb::handle object) {
  if (const std::size_t size = size_of_plain(object.ptr())) return size;
  for (const char* attribute : {"nbytes", "__sizeof__"}) {
    PyObject* found = PyObject_GetAttrString(object.ptr(), attribute);
    if (found && PyCallable_Check(found)) {
      PyObject* result = PyObject_CallNoArgs(found);
      Py_DECREF(found);
      found = result;
    }
    const std::size_t size = found && PyLong_Check(found) ? PyLong_AsSize_t(found) : static_cast<std::size_t>(-1);
    Py_XDECREF(found);
    PyErr_Clear();
    if (size != static_cast<std::size_t>(-1)) return size;
  }
  return 0;
}

// With the items of long lists, of which some are asked: partitions of bags are such lists.
std::size_t size_of(nb::handle object) {
  constexpr Py_ssize_t kLong = 64, kSamples = 16;
  const std::size_t own = own_size_of(object);
  if (!PyList_CheckExact(object.ptr()) || PyList_GET_SIZE(object.ptr()) < kLong) return own;
  const Py_ssize_t length = PyList_GET_SIZE(object.ptr());
  std::size_t of_samples = 0;
  for (Py_ssize_t i = 0; i < kSamples; ++i) {
    if (i * length / kSamples >= PyList_GET_SIZE(object.ptr())) break;  // asking runs Python
    of_samples += own_size_of(nb::borrow(PyList_GET_ITEM(object.ptr(), i * length / kSamples)));
  }
  return own + of_samples / kSamples * static_cast<std::size_t>(length);
}

std::string describe(nb::handle object) {
  std::string text = nb::type_name(object.type()).c_str();
  if (size_of_plain(object.ptr()) != 0) return text;
  nb::object shape = nb::getattr(object, "shape", nb::none());
  if (!shape.is_none()) text += " of shape " + std::string(nb::str(shape).c_str());
  return text;
}

}  // namespace

PyRef::PyRef(nb::handle object) : held_(object.inc_ref().ptr(), bury) {}

void drop_dead_objects() {
  std::vector<PyObject*> dead;
  {
    Graveyard& yard = graveyard();
    std::lock_guard lock(yard.mutex);
    dead.swap(yard.dead);
  }
  for (PyObject* object : dead) Py_DECREF(object);
}

std::shared_ptr<void> hold_gil() {
  auto held = std::make_shared<Gil>();
  drop_dead_objects();
  return held;
}

}  // namespace plait::python

namespace plait {

namespace nb = nanobind;
using python::PyRef;

// Pickled objects of this size and more are not copied into the record.
static constexpr std::size_t kMinBlobBytes = std::size_t{16} << 10;

template <>
const ValueType& value_type<PyRef>() {
  static const ValueType type = {
      .name = "python",
      .num_bytes =
          [](const void* data) {
            const python::Gil gil;
            return python::size_of(static_cast<const PyRef*>(data)->get());
          },
      .describe =
          [](const void* data) {
            const python::Gil gil;
            return python::describe(static_cast<const PyRef*>(data)->get());
          },
      .encode = [](Encoder& to, const void* data) { encode(to, *static_cast<const PyRef*>(data)); },
      .decode = [](Decoder& from) -> std::shared_ptr<const void> {
        return std::make_shared<const PyRef>(decode<PyRef>(from));
      },
      .item_name = [](const void* data, std::size_t i) -> std::string {
        const python::Gil gil;
        const nb::handle names = static_cast<const PyRef*>(data)->get();
        return nb::repr(nb::handle(PyList_GET_ITEM(names.ptr(), static_cast<Py_ssize_t>(i)))).c_str();
      }};
  return type;
}

static Error memory_error_of(std::size_t num_bytes) {
  PyErr_Clear();
  return Error(ErrorKind::memory, "there is no memory for " + std::to_string(num_bytes) + " bytes of a Python object");
}

// pickle.dumps and pickle.loads, found once. Not by a static variable's initialisation, under whose lock the import
// would let the GIL go.
static nb::handle pickle_function(const char* name, std::atomic<PyObject*>& kept) {
  if (!kept) kept = nb::object(nb::module_::import_("pickle").attr(name)).release().ptr();
  return kept.load();
}

// Numbers and texts, the results of most small tasks, hold nothing that lies beside the pickle.
static bool encode_plain(Encoder& to, nb::handle object) {
  static std::atomic<PyObject*> kept;
  if (python::size_of_plain(object.ptr()) == 0) return false;
  const nb::handle dumps = pickle_function("dumps", kept);
  const nb::object pickled = nb::steal(PyObject_CallFunction(dumps.ptr(), "Oi", object.ptr(), 5));
  if (!pickled.is_valid()) PyErr_Clear();
  if (!pickled.is_valid() || static_cast<std::size_t>(PyBytes_GET_SIZE(pickled.ptr())) >= kMinBlobBytes) return false;
  const auto size = static_cast<std::size_t>(PyBytes_GET_SIZE(pickled.ptr()));
  plait::encode(to, false);
  plait::encode(to, std::uint64_t{size});
  to.write_bytes(PyBytes_AS_STRING(pickled.ptr()), size);
  plait::encode(to, std::uint32_t{0});
  return true;
}

void Codec<PyRef>::encode(Encoder& to, const PyRef& object) {
  const python::Gil gil;
  if (encode_plain(to, object.get())) return;
  nb::object parts;
  try {
    parts = nb::module_::import_("plait._pickle").attr("dumps_in_parts")(object.get());
  } catch (nb::python_error& error) {
    throw type_error(std::string("cannot send a Python object to another process: ") + nb::str(error.value()).c_str());
  }
  const nb::bytes bytes = nb::cast<nb::bytes>(parts[0]);
  const bool is_blob = bytes.size() >= kMinBlobBytes;
  plait::encode(to, is_blob);
  if (is_blob)
    to.write_blob({PyRef(bytes).owner(), static_cast<const std::byte*>(bytes.data()), bytes.size()});
  else
    plait::encode<std::string>(to, std::string(bytes.c_str(), bytes.size()));
  const nb::list buffers = nb::cast<nb::list>(parts[1]);
  plait::encode(to, static_cast<std::uint32_t>(buffers.size()));
  for (nb::handle buffer : buffers) {
    const Py_buffer* memory = PyMemoryView_GET_BUFFER(buffer.ptr());
    to.write_blob(
        {PyRef(buffer).owner(), static_cast<const std::byte*>(memory->buf), static_cast<std::size_t>(memory->len)});
  }
}

PyRef Codec<PyRef>::decode(Decoder& from) {
  const Blob blob = plait::decode<bool>(from) ? from.read_blob() : Blob();
  const std::string text = blob.data ? std::string() : plait::decode<std::string>(from);
  std::vector<Blob> memory;
  for (auto left = plait::decode<std::uint32_t>(from); left > 0; --left) memory.push_back(from.read_blob());
  const python::Gil gil;
  // A task may change what it is given: it gets memory of its own.
  nb::list buffers;
  for (const Blob& piece : memory) {
    PyObject* copy =
        PyByteArray_FromStringAndSize(reinterpret_cast<const char*>(piece.data), static_cast<Py_ssize_t>(piece.size));
    if (!copy) throw memory_error_of(piece.size);
    buffers.append(nb::steal(copy));
  }
  // Loading copies what it keeps.
  const char* data = blob.data ? reinterpret_cast<const char*>(blob.data) : text.data();
  const nb::object view = nb::steal(PyMemoryView_FromMemory(
      const_cast<char*>(data), static_cast<Py_ssize_t>(blob.data ? blob.size : text.size()), PyBUF_READ));
  static std::atomic<PyObject*> kept;
  const nb::handle loads = pickle_function("loads", kept);
  try {
    if (memory.empty()) return PyRef(loads(view));
    return PyRef(loads(view, nb::arg("buffers") = buffers));
  } catch (nb::python_error& error) {
    throw python::to_plait_error(error);
  }
}

}  // namespace plait
