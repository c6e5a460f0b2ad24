#include "kernels/table/elementwise_apply.h"

#include "base/kernel.h"

namespace plait {

ColumnOperand operand_of(const NamedColumn& column) {
  const auto array = array_of(column.values);
  return {column.encoded_text ? decoded(array) : array, column.family};
}

ColumnOperand operand_of(const Literal& literal) {
  return {arrow::Datum(arrow_scalar_of(literal)), TypeFamily::numpy, true};
}

arrow::Datum call(const std::string& function, const std::vector<arrow::Datum>& args,
                  const arrow::compute::FunctionOptions* options) {
  initialize_arrow();
  check_cancelled();
  return value_or_throw(arrow::compute::CallFunction(function, args, options), function);
}

arrow::Datum cast_datum(const arrow::Datum& values, const std::shared_ptr<arrow::DataType>& type) {
  if (values.type()->Equals(*type)) return values;
  initialize_arrow();
  return value_or_throw(arrow::compute::Cast(values, arrow::compute::CastOptions::Unsafe(type)), "cast");
}

bool is_numpy(TypeFamily family) { return family == TypeFamily::numpy || family == TypeFamily::object; }

NamedColumn by_value(const NamedColumn& column, const std::function<NamedColumn(const NamedColumn&)>& f) {
  if (!column.encoded_text) return f(column);
  const auto array = array_of(column.values);
  const auto& texts = static_cast<const arrow::DictionaryArray&>(*array);
  // A missing code takes no value of the result; and more texts than rows would be more work.
  if (texts.null_count() > 0 || texts.dictionary()->length() > texts.length()) return f(column);
  NamedColumn result = f({column.name, chunked(texts.dictionary()), column.family});
  const auto taken = value_or_throw(
      arrow::compute::Take(array_of(result.values), texts.indices(), arrow::compute::TakeOptions::NoBoundsCheck()),
      "take");
  result.values = chunked(taken.make_array());
  return result;
}

NamedColumn column_of(const arrow::Datum& values, TypeFamily family) {
  if (values.is_scalar())
    return {"", chunked(value_or_throw(arrow::MakeArrayFromScalar(*values.scalar(), 1), "scalar")), family};
  return {"", values.is_array() ? chunked(values.make_array()) : values.chunked_array(), family};
}

NamedColumn column_named(std::string name, NamedColumn column) {
  column.name = std::move(name);
  return column;
}

double scalar_number(const arrow::Scalar& scalar) {
  return static_cast<const arrow::DoubleScalar&>(*value_or_throw(scalar.CastTo(arrow::float64()), "number")).value;
}

}  // namespace plait
