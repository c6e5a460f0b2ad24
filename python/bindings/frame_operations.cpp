// Operations of frames, partition by partition and between partitions.
#include <nanobind/nanobind.h>
#include <nanobind/stl/map.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "answer.h"
#include "collections/dataframe/merge.h"
#include "frame_handles.h"
#include "kernels/table/columns.h"
#include "kernels/table/rows.h"

namespace plait::python {
namespace {

constexpr BinaryOp kBinaryOps[] = {BinaryOp::add,      BinaryOp::sub,  BinaryOp::mul, BinaryOp::truediv,
                                   BinaryOp::floordiv, BinaryOp::mod,  BinaryOp::pow, BinaryOp::eq,
                                   BinaryOp::ne,       BinaryOp::lt,   BinaryOp::le,  BinaryOp::gt,
                                   BinaryOp::ge,       BinaryOp::and_, BinaryOp::or_, BinaryOp::xor_};
constexpr UnaryOp kUnaryOps[] = {
    UnaryOp::neg, UnaryOp::pos,   UnaryOp::abs,   UnaryOp::invert, UnaryOp::isna,  UnaryOp::notna, UnaryOp::sqrt,
    UnaryOp::exp, UnaryOp::expm1, UnaryOp::log,   UnaryOp::log2,   UnaryOp::log10, UnaryOp::log1p, UnaryOp::sin,
    UnaryOp::cos, UnaryOp::tan,   UnaryOp::floor, UnaryOp::ceil,   UnaryOp::trunc, UnaryOp::sign,  UnaryOp::square};

template <class Op, std::size_t n>
Op op_named(const Op (&ops)[n], const std::string& text) {
  for (const Op op : ops) {
    if (name(op) == text) return op;
  }
  throw key_error("there is no native operation '" + text + "'");
}

std::optional<std::int64_t> optional_int(nb::handle object) {
  return object.is_none() ? std::nullopt : std::optional(nb::cast<std::int64_t>(object));
}

ExprHandle str(const ExprHandle& self, const std::string& op, const std::string& pattern,
               const std::string& replacement, bool regex, bool case_sensitive, std::optional<bool> na,
               nb::object start, nb::object stop, nb::object step) {
  const StrParams params{parse_str_op(op),  pattern, replacement,         regex,
                         case_sensitive,    na,      optional_int(start), optional_int(stop),
                         optional_int(step)};
  return make([&] { return str_expr(self.expr, params); });
}

ExprHandle fillna(const ExprHandle& self, nb::dict values) {
  FillnaParams params;
  for (auto [column, value] : values) params.values[nb::cast<std::string>(column)] = literal_from_python(value);
  return make([&] { return elementwise_call({self.expr}, table_kernel::fillna(params), "fillna"); });
}

ExprHandle astype(const ExprHandle& self, const std::map<std::string, std::string>& dtypes) {
  AstypeParams params;
  for (const auto& [column, dtype] : dtypes) params.types[column] = parse_column_type(dtype);
  // Types by column name the columns, which have to be there.
  const CallTraits traits{.rowwise = true, .by_column = dtypes.size() == 1 && dtypes.contains(""), .keeps_rows = true};
  return make([&] {
    return make_expr<PartitionCall>(std::vector{self.expr}, table_kernel::astype(params), std::string("astype"),
                                    std::string(), traits);
  });
}

ExprHandle where(const ExprHandle& self, const ExprHandle& condition, nb::object other, bool invert) {
  WhereParams params{.invert = invert};
  std::vector<ExprPtr> inputs{self.expr, condition.expr};
  if (nb::isinstance<ExprHandle>(other))
    inputs.push_back(expr_of(other));
  else
    params.other = optional_literal(other);
  return make([&] { return elementwise_call(inputs, table_kernel::where(params), invert ? "mask" : "where"); });
}

ExprHandle map_values(const ExprHandle& self, nb::list pairs) {
  MapValuesParams params;
  for (nb::handle pair : pairs) params.values.emplace_back(literal_from_python(pair[0]), literal_from_python(pair[1]));
  return make([&] { return elementwise_call({self.expr}, table_kernel::map_values(params), "map"); });
}

ExprHandle merge(const ExprHandle& left, const ExprHandle& right, const std::string& how,
                 const std::vector<std::string>& left_on, const std::vector<std::string>& right_on, bool left_index,
                 bool right_index, const std::pair<std::string, std::string>& suffixes, bool indicator) {
  const JoinParams params{.how = parse_join_how(how),
                          .left_on = left_on,
                          .right_on = right_on,
                          .left_suffix = suffixes.first,
                          .right_suffix = suffixes.second,
                          .indicator = indicator,
                          .left_index = left_index,
                          .right_index = right_index};
  return make([&] { return make_expr<Merge>(left.expr, right.expr, params); });
}

ExprHandle relabel(const ExprHandle& self, const KernelCall& kernel, const std::string& label, CallTraits traits) {
  return make([&] { return make_expr<PartitionCall>(std::vector{self.expr}, kernel, label, std::string(), traits); });
}

Inclusive parse_inclusive(const std::string& text) {
  if (text == "both") return Inclusive::both;
  if (text == "neither") return Inclusive::neither;
  if (text == "left") return Inclusive::left;
  if (text == "right") return Inclusive::right;
  throw value_error("inclusive must be 'both', 'neither', 'left' or 'right'; found '" + text + "'");
}

TableForm parse_form(const std::string& form) {
  if (form == "frame") return TableForm::frame;
  if (form == "series") return TableForm::series;
  if (form == "index") return TableForm::index;
  return TableForm::scalar;
}

}  // namespace

void bind_frame_operations(nb::module_& m) {
  m.def("frame_select", [](const ExprHandle& self, const std::vector<std::string>& columns) {
    return make([&] { return select_columns(self.expr, columns); });
  });
  m.def("frame_column", [](const ExprHandle& self, const std::string& column) {
    return make([&] { return select_column(self.expr, column); });
  });
  m.def("frame_filter", [](const ExprHandle& self, const ExprHandle& condition) {
    return make([&] { return filter_expr(self.expr, condition.expr); });
  });
  m.def("frame_assign", [](const ExprHandle& self, const std::string& column, nb::object value) {
    const BinarySide side = side_of(value);
    return make([&] { return assign_expr(self.expr, column, side); });
  });
  m.def(
      "frame_binary",
      [](nb::object left, nb::object right, const std::string& op, nb::object fill_value) {
        const BinarySide l = side_of(left);
        const BinarySide r = side_of(right);
        const auto fill = optional_literal(fill_value);
        return make([&] { return binary_expr(l, r, op_named(kBinaryOps, op), fill); });
      },
      nb::arg("left"), nb::arg("right"), nb::arg("op"), nb::arg("fill_value") = nb::none());
  m.def("frame_unary", [](const ExprHandle& self, const std::string& op) {
    const UnaryParams params{op_named(kUnaryOps, op)};
    return make([&] { return elementwise_call({self.expr}, table_kernel::unary(params), op); });
  });
  m.def("frame_str", str, nb::arg("self"), nb::arg("op"), nb::arg("pattern") = "", nb::arg("replacement") = "",
        nb::arg("regex") = true, nb::arg("case_sensitive") = true, nb::arg("na") = nb::none(),
        nb::arg("start") = nb::none(), nb::arg("stop") = nb::none(), nb::arg("step") = nb::none());
  m.def(
      "frame_dt",
      [](const ExprHandle& self, const std::string& op, const std::string& text) {
        const DtParams params{parse_dt_op(op), text};
        return make([&] { return dt_expr(self.expr, params); });
      },
      nb::arg("self"), nb::arg("op"), nb::arg("text") = "");
  m.def("frame_isin", [](const ExprHandle& self, nb::object values) {
    const IsinParams params{literals_of(values)};
    return make([&] { return elementwise_call({self.expr}, table_kernel::isin(params), "isin"); });
  });
  m.def("frame_between", [](const ExprHandle& self, nb::object left, nb::object right, const std::string& inclusive) {
    const BetweenParams params{literal_from_python(left), literal_from_python(right), parse_inclusive(inclusive)};
    return make([&] { return elementwise_call({self.expr}, table_kernel::between(params), "between"); });
  });
  m.def("frame_fillna", fillna);
  m.def("frame_fillna_from", [](const ExprHandle& self, const ExprHandle& values) {
    return make([&] { return elementwise_call({self.expr, values.expr}, table_kernel::fillna_from(), "fillna"); });
  });
  m.def("frame_astype", astype);
  m.def("frame_clip", answering([](const ExprHandle& self, nb::object lower, nb::object upper) {
          const auto low = optional_literal(lower);
          const auto high = optional_literal(upper);
          return make([&] { return clip_expr(self.expr, low, high); });
        }),
        nb::arg("self"), nb::arg("lower").none(), nb::arg("upper").none());
  m.def("frame_round", [](const ExprHandle& self, int decimals) {
    return make([&] { return elementwise_call({self.expr}, table_kernel::round(RoundParams{decimals}), "round"); });
  });
  m.def("frame_where", where);
  m.def("frame_map_values", map_values);
  m.def("frame_rename", [](const ExprHandle& self, const std::map<std::string, std::string>& names) {
    return make([&] { return make_expr<Rename>(self.expr, names); });
  });
  m.def("frame_rename_index", [](const ExprHandle& self, const std::map<std::string, std::string>& names) {
    return relabel(self, table_kernel::rename(RenameParams{names, true}), "rename_axis",
                   {.rowwise = true, .keeps_rows = true});
  });
  m.def("frame_set_names", [](const ExprHandle& self, const std::vector<std::string>& names) {
    return relabel(self, table_kernel::set_names(SetNamesParams{names}), "set_names",
                   {.rowwise = true, .keeps_rows = true});
  });
  m.def(
      "frame_set_form",
      [](const ExprHandle& self, const std::string& form, const std::string& name) {
        return make([&] { return set_form_expr(self.expr, parse_form(form), name); });
      },
      nb::arg("self"), nb::arg("form"), nb::arg("name") = "");
  m.def("frame_index", [](const ExprHandle& self) {
    return relabel(self, table_kernel::index_of(), "index", {.rowwise = true, .keeps_rows = true});
  });
  m.def("frame_set_index", [](const ExprHandle& self, const std::vector<std::string>& columns, bool drop) {
    return relabel(self, table_kernel::set_index(SetIndexParams{columns, drop}), "set_index",
                   {.rowwise = true, .keeps_divisions = false, .keeps_rows = true});
  });
  m.def("frame_reset_index",
        [](const ExprHandle& self, bool drop) { return make([&] { return reset_index_expr(self.expr, drop); }); });
  m.def("frame_dropna",
        [](const ExprHandle& self, const std::vector<std::string>& subset, bool all, std::int64_t thresh) {
          return make([&] { return dropna_expr(self.expr, subset, all, thresh); });
        });
  m.def("frame_concat_columns", [](const std::vector<ExprHandle>& frames) {
    return make([&] {
      require_same_rows(exprs_of(frames), "concat");
      return make_expr<PartitionCall>(exprs_of(frames), table_kernel::concat_columns(), std::string("concat"),
                                      std::string(), CallTraits{.rowwise = true, .keeps_rows = true});
    });
  });
  m.def("frame_merge", merge);
  m.def("frame_sort_values", [](const ExprHandle& self, const std::vector<std::string>& by,
                                const std::vector<bool>& ascending, bool na_first, bool ignore_index) {
    return make([&] { return make_expr<SortValues>(self.expr, SortParams{by, ascending, na_first, ignore_index}); });
  });
}

}  // namespace plait::python
