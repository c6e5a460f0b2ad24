#include "base/fault.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plait/ndarray.h"

namespace plait {

struct Leak {
  std::string pipe;
  std::int64_t litres = 0;
  static constexpr auto fields = std::tuple{&Leak::pipe, &Leak::litres};
};
template <>
const ValueType& value_type<Leak>() {
  static const ValueType type = detail_type<Leak>("leak");
  return type;
}

struct Stayer {};
template <>
const ValueType& value_type<Stayer>() {
  static const ValueType type = {
      .name = "stayer",
      .num_bytes = [](const void*) { return sizeof(Stayer); },
      .describe = [](const void*) { return std::string("stayer"); },
      .encode =
          [](Encoder& to, const void*) {
            encode(to, std::string("half of it"));
            throw type_error("it stays here");
          },
      .decode = [](Decoder&) -> std::shared_ptr<const void> { return std::make_shared<const Stayer>(); }};
  return type;
}

namespace {

Fault there_and_back(const Fault& fault) {
  Encoder to;
  encode(to, fault);
  encode(to, std::string("what follows"));
  const Record record = to.take();
  Decoder from(record);
  Fault back = decode<Fault>(from);
  EXPECT_EQ(decode<std::string>(from), "what follows");
  return back;
}

Fault of_error(const std::exception_ptr& thrown) { return fault_of(thrown); }

template <class E>
Fault of(const E& error) {
  return of_error(std::make_exception_ptr(error));
}

class Faults : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    register_value_type(value_type<Leak>());
    register_value_type(value_type<Stayer>());
  }
  Fault fault_{.kind = ErrorKind::io,
               .message = "the cellar is wet",
               .detail = Value::of(Leak{"main", 7}),
               .key = "('pour-1', 2)",
               .source = "bar.py:7",
               .inputs = "int64 array of shape (2,)"};
};

TEST_F(Faults, TravelWhole) {
  const Fault back = there_and_back(fault_);
  EXPECT_EQ(back.kind, ErrorKind::io);
  EXPECT_EQ(back.text(),
            "the cellar is wet\n  while running ('pour-1', 2)\n  made by bar.py:7\n  from int64 array of shape (2,)");
  ASSERT_NE(back.detail.get_if<Leak>(), nullptr);
  EXPECT_EQ(back.detail.as<Leak>().pipe, "main");
  EXPECT_EQ(back.detail.as<Leak>().litres, 7);
}

TEST_F(Faults, LeaveBehindADetailThatCannotTravel) {
  fault_.detail = Value::of(Stayer{});
  const Fault back = there_and_back(fault_);
  EXPECT_FALSE(back.detail);
  EXPECT_EQ(back.text(), fault_.text());
}

TEST_F(Faults, SayWhatAnExceptionSays) {
  EXPECT_EQ(of(value_error("too wide")).kind, ErrorKind::value);
  EXPECT_EQ(of(value_error("too wide")).text(), "too wide");
  EXPECT_EQ(of(std::bad_alloc()).kind, ErrorKind::memory);
  EXPECT_EQ(of(std::out_of_range("beyond")).message, "beyond");
  EXPECT_EQ(of(7).message, "the kernel threw something that is not an exception");
}

TEST_F(Faults, KeepTheDetailOfAnErrorAlsoThroughARunInsideATask) {
  const Fault inner = of(DetailedError(ErrorKind::io, "wet", Value::of(Leak{"main", 7})));
  EXPECT_EQ(inner.detail.as<Leak>().litres, 7);
  const Fault outer = of(TaskError(fault_));
  EXPECT_EQ(outer.detail.as<Leak>().litres, 7);
  EXPECT_THAT(outer.message, testing::StartsWith("the cellar is wet\n  while running ('pour-1', 2)"));
}

}  // namespace
}  // namespace plait
