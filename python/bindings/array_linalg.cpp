// Linear algebra of arrays in Python.
#include <nanobind/nanobind.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/tuple.h>

#include "array_arguments.h"
#include "array_parts.h"
#include "plait/array/linalg.h"
#include "plait/random.h"
#include "user_line.h"
#include "values.h"

namespace plait::python {
namespace {

using Line = nb::call_guard<UserLine>;
using handle = Given;

auto factors(const linalg::Qr& found) { return std::tuple(found.q, found.r); }
auto factors(const linalg::Svd& found) { return std::tuple(found.u, found.s, found.v); }

linalg::Compression compression(const char* what, handle iterator, handle n_power_iter, handle n_oversamples,
                                handle compute) {
  return {.iterator = text(what, "iterator", iterator),
          .n_power_iter = small_number(what, "n_power_iter", n_power_iter),
          .n_oversamples = whole_number(what, "n_oversamples", n_oversamples),
          .compute = truth(what, "compute", compute)};
}

linalg::NormOrder norm_order(handle order) {
  if (order.is_none()) return {};
  if (PyUnicode_Check(order.ptr())) return nb::cast<std::string>(order);
  return real_number("norm", "ord", order);
}

}  // namespace

void bind_linalg(nb::module_& arrays) {
  nb::module_ m = arrays.def_submodule("linalg");
  m.def("qr", [](const Array& a) { return factors(linalg::qr(a)); }, Line());
  m.def("tsqr", [](const Array& a) { return factors(linalg::tsqr(a)); }, Line());
  m.def("sfqr", [](const Array& a) { return factors(linalg::sfqr(a)); }, Line());
  m.def("tsqr_svd", [](const Array& a) { return factors(linalg::tsqr_svd(a)); }, Line());
  m.def(
      "svd",
      [](const Array& a, handle coerce_signs) {
        return factors(linalg::svd(a, {.coerce_signs = truth("svd", "coerce_signs", coerce_signs)}));
      },
      nb::arg("a"), nb::arg("coerce_signs").none(), Line());
  m.def(
      "compression_level",
      [](handle n, handle q, handle n_oversamples, handle min_subspace_size) {
        constexpr auto what = "compression_level";
        return linalg::compression_level(whole_number(what, "n", n), whole_number(what, "q", q),
                                         whole_number(what, "n_oversamples", n_oversamples),
                                         whole_number(what, "min_subspace_size", min_subspace_size));
      },
      nb::arg("n").none(), nb::arg("q").none(), nb::arg("n_oversamples").none(), nb::arg("min_subspace_size").none());
  m.def(
      "compression_matrix",
      [](const Array& a, handle q, random::Streams& numbers, handle iterator, handle n_power_iter, handle n_oversamples,
         handle compute) {
        constexpr auto what = "compression_matrix";
        return linalg::compression_matrix(a, whole_number(what, "q", q), numbers,
                                          compression(what, iterator, n_power_iter, n_oversamples, compute));
      },
      nb::arg("a"), nb::arg("q").none(), nb::arg("numbers"), nb::arg("iterator").none(), nb::arg("n_power_iter").none(),
      nb::arg("n_oversamples").none(), nb::arg("compute").none(), Line());
  m.def(
      "svd_compressed",
      [](const Array& a, handle k, random::Streams& numbers, handle iterator, handle n_power_iter, handle n_oversamples,
         handle compute, handle coerce_signs) {
        constexpr auto what = "svd_compressed";
        return factors(linalg::svd_compressed(a, whole_number(what, "k", k), numbers,
                                              compression(what, iterator, n_power_iter, n_oversamples, compute),
                                              {.coerce_signs = truth(what, "coerce_signs", coerce_signs)}));
      },
      nb::arg("a"), nb::arg("k").none(), nb::arg("numbers"), nb::arg("iterator").none(), nb::arg("n_power_iter").none(),
      nb::arg("n_oversamples").none(), nb::arg("compute").none(), nb::arg("coerce_signs").none(), Line());
  m.def(
      "lu",
      [](const Array& a) {
        const linalg::Lu found = linalg::lu(a);
        return std::tuple(found.p, found.l, found.u);
      },
      Line());
  m.def(
      "cholesky", [](const Array& a, handle lower) { return linalg::cholesky(a, truth("cholesky", "lower", lower)); },
      nb::arg("a"), nb::arg("lower").none(), Line());
  m.def(
      "solve",
      [](const Array& a, const Array& b, bool is_positive_definite) {
        return linalg::solve(a, b, is_positive_definite);
      },
      nb::arg("a"), nb::arg("b"), nb::arg("is_positive_definite"), Line());
  m.def(
      "solve_triangular",
      [](const Array& a, const Array& b, handle lower) {
        return linalg::solve_triangular(a, b, truth("solve_triangular", "lower", lower));
      },
      nb::arg("a"), nb::arg("b"), nb::arg("lower").none(), Line());
  m.def("inv", [](const Array& a) { return linalg::inv(a); }, Line());
  m.def(
      "lstsq",
      [](const Array& a, const Array& b) {
        const linalg::LeastSquares found = linalg::lstsq(a, b);
        return std::tuple(found.x, found.residuals, found.rank, found.s);
      },
      Line());
  m.def(
      "norm",
      [](const Array& a, handle order, handle axis, handle keepdims) {
        return linalg::norm(a, norm_order(order), reduced_axes("norm", axis), truth("norm", "keepdims", keepdims));
      },
      nb::arg("a"), nb::arg("ord").none(), nb::arg("axis").none(), nb::arg("keepdims").none(), Line());
}

}  // namespace plait::python
