#include "kernels/array/element_op.h"

#include <gmock/gmock.h>

#include "plait/error.h"

namespace plait {
namespace {

using enum DType;
using testing::HasSubstr;

ElementOperand weak(ScalarValue value) { return {float64, value}; }

DType result_of(ElementOp op, std::vector<ElementOperand> operands) { return element_types(op, operands).result; }

std::string error_of(ElementOp op, std::vector<ElementOperand> operands) {
  try {
    element_types(op, operands);
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

// Every expectation here is what NumPy 2.4 answers.
TEST(ElementTypes, PromoteAsNumPyDoes) {
  EXPECT_EQ(result_of(ElementOp::add, {{int8}, {uint8}}), int16);
  EXPECT_EQ(result_of(ElementOp::add, {{int64}, {uint64}}), float64);
  EXPECT_EQ(result_of(ElementOp::add, {{float16}, {int16}}), float32);
  EXPECT_EQ(result_of(ElementOp::add, {{bool_}, {bool_}}), bool_);
  EXPECT_EQ(result_of(ElementOp::true_divide, {{int8}, {int8}}), float64);
  EXPECT_EQ(result_of(ElementOp::floor_divide, {{bool_}, {bool_}}), int8);
  EXPECT_EQ(result_of(ElementOp::sqrt, {{int8}}), float16);
  EXPECT_EQ(result_of(ElementOp::sin, {{int16}}), float32);
  EXPECT_EQ(result_of(ElementOp::sin, {{int32}}), float64);
  EXPECT_EQ(result_of(ElementOp::arctan2, {{int8}, {uint8}}), float16);
  EXPECT_EQ(result_of(ElementOp::absolute, {{complex64}}), float32);
  EXPECT_EQ(result_of(ElementOp::less, {{complex64}, {int8}}), bool_);
  EXPECT_EQ(result_of(ElementOp::where, {{bool_}, {int8}, {float32}}), float32);
}

TEST(ElementTypes, LetPythonScalarsFollowTheArray) {
  EXPECT_EQ(result_of(ElementOp::add, {{uint8}, weak(std::int64_t{1})}), uint8);
  EXPECT_EQ(result_of(ElementOp::add, {{bool_}, weak(std::int64_t{1})}), int64);
  EXPECT_EQ(result_of(ElementOp::add, {{float32}, weak(1e300)}), float32);
  EXPECT_EQ(result_of(ElementOp::add, {{int8}, weak(1.5)}), float64);
  EXPECT_EQ(result_of(ElementOp::add, {{float32}, weak(std::complex<double>(0, 1))}), complex64);
  EXPECT_EQ(result_of(ElementOp::add, {{int8}, weak(true)}), int8);
}

TEST(ElementTypes, RefuseWhatNumPyRefuses) {
  EXPECT_EQ(error_of(ElementOp::add, {{uint8}, weak(std::int64_t{300})}), "Python integer 300 out of bounds for uint8");
  EXPECT_THAT(error_of(ElementOp::subtract, {{bool_}, {bool_}}), HasSubstr("boolean subtract"));
  EXPECT_THAT(error_of(ElementOp::negative, {{bool_}}), HasSubstr("boolean negative"));
  EXPECT_THAT(error_of(ElementOp::floor, {{complex128}}), HasSubstr("'floor' is not supported for complex128"));
  EXPECT_THAT(error_of(ElementOp::bitwise_and, {{float32}, {float32}}), HasSubstr("not supported"));
  EXPECT_EQ(error_of(ElementOp::power, {{int64}, weak(std::int64_t{-1})}),
            "Integers to negative integer powers are not allowed.");
}

TEST(ElementTypes, CompareWithIntegersThatTheTypeCannotHold) {
  const std::vector<ElementOperand> operands = {{uint8}, weak(std::int64_t{300})};
  const ElementTypes types = element_types(ElementOp::less, operands);
  EXPECT_EQ(types.operands[0], float64);
  EXPECT_GT(std::get<double>(*types.scalars[1]), 255);
}

TEST(ElementTypes, TakeTheDtypeArgument) {
  const std::vector<ElementOperand> integers = {{int8}, {int8}};
  EXPECT_EQ(element_types(ElementOp::add, integers, float32).result, float32);
  const std::vector<ElementOperand> floats = {{float32}, {float32}};
  EXPECT_THROW(element_types(ElementOp::add, floats, int32), Error);
}

TEST(ElementOps, AreFoundByNumPysNames) {
  EXPECT_EQ(parse_element_op("arctan2"), ElementOp::arctan2);
  EXPECT_THROW(parse_element_op("arctan3"), Error);
}

}  // namespace
}  // namespace plait
