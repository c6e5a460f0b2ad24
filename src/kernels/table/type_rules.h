// Rules on types that several operations follow.
#pragma once

#include <memory>

#include "kernels/table/arrow_table.h"

namespace plait {

// The type that holds the values of both, as pandas' concat finds it: NumPy's promotion of numbers, the finer unit of
// times, text of either width. Throws a type error naming both if there is none.
std::shared_ptr<arrow::DataType> unified_type(const std::shared_ptr<arrow::DataType>& a,
                                              const std::shared_ptr<arrow::DataType>& b);
// The array in that type (encoding or decoding dictionaries where asked). Missing integers become NaN.
std::shared_ptr<arrow::Array> cast_like(const std::shared_ptr<arrow::Array>& array,
                                        const std::shared_ptr<arrow::DataType>& type);
// The values as codes of the categories that `like` (a dictionary array) has. Throws a type error for a value that is
// none of them.
std::shared_ptr<arrow::Array> in_categories(const std::shared_ptr<arrow::Array>& values,
                                            const std::shared_ptr<arrow::Array>& like);
// A dictionary array with its categories in their order, as pandas makes them of values.
std::shared_ptr<arrow::Array> with_sorted_categories(const std::shared_ptr<arrow::Array>& array);
// A literal to compare with values of this type: text becomes a moment in time for a datetime column, and so on.
std::shared_ptr<arrow::Scalar> scalar_like(const Literal& literal, const std::shared_ptr<arrow::DataType>& type);

}  // namespace plait
