#include "base/kernel.h"

#include <gmock/gmock.h>

namespace plait {
namespace {

struct Factor {
  double value = 1;
  static constexpr auto fields = std::tuple{&Factor::value};
};

TEST(Kernel, IsFoundByItsNameAndItsParametersTravel) {
  register_kernel(make_kernel<Factor>("test_scale", "", [](Inputs inputs, const Factor& factor, const TaskContext&) {
    return Value::of(NdArray::scalar(inputs[0].as<NdArray>().item<double>() * factor.value));
  }));
  const Kernel* kernel = find_kernel("test_scale");
  Encoder to;
  const Factor factor{2.5};
  kernel->encode_params(to, &factor);
  const Record record = to.take();
  Decoder from(record);
  const ParamsPtr params = kernel->decode_params(from);
  const Value input = Value::of(NdArray::scalar(4.0));
  EXPECT_EQ(kernel->run({&input, 1}, params.get(), TaskContext()).as<NdArray>().item<double>(), 10.0);
}

TEST(Kernel, AnUnknownNameIsAnsweredWithNearOnes) {
  register_kernel(make_kernel("test_transpose", "", [](Inputs inputs, const TaskContext&) { return inputs[0]; }));
  try {
    find_kernel("test_transpsoe");
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("did you mean 'test_transpose'"));
  }
}

TEST(TaskContext, ThrowsOnceTheRunIsCancelled) {
  std::atomic<bool> cancelled = false;
  const TaskContext context(&cancelled);
  EXPECT_NO_THROW(context.check_cancelled());
  cancelled = true;
  EXPECT_THROW(context.check_cancelled(), Error);
}

TEST(RunningTask, IsAskedFarBelowItsKernel) {
  EXPECT_NO_THROW(check_cancelled());  // no task is at work
  std::atomic<bool> cancelled = true;
  const TaskContext context(&cancelled);
  const TaskContext of_an_inner_run;
  const RunningTask running(context);
  EXPECT_THROW(check_cancelled(), Error);
  {
    const RunningTask inner(of_an_inner_run);
    EXPECT_NO_THROW(check_cancelled());
  }
  EXPECT_THROW(check_cancelled(), Error);
}

TEST(TaskContext, WritesIntoThePlaceThatTheRunHasPrepared) {
  NdArray whole = NdArray::zeros(DType::float64, {4, 4});
  const NdArray place = whole.sliced(1, 2, 2);
  const TaskContext context(nullptr, &place);
  EXPECT_EQ(context.output(DType::float64, {4, 2}).bytes(), place.bytes());
  EXPECT_NE(context.output(DType::float32, {4, 2}).bytes(), place.bytes());
  EXPECT_NE(context.output(DType::float64, {2, 2}).bytes(), place.bytes());
}

}  // namespace
}  // namespace plait
