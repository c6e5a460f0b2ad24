// .str: operations on text.
#include <algorithm>
#include <array>
#include <functional>
#include <limits>

#include "base/kernel.h"
#include "base/text.h"
#include "kernels/table/accessors.h"
#include "kernels/table/elementwise_apply.h"
#include "kernels/table/type_rules.h"
#include "kernels/table/typed_column.h"

namespace plait {
namespace {

namespace cp = arrow::compute;

constexpr std::array<std::string_view, 32> kNames = {
    "lower",   "upper",    "title",      "capitalize", "swapcase",     "len",          "strip",   "lstrip",
    "rstrip",  "contains", "startswith", "endswith",   "match",        "fullmatch",    "count",   "find",
    "replace", "slice",    "get",        "zfill",      "removeprefix", "removesuffix", "repeat",  "isalpha",
    "isdigit", "isalnum",  "isnumeric",  "isdecimal",  "isspace",      "islower",      "isupper", "istitle"};

// Each text through f(std::string_view) -> std::string.
template <class F>
arrow::Datum map_texts(const arrow::Datum& values, const F& f) {
  const auto array = values.make_array();
  arrow::StringBuilder builder;
  visit_texts(*array, [&](const auto& texts) {
    for (std::int64_t i = 0; i < array->length(); ++i) {
      if (i % kRowsBetweenChecks == 0) check_cancelled();
      check_arrow(array->IsNull(i) ? builder.AppendNull() : builder.Append(f(texts[i])), "str");
    }
  });
  return value_or_throw(builder.Finish(), "str");
}

// "-5" -> "-05": the sign stays in front.
std::string zero_filled(std::string_view text, std::int64_t width) {
  const auto length =
      static_cast<std::int64_t>(std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
  if (length >= width) return std::string(text);
  const std::size_t sign = !text.empty() && (text[0] == '-' || text[0] == '+') ? 1 : 0;
  return std::string(text.substr(0, sign)) + std::string(static_cast<std::size_t>(width - length), '0') +
         std::string(text.substr(sign));
}

arrow::Datum trimmed(const arrow::Datum& values, const StrParams& params, const std::string& side) {
  if (params.pattern.empty()) return call("utf8_" + side + "trim_whitespace", {values});
  const cp::TrimOptions options(params.pattern);
  return call("utf8_" + side + "trim", {values}, &options);
}

arrow::Datum matched(const arrow::Datum& values, const std::string& function, const std::string& pattern,
                     bool case_sensitive) {
  const cp::MatchSubstringOptions options(pattern, !case_sensitive);
  return call(function, {values}, &options);
}

// Whether a regular expression only matches itself; searching for text is many times as fast.
bool is_plain_text(std::string_view pattern) {
  return pattern.find_first_of("\\.^$*+?{}[]|()") == std::string_view::npos;
}

arrow::Datum sliced(const arrow::Datum& values, std::optional<std::int64_t> start, std::optional<std::int64_t> stop,
                    std::optional<std::int64_t> step) {
  const std::int64_t by = step.value_or(1);
  const std::int64_t from = start.value_or(by > 0 ? 0 : std::numeric_limits<std::int64_t>::max());
  const std::int64_t to =
      stop.value_or(by > 0 ? std::numeric_limits<std::int64_t>::max() : std::numeric_limits<std::int64_t>::min() + 1);
  const cp::SliceOptions options(from, to, by);
  return call("utf8_slice_codeunits", {values}, &options);
}

// The character at a position; missing beyond the end.
arrow::Datum character(const arrow::Datum& values, std::int64_t at) {
  const arrow::Datum one = sliced(values, at, at == -1 ? std::nullopt : std::optional(at + 1), std::nullopt);
  const arrow::Datum nothing = call("equal", {call("utf8_length", {one}), arrow::Datum(0)});
  return call("if_else", {nothing, arrow::Datum(arrow::MakeNullScalar(one.type())), one});
}

arrow::Datum replaced(const arrow::Datum& values, const StrParams& params) {
  const std::int64_t limit = params.start.value_or(-1);
  const bool as_regex = params.regex || !params.case_sensitive;
  std::string pattern = params.pattern;
  if (!params.regex && as_regex) pattern = "\\Q" + pattern + "\\E";
  if (!params.case_sensitive) pattern = "(?i)" + pattern;
  const cp::ReplaceSubstringOptions options(pattern, params.replacement, limit);
  return call(as_regex ? "replace_substring_regex" : "replace_substring", {values}, &options);
}

// The whole pattern as a group, so that anchors hold for all its alternatives.
std::string anchored(const std::string& pattern, bool to_end) { return "^(?:" + pattern + (to_end ? ")$" : ")"); }

arrow::Datum as_int64(const arrow::Datum& values) { return cast_datum(values, arrow::int64()); }

arrow::Datum run(const arrow::Datum& values, const StrParams& params) {
  const std::string& pattern = params.pattern;
  switch (params.op) {
    case StrOp::lower:
      return call("utf8_lower", {values});
    case StrOp::upper:
      return call("utf8_upper", {values});
    case StrOp::title:
      return call("utf8_title", {values});
    case StrOp::capitalize:
      return call("utf8_capitalize", {values});
    case StrOp::swapcase:
      return call("utf8_swapcase", {values});
    case StrOp::len:
      return as_int64(call("utf8_length", {values}));
    case StrOp::strip:
      return trimmed(values, params, "");
    case StrOp::lstrip:
      return trimmed(values, params, "l");
    case StrOp::rstrip:
      return trimmed(values, params, "r");
    case StrOp::contains:
      return matched(values, params.regex && !is_plain_text(pattern) ? "match_substring_regex" : "match_substring",
                     pattern, params.case_sensitive);
    case StrOp::startswith:
      return matched(values, "starts_with", pattern, true);
    case StrOp::endswith:
      return matched(values, "ends_with", pattern, true);
    case StrOp::match:
      return matched(values, "match_substring_regex", anchored(pattern, false), params.case_sensitive);
    case StrOp::fullmatch:
      return matched(values, "match_substring_regex", anchored(pattern, true), params.case_sensitive);
    case StrOp::count:
      return as_int64(matched(values, "count_substring_regex", pattern, params.case_sensitive));
    case StrOp::find:
      return as_int64(matched(values, "find_substring", pattern, true));
    case StrOp::replace:
      return replaced(values, params);
    case StrOp::slice:
      return sliced(values, params.start, params.stop, params.step);
    case StrOp::get:
      return character(values, params.start.value_or(0));
    case StrOp::zfill:
      return map_texts(values, [&](std::string_view text) { return zero_filled(text, params.start.value_or(0)); });
    case StrOp::removeprefix:
      return map_texts(values, [&](std::string_view text) {
        return std::string(text.starts_with(pattern) ? text.substr(pattern.size()) : text);
      });
    case StrOp::removesuffix:
      return map_texts(values, [&](std::string_view text) {
        return std::string(text.ends_with(pattern) ? text.substr(0, text.size() - pattern.size()) : text);
      });
    case StrOp::repeat:
      return call("binary_repeat", {values, arrow::Datum(params.start.value_or(1))});
    default:
      return call("utf8_is_" + std::string(kNames[static_cast<int>(params.op)].substr(2)), {values});
  }
}

bool is_predicate(StrOp op) { return (op >= StrOp::contains && op <= StrOp::fullmatch) || op >= StrOp::isalpha; }

void require_text(const NamedColumn& column) {
  const auto& type = *column.values->type();
  if (is_text(type) || column.encoded_text) return;
  if (type.id() == arrow::Type::DICTIONARY) throw NoNativeForm(".str of categories");
  throw type_error("Can only use .str accessor with string values; column '" + column.name + "' has type " +
                   type.ToString());
}

// Of a dictionary only the different values are worked on.
arrow::Datum for_different_values(const NamedColumn& column,
                                  const std::function<arrow::Datum(const arrow::Datum&)>& f) {
  const auto array = array_of(column.values);
  if (array->type_id() != arrow::Type::DICTIONARY) return f(array);
  const auto& dictionary = static_cast<const arrow::DictionaryArray&>(*array);
  return call("take", {f(dictionary.dictionary()), arrow::Datum(dictionary.indices())});
}

}  // namespace

std::string_view name(StrOp op) { return kNames[static_cast<std::size_t>(op)]; }

StrOp parse_str_op(std::string_view text) {
  const auto found = std::find(kNames.begin(), kNames.end(), text);
  if (found != kNames.end()) return static_cast<StrOp>(found - kNames.begin());
  throw key_error("there is no native .str." + std::string(text) +
                  did_you_mean(text, std::vector<std::string>(kNames.begin(), kNames.end())));
}

Table str(const Table& series, const StrParams& params) {
  return apply_columns(series, [&](const NamedColumn& column) {
    require_text(column);
    arrow::Datum out = for_different_values(column, [&](const arrow::Datum& values) { return run(values, params); });
    const bool answers_missing = params.na.has_value() || is_numpy(column.family);
    if (is_predicate(params.op) && out.null_count() > 0 && answers_missing) {
      out = call("coalesce", {out, arrow::Datum(std::make_shared<arrow::BooleanScalar>(params.na.value_or(false)))});
    }
    return column_of(out, column.family);
  });
}

Table str_cat(const Table& left, const Table& right, const StrCatParams& params) {
  return apply_columns(left, [&](const NamedColumn& column) {
    require_text(column);
    const NamedColumn other = named_column_of(right, right.names().at(0));
    require_text(other);
    const auto a = operand_of(column).values.make_array();
    const auto b = operand_of(other).values.make_array();
    const auto type = unified_type(decoded(a)->type(), decoded(b)->type());
    const arrow::Datum separator =
        cast_datum(arrow::Datum(std::make_shared<arrow::StringScalar>(params.separator)), type);
    return column_of(
        call("binary_join_element_wise", {cast_datum(decoded(a), type), cast_datum(decoded(b), type), separator}),
        column.family);
  });
}

}  // namespace plait
