#include "base/kernel.h"

#include <gmock/gmock.h>

namespace plait {
namespace {

struct Factor {
  double value = 1;
  static constexpr auto fields = std::tuple{&Factor::value};
};

constinit KernelId<Factor> scale{"test_scale"};
constinit KernelId<> same{"test_transpose"};

class Kernels : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    define(scale, "", [](Inputs inputs, const Factor& factor, const TaskContext&) {
      return Value::of(NdArray::scalar(inputs[0].as<NdArray>().item<double>() * factor.value));
    });
    define(same, "", [](Inputs inputs, const TaskContext&) { return inputs[0]; });
  }
};

TEST_F(Kernels, AreFoundByTheirNamesAndTheirParametersTravel) {
  Encoder to;
  encode(to, scale({2.5}));
  const Record record = to.take();
  Decoder from(record);
  const auto call = decode<KernelCall>(from);
  const Value input = Value::of(NdArray::scalar(4.0));
  EXPECT_EQ(call.run({&input, 1}, TaskContext()).as<NdArray>().item<double>(), 10.0);
  EXPECT_EQ(call.kernel, find_kernel("test_scale"));
}

TEST_F(Kernels, GiveTheParametersOfTheirOwnCallsOnly) {
  EXPECT_EQ(scale.params_of(scale({2.5}))->value, 2.5);
  EXPECT_EQ(scale.params_of(same()), nullptr);
  EXPECT_TRUE(same.is_called_by(same()));
  EXPECT_FALSE(same.is_called_by(KernelCall{}));
}

TEST_F(Kernels, AnUnknownNameIsAnsweredWithNearOnes) {
  try {
    find_kernel("test_transpsoe");
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), testing::HasSubstr("did you mean 'test_transpose'"));
  }
}

TEST_F(Kernels, ThatAreNotThereAreADamagedRecord) {
  Encoder to;
  encode(to, std::string("test_of_another_program"));
  const Record record = to.take();
  Decoder from(record);
  try {
    decode<KernelCall>(from);
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.kind(), ErrorKind::io);
    EXPECT_THAT(error.what(), testing::HasSubstr("'test_of_another_program'"));
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
