// Series, Index, Scalar, and the accessors of text, dates and categories.
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "frame_along_rows.h"
#include "frame_arguments.h"
#include "frame_labels.h"
#include "frame_statistics.h"

namespace plait::python {
namespace {

using Text = std::string;
using Position = std::optional<std::int64_t>;

// What the engine takes of pandas' arguments; the rest is pandas' business.
Text plain_text(nb::handle object) {
  if (!PyUnicode_Check(object.ptr())) throw NoNativeForm("a pattern that is no text");
  return nb::cast<Text>(object);
}
Text text_or_none(nb::handle object) { return object.is_none() ? Text() : plain_text(object); }
std::optional<bool> truth_or_none(nb::handle object) {
  if (object.is_none()) return std::nullopt;
  if (!PyBool_Check(object.ptr())) throw NoNativeForm("na= that is neither True nor False");
  return nb::cast<bool>(object);
}

void bind_text(nb::module_& m) {
  nb::class_<StringMethods>(m, "StringMethods")
      .def("apply", answering([](const StringMethods& s, const Text& method) { return s.apply(method); }), Line())
      .def("strip", answering([](const StringMethods& s, nb::handle chars) { return s.strip(text_or_none(chars)); }),
           nb::arg("to_strip").none(), Line())
      .def("lstrip", answering([](const StringMethods& s, nb::handle chars) { return s.lstrip(text_or_none(chars)); }),
           nb::arg("to_strip").none(), Line())
      .def("rstrip", answering([](const StringMethods& s, nb::handle chars) { return s.rstrip(text_or_none(chars)); }),
           nb::arg("to_strip").none(), Line())
      .def("contains",
           answering("str.contains(pat, case, flags, regex, na)",
                     [](const StringMethods& s, nb::handle pattern, bool case_sensitive, int flags, bool regex,
                        nb::handle na) {
                       if (flags) throw NoNativeForm("str.contains: flags of regular expressions");
                       return s.contains(plain_text(pattern), regex, case_sensitive, truth_or_none(na));
                     }),
           nb::arg("pat").none(), nb::arg("case"), nb::arg("flags"), nb::arg("regex"), nb::arg("na") = nb::none(),
           Line())
      .def("startswith", answering([](const StringMethods& s, nb::handle text, nb::handle na) {
             return s.startswith(plain_text(text), truth_or_none(na));
           }),
           nb::arg("pat"), nb::arg("na") = nb::none(), Line())
      .def("endswith", answering([](const StringMethods& s, nb::handle text, nb::handle na) {
             return s.endswith(plain_text(text), truth_or_none(na));
           }),
           nb::arg("pat"), nb::arg("na") = nb::none(), Line())
      .def("count",
           answering("str.count(pat, flags)",
                     [](const StringMethods& s, nb::handle pattern, int flags) {
                       if (flags) throw NoNativeForm("str.count: flags of regular expressions");
                       return s.count(plain_text(pattern));
                     }),
           Line())
      .def("find",
           answering("str.find(sub, start, end)",
                     [](const StringMethods& s, nb::handle text, std::int64_t start, nb::handle end) {
                       if (start != 0 || !end.is_none()) throw NoNativeForm("str.find: within a part of the text");
                       return s.find(plain_text(text));
                     }),
           nb::arg("sub"), nb::arg("start"), nb::arg("end").none(), Line())
      .def("slice",
           answering("str.slice(start, stop, step)", [](const StringMethods& s, Position start, Position stop,
                                                        Position step) { return s.slice(start, stop, step); }),
           nb::arg("start").none(), nb::arg("stop").none(), nb::arg("step").none(), Line())
      .def("get",
           answering("str.get(i)", [](const StringMethods& s, std::int64_t position) { return s.get(position); }),
           Line())
      .def("replace",
           answering([](const StringMethods& s, nb::handle from, nb::handle to, std::int64_t n,
                        nb::handle case_sensitive, int flags, bool regex) {
             if (regex || flags || n != -1 || !case_sensitive.is_none())
               throw NoNativeForm("str.replace: regular expressions, n= or case=");
             return s.replace(plain_text(from), plain_text(to));
           }),
           nb::arg("pat").none(), nb::arg("repl").none(), nb::arg("n"), nb::arg("case").none(), nb::arg("flags"),
           nb::arg("regex"), Line())
      .def("zfill",
           answering("str.zfill(width)", [](const StringMethods& s, std::int64_t width) { return s.zfill(width); }),
           Line())
      .def("repeat", answering([](const StringMethods& s, Given times) {
             if (!is_whole_number(times)) throw NoNativeForm("str.repeat: a number for each row");
             return s.repeat(whole_number("str.repeat", "repeats", times));
           }),
           Line())
      .def("removeprefix", answering([](const StringMethods& s, const Text& text) { return s.removeprefix(text); }),
           Line())
      .def("removesuffix", answering([](const StringMethods& s, const Text& text) { return s.removesuffix(text); }),
           Line());
  nb::class_<DateMethods>(m, "DateMethods")
      .def("apply",
           answering([](const DateMethods& s, const Text& method, const Text& text) { return s.apply(method, text); }),
           nb::arg("method"), nb::arg("text") = "", Line());
}

void bind_categories(nb::module_& m) {
  using Ordered = std::optional<bool>;
  nb::class_<CategoryMethods>(m, "CategoryMethods")
      .def("codes", answering([](const CategoryMethods& s) { return s.codes(); }), Line())
      .def("set_categories", answering([](const CategoryMethods& s, const Table& to, Ordered ordered, bool rename) {
             return s.set_categories(to, ordered, rename);
           }),
           nb::arg("categories"), nb::arg("ordered").none(), nb::arg("rename"), Line())
      .def("add_categories",
           answering([](const CategoryMethods& s, const Table& more) { return s.add_categories(more); }), Line())
      .def("remove_categories",
           answering([](const CategoryMethods& s, const Table& removals) { return s.remove_categories(removals); }),
           Line())
      .def("reorder_categories", answering([](const CategoryMethods& s, const Table& to, Ordered ordered) {
             return s.reorder_categories(to, ordered);
           }),
           nb::arg("categories"), nb::arg("ordered").none(), Line())
      .def("rename_categories",
           answering([](const CategoryMethods& s, const Table& names) { return s.rename_categories(names); }), Line())
      .def("as_ordered", answering([](const CategoryMethods& s) { return s.as_ordered(); }), Line())
      .def("as_unordered", answering([](const CategoryMethods& s) { return s.as_unordered(); }), Line());
}

std::vector<std::pair<Literal, Literal>> pairs_of(nb::dict mapping) {
  std::vector<std::pair<Literal, Literal>> pairs;
  for (auto [key, value] : mapping) pairs.emplace_back(literal_from_python(key), literal_from_python(value));
  return pairs;
}

}  // namespace

void bind_series(nb::module_& m) {
  bind_text(m);
  bind_categories(m);
  nb::class_<Scalar, FrameBase>(m, "Scalar", "One lazy value of the engine.")
      .def("unary", answering([](const Scalar& x, const Text& op) { return x.unary(op); }), Line())
      .def("astype", answering([](const Scalar& x, const Text& dtype) { return x.astype(known_dtype(dtype)); }),
           Line());
  nb::class_<Index, FrameBase> index(m, "Index", "Lazy labels of the engine.");
  bind_rows(index);
  nb::class_<Series, FrameBase> series(m, "Series", "A lazy column of the engine.");
  bind_rows(series);
  bind_along_rows(series);
  bind_statistics(series);
  bind_labels(series);
  series.def_prop_ro("str_methods", &Series::str)
      .def_prop_ro("dt_methods", &Series::dt)
      .def_prop_ro("cat_methods", &Series::cat)
      .def("rename", answering([](const Series& s, const Text& name) { return s.rename(name); }), Line())
      .def("to_frame", answering([](const Series& s, const Text& column) { return s.to_frame(column); }), Line())
      .def("reset_index", answering([](const Series& s) { return s.reset_index(); }), Line())
      .def("dropna", answering([](const Series& s) { return s.dropna(); }), Line())
      .def("between",
           answering("between(left, right, inclusive)",
                     [](const Series& s, nb::handle left, nb::handle right, const Text& inclusive) {
                       return s.between(literal_from_python(left), literal_from_python(right), inclusive);
                     }),
           nb::arg("left").none(), nb::arg("right").none(), nb::arg("inclusive"), Line())
      .def("map", answering([](const Series& s, nb::dict mapping) { return s.map(pairs_of(mapping)); }), Line())
      .def("value_counts",
           answering("value_counts(sort, ascending, dropna, normalize)",
                     [](const Series& s, bool sort, bool ascending, bool dropna, bool normalize) {
                       return s.value_counts({sort, ascending, dropna, normalize});
                     }),
           Line())
      .def("duplicated", answering([](const Series& s, const Text& keep) { return s.duplicated(keep); }), Line())
      .def("mode", answering([](const Series& s, bool dropna) { return s.mode(dropna); }), Line())
      .def("unique", answering([](const Series& s) { return s.unique(); }), Line())
      .def("drop_duplicates", answering([](const Series& s, const Text& keep, bool ignore_index) {
             return s.drop_duplicates(keep, ignore_index);
           }),
           Line())
      .def("nlargest", answering("nlargest(n)", [](const Series& s, std::int64_t n) { return s.nlargest(n); }), Line())
      .def("nsmallest", answering("nsmallest(n)", [](const Series& s, std::int64_t n) { return s.nsmallest(n); }),
           Line())
      .def("quantiles", answering([](const Series& s, const std::vector<double>& q) { return s.quantiles(q); }), Line())
      .def("describe", answering([](const Series& s, const std::vector<double>& q) { return s.describe(q); }), Line())
      .def("cov", answering([](const Series& x, const FrameBase& y, std::int64_t min_periods) {
             return x.cov(Series(y.expr()), {.min_periods = min_periods});
           }),
           Line())
      .def("corr",
           answering("corr(other, min_periods, method)",
                     [](const Series& x, const FrameBase& y, std::int64_t min_periods, const Text& method) {
                       return x.corr(Series(y.expr()), {.min_periods = min_periods, .method = method});
                     }),
           Line());
}

}  // namespace plait::python
