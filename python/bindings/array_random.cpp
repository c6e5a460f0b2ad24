#include "array_random.h"

#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <cstring>

#include "array_arguments.h"
#include "collections/array/random_draw.h"
#include "plait/array.h"
#include "user_line.h"
#include "values.h"

namespace plait::python {
namespace {

using Line = nb::call_guard<UserLine>;
using Words = std::vector<std::uint32_t>;

// What a user's distribution is, apart from the generator.
struct Wanted {
  std::vector<double> parameters;
  std::vector<int> array_parameters;  // which of them are arrays
  std::vector<ExprPtr> arrays;
};

Wanted read_parameters(const nb::list& parameters) {
  Wanted wanted;
  for (nb::handle parameter : parameters) {
    const auto number = static_cast<int>(wanted.parameters.size());
    if (nb::isinstance<Array>(parameter)) {
      wanted.arrays.push_back(nb::cast<Array&>(parameter).expr());
      wanted.array_parameters.push_back(number);
      wanted.parameters.push_back(0);
    } else {
      wanted.parameters.push_back(nb::cast<double>(parameter));
    }
  }
  return wanted;
}

// Scalar parameters are checked now, arrays when their blocks are there.
Distribution distribution_of(StreamKind stream, const std::string& name, const Wanted& wanted, DType dtype) {
  const DistributionKind kind = find_distribution(name).kind;
  if (wanted.arrays.empty()) return make_distribution(stream, kind, wanted.parameters, dtype);
  Distribution distribution{
      .kind = kind, .dtype = info(kind).is_integral ? DType::int64 : dtype, .parameters = wanted.parameters};
  return distribution;
}

template <class Streams>
Array draw_named(Streams& streams, StreamKind kind, const std::string& label, const std::string& name,
                 const nb::list& parameters, nb::handle chunks, DType dtype) {
  Wanted wanted = read_parameters(parameters);
  Distribution distribution = distribution_of(kind, name, wanted, dtype);
  return Array{draw(streams, label, std::move(distribution), explicit_chunks(chunks), std::move(wanted.arrays),
                    std::move(wanted.array_parameters))};
}

int128 wide(nb::handle number) {
  int overflow = 0;
  const long long small = PyLong_AsLongLongAndOverflow(number.ptr(), &overflow);
  if (overflow == 0) return small;
  if (overflow < 0) throw value_error("integers: low is below every integer type");
  const unsigned long long large = PyLong_AsUnsignedLongLong(number.ptr());
  if (PyErr_Occurred()) {
    PyErr_Clear();
    return int128{~std::uint64_t{0}} + 1;  // 2**64 is a bound that uint64 may have
  }
  return int128{large};
}

template <class Streams>
Array draw_integers(Streams& streams, const std::string& label, nb::handle low, nb::handle high, bool endpoint,
                    nb::handle dtype, nb::handle chunks) {
  const DType item = dtype_from_python(dtype);
  if (nb::isinstance<Array>(low)) {
    Distribution distribution{.kind = DistributionKind::integers, .dtype = item};
    std::vector<ExprPtr> bounds = {nb::cast<Array&>(low).expr(), nb::cast<Array&>(high).expr()};
    return Array(
        draw(streams, label, std::move(distribution), explicit_chunks(chunks), std::move(bounds), {0, 1}, endpoint));
  }
  return Array{draw(streams, label, make_integers(wide(low), wide(high), item, endpoint), explicit_chunks(chunks))};
}

template <class Streams>
void bind_draws(nb::class_<Streams>& streams, StreamKind (*kind)(const Streams&)) {
  streams
      .def(
          "draw",
          [kind](Streams& self, const std::string& label, const std::string& name, const nb::list& parameters,
                 nb::handle chunks, nb::handle dtype) {
            return draw_named(self, kind(self), label, name, parameters, chunks, dtype_from_python(dtype));
          },
          Line())
      .def("integers", draw_integers<Streams>, Line())
      .def(
          "choice",
          [](Streams& self, std::int64_t population, std::vector<double> probabilities, bool replace, bool shuffle,
             nb::handle chunks) {
            return Array{draw(self, "choice", make_choice(population, std::move(probabilities), replace, shuffle),
                              explicit_chunks(chunks))};
          },
          Line())
      .def("permutation", &Streams::permutation)
      .def("__getstate__",
           [](const Streams& self) {
             Encoder to;
             encode(to, self);
             const std::vector<std::byte> frame = write_frame(to.take());
             return nb::bytes(reinterpret_cast<const char*>(frame.data()), frame.size());
           })
      .def("__setstate__", [](Streams& self, const nb::bytes& state) {
        auto frame = std::make_shared<std::vector<std::byte>>(state.size());
        std::memcpy(frame->data(), state.c_str(), state.size());
        const Record record = read_frame(*frame, frame);
        Decoder from(record);
        new (&self) Streams(decode<Streams>(from));
      });
}

}  // namespace

void bind_random(nb::module_& m) {
  nb::class_<GeneratorStreams> generator(m, "GeneratorStreams");
  generator.def(
      "__init__",
      [](GeneratorStreams* self, const std::optional<Words>& entropy, const Words& spawn_key, std::uint64_t num_spawned,
         bool chunk_invariant) {
        new (self) GeneratorStreams(
            entropy ? SeedSequence(*entropy, spawn_key, num_spawned) : SeedSequence::from_system(), chunk_invariant);
      },
      nb::arg("entropy").none(), nb::arg("spawn_key"), nb::arg("num_spawned"), nb::arg("chunk_invariant"));
  bind_draws<GeneratorStreams>(generator, [](const GeneratorStreams& self) {
    return self.is_chunk_invariant() ? StreamKind::counter : StreamKind::pcg64;
  });

  nb::class_<RandomStateStreams> legacy(m, "RandomStateStreams");
  legacy.def(
      "__init__",
      [](RandomStateStreams* self, nb::handle seed) {
        if (seed.is_none())
          new (self) RandomStateStreams(Mt19937::from_system());
        else if (PyLong_Check(seed.ptr()))
          new (self) RandomStateStreams(nb::cast<std::uint32_t>(seed));
        else
          new (self) RandomStateStreams(Mt19937(nb::cast<Words>(seed)));
      },
      nb::arg("seed").none());
  bind_draws<RandomStateStreams>(legacy, [](const RandomStateStreams&) { return StreamKind::mt19937; });
}

}  // namespace plait::python
