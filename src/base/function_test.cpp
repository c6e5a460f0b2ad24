#include "base/function.h"

#include <gmock/gmock.h>

#include "plait/ndarray.h"

namespace plait {
namespace {

Value twice(Inputs inputs, const TaskContext& context) {
  return Value::of(NdArray::scalar(2 * inputs[0].as<NdArray>().item<double>() + context.block()));
}

Function sent(const Function& function) {
  Encoder to;
  encode(to, function);
  const Record record = to.take();
  Decoder from(record);
  return decode<Function>(from);
}

TEST(Function, IsCalledByAKernelWithItsBlocksNumber) {
  register_function_kernel();
  const Value input = Value::of(NdArray::scalar(4.0));
  const TaskContext third_block(nullptr, nullptr, nullptr, 3);
  const Value result = call_kernel(Function("twice", twice)).run({&input, 1}, third_block);
  EXPECT_EQ(result.as<NdArray>().item<double>(), 11.0);
}

TEST(Function, TravelsByTheNameThatItWasRegisteredUnder) {
  const Function function = Function::registered("test_twice", twice);
  const Value input = Value::of(NdArray::scalar(4.0));
  EXPECT_EQ(sent(function)({&input, 1}, TaskContext()).as<NdArray>().item<double>(), 8.0);
}

TEST(Function, WithoutAKnownNameStaysInItsProcess) {
  try {
    sent(Function("my_lambda", twice));
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::type);
    EXPECT_THAT(error.what(), testing::HasSubstr("'my_lambda' exists in this process only"));
  }
}

}  // namespace
}  // namespace plait
