#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <cstring>
#include <limits>

#include "array_arguments.h"
#include "array_parts.h"
#include "plait/random.h"
#include "user_line.h"
#include "values.h"

namespace plait::python {
namespace {

using Line = nb::call_guard<UserLine>;
using Words = std::vector<std::uint32_t>;
using handle = Given;
using random::Choice;
using random::Generator;
using random::Integers;
using random::RandomState;
using random::Streams;

// 2**64, the bound that uint64 excludes, has no 64-bit form: the number before it is included instead.
Array integers(Streams& self, handle low, handle high, handle size, handle chunks, handle dtype, handle endpoint,
               const std::string& label) {
  const bool is_included = truth(label, "endpoint", endpoint);
  const nb::object beyond = nb::int_(std::numeric_limits<std::uint64_t>::max()) + nb::int_(1);
  const bool is_beyond = PyLong_Check(high.ptr()) && high.equal(beyond) && !is_included;
  const Operand last = is_beyond ? Operand(std::numeric_limits<std::uint64_t>::max()) : operand(high);
  return self.integers(operand(low), last, optional_shape(label, size), chunk_argument(chunks),
                       {.dtype = dtype_from_python(dtype), .endpoint = is_included || is_beyond, .label = label});
}

Array choice(Streams& self, handle population, handle size, handle chunks, handle replace, handle probabilities,
             handle shuffle) {
  const Shape shape = optional_shape("choice", size).value_or(Shape{});
  Choice how{.replace = truth("choice", "replace", replace), .shuffle = truth("choice", "shuffle", shuffle)};
  if (!probabilities.is_none()) how.probabilities = real_numbers("choice", "p", probabilities);
  if (nb::isinstance<Array>(population))
    return self.choice(nb::cast<Array&>(population), shape, chunk_argument(chunks), how);
  return self.choice(whole_number("choice", "a", population), shape, chunk_argument(chunks), how);
}

void bind_streams(nb::module_& m) {
  nb::class_<Streams>(m, "Streams")
      .def(
          "draw",
          [](Streams& self, const std::string& distribution, const nb::list& parameters, handle size, handle chunks,
             handle dtype, const std::string& label) {
            return self.draw(distribution, operands(parameters), optional_shape(distribution, size),
                             chunk_argument(chunks), dtype_from_python(dtype), label);
          },
          nb::arg("distribution").none(), nb::arg("parameters").none(), nb::arg("size").none(),
          nb::arg("chunks").none(), nb::arg("dtype").none(), nb::arg("label") = "", Line())
      .def("integers", integers, nb::arg("low").none(), nb::arg("high").none(), nb::arg("size").none(),
           nb::arg("chunks").none(), nb::arg("dtype").none(), nb::arg("endpoint").none(), nb::arg("label"), Line())
      .def("choice", choice, nb::arg("a").none(), nb::arg("size").none(), nb::arg("chunks").none(),
           nb::arg("replace").none(), nb::arg("p").none(), nb::arg("shuffle").none(), Line())
      .def(
          "multinomial",
          [](Streams& self, handle n, handle p, handle size, handle chunks) {
            return self.multinomial(whole_number("multinomial", "n", n), real_numbers("multinomial", "pvals", p),
                                    optional_shape("multinomial", size).value_or(Shape{}), chunk_argument(chunks));
          },
          nb::arg("n").none(), nb::arg("pvals").none(), nb::arg("size").none(), nb::arg("chunks").none(), Line())
      .def("permutation", [](Streams& self, const Array& x) { return self.permutation(x); }, Line());
}

// Pickled at its place.
template <class Source>
void bind_saving(nb::class_<Source, Streams>& source) {
  source
      .def("__getstate__",
           [](const Source& self) {
             const std::vector<std::byte> saved = self.save();
             return nb::bytes(reinterpret_cast<const char*>(saved.data()), saved.size());
           })
      .def("__setstate__", [](Source& self, const nb::bytes& state) {
        std::vector<std::byte> saved(state.size());
        std::memcpy(saved.data(), state.c_str(), state.size());
        new (&self) Source(Source::restored(saved));
      });
}

}  // namespace

void bind_random(nb::module_& m) {
  bind_streams(m);
  nb::class_<Generator, Streams> generator(m, "Generator");
  generator.def(
      "__init__",
      [](Generator* self, std::optional<Words> entropy, Words spawn_key, std::uint64_t num_spawned,
         bool chunk_invariant) {
        new (self) Generator(random::Seed{std::move(entropy), std::move(spawn_key), num_spawned}, chunk_invariant);
      },
      nb::arg("entropy").none(), nb::arg("spawn_key").none(), nb::arg("num_spawned").none(),
      nb::arg("chunk_invariant").none());
  bind_saving(generator);

  nb::class_<RandomState, Streams> legacy(m, "RandomState");
  legacy.def("__init__", [](RandomState* self) { new (self) RandomState(); })
      .def("__init__", [](RandomState* self, std::uint32_t seed) { new (self) RandomState(seed); })
      .def("__init__", [](RandomState* self, const Words& key) { new (self) RandomState(key); });
  bind_saving(legacy);

  // Name -> pairs of a parameter and its default.
  m.def("distributions", [] {
    nb::dict all;
    for (const random::Signature& signature : random::distributions()) {
      nb::dict parameters;
      for (const auto& [name, value] : signature.parameters) parameters[nb::str(name.c_str())] = nb::cast(value);
      all[nb::str(signature.name.c_str())] = parameters;
    }
    return all;
  });
}

}  // namespace plait::python
