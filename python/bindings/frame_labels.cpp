// Rows by their labels, and categories.
#include <nanobind/nanobind.h>

#include "answer.h"
#include "collections/dataframe/categories.h"
#include "collections/dataframe/loc.h"
#include "frame_handles.h"

namespace plait::python {

void bind_frame_labels(nb::module_& m) {
  m.def("frame_loc_slice", answering([](const ExprHandle& self, nb::object start, nb::object stop) {
          const Literal first = literal_from_python(start);
          const Literal last = literal_from_python(stop);
          return make([&] { return loc_slice_expr(self.expr, first, last); });
        }),
        nb::arg("self"), nb::arg("start").none(), nb::arg("stop").none());
  m.def("frame_loc_labels", answering([](const ExprHandle& self, nb::list labels) {
          const std::vector<Literal> wanted = literals_of(labels);
          return make([&] { return loc_labels_expr(self.expr, wanted); });
        }));
  m.def("frame_recode", answering([](const ExprHandle& self, const Table& to, bool rename) {
          return make([&] { return recode_expr(self.expr, to, rename); });
        }));
  m.def("frame_category_codes",
        answering([](const ExprHandle& self) { return make([&] { return category_codes_expr(self.expr); }); }));
}

}  // namespace plait::python
