#include "kernels/table/order_keys.h"

#include <arrow/api.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>

#include "kernels/table/arrow_table.h"
#include "kernels/table/dense_map.h"
#include "kernels/table/typed_column.h"

namespace plait {
namespace {

constexpr std::uint64_t kSignBit = std::uint64_t{1} << 63;

std::uint64_t float_key(double value) {
  if (value == 0) value = 0;  // -0.0
  std::uint64_t bits;
  std::memcpy(&bits, &value, 8);
  return bits & kSignBit ? ~bits : bits | kSignBit;
}

OrderKeys text_keys(const arrow::Array& array) {
  TextMap texts;
  OrderKeys out;
  out.keys.resize(array.length());
  visit_texts(array, [&](const auto& values) {
    for (std::int64_t i = 0; i < array.length(); ++i) {
      if (!array.IsNull(i)) out.keys[i] = texts.add(values.data(i), values.size(i), values.end());
    }
  });
  std::vector<std::uint32_t> order(texts.size());
  std::iota(order.begin(), order.end(), 1);
  std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) { return texts.key(a) < texts.key(b); });
  std::vector<std::uint64_t> rank(texts.size() + 1, 0);
  for (std::size_t i = 0; i < order.size(); ++i) rank[order[i]] = i;
  for (std::uint64_t& key : out.keys) key = rank[key];
  return out;
}

void mark_nulls(const arrow::Array& array, OrderKeys& out) {
  if (array.null_count() == 0) return;
  out.missing.resize(array.length(), 0);
  for (std::int64_t i = 0; i < array.length(); ++i) out.missing[i] |= array.IsNull(i);
}

}  // namespace

OrderKeys order_keys(const std::shared_ptr<arrow::Array>& array) {
  OrderKeys out;
  if (array->type_id() == arrow::Type::DICTIONARY) {
    out = order_keys(static_cast<const arrow::DictionaryArray&>(*array).indices());
  } else if (is_text(*array->type())) {
    out = text_keys(*array);
  } else if (arrow::is_floating(array->type_id())) {
    out.keys.resize(array->length());
    visit_floats(*array, [&](const auto* values) {
      bool any_nan = false;
      for (std::int64_t i = 0; i < array->length(); ++i) {
        out.keys[i] = float_key(static_cast<double>(values[i]));
        any_nan |= values[i] != values[i];
      }
      if (!any_nan) return;
      out.missing.resize(array->length());
      for (std::int64_t i = 0; i < array->length(); ++i) out.missing[i] = values[i] != values[i];
    });
  } else {
    out.keys.resize(array->length());
    visit_integers(*array, [&]<class T>(const T* values) {
      for (std::int64_t i = 0; i < array->length(); ++i) {
        if constexpr (std::is_same_v<T, std::uint64_t>)
          out.keys[i] = values[i];
        else
          out.keys[i] = static_cast<std::uint64_t>(static_cast<std::int64_t>(values[i])) ^ kSignBit;
      }
    });
  }
  mark_nulls(*array, out);
  return out;
}

}  // namespace plait
