// Kernel: a named function (values x parameters -> value) that a task calls. Kernels are data's other half: a task
// names its kernel, so that it can be printed, hashed and sent to another process, where the name is looked up again.
//
// A kernel that was registered under its name can travel; one made on the spot from a closure (make_local_kernel) runs
// in this process only. Registration happens at start-up by explicit calls; afterwards everything here is read only.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/records.h"
#include "base/value.h"
#include "plait/ndarray.h"

namespace plait {

// What a running kernel may ask of its run. One per running task; used by that task's thread only.
class TaskContext {
 public:
  // `poll`: what the run wants called now and then where the kernel runs on the thread that waits for the run.
  explicit TaskContext(const std::atomic<bool>* cancelled = nullptr, const NdArray* destination = nullptr,
                       const std::function<void()>* poll = nullptr)
      : cancelled_(cancelled), destination_(destination), poll_(poll) {}

  // Throws Error(cancelled) once the run has been cancelled. Long kernels call it at least every few milliseconds.
  void check_cancelled() const {
    if (cancelled_ && cancelled_->load(std::memory_order_relaxed)) throw_cancelled();
    if (poll_) (*poll_)();
  }
  const std::atomic<bool>* cancelled() const { return cancelled_; }
  // For a kernel that runs inside another one.
  TaskContext without_destination() const { return TaskContext(cancelled_, nullptr, poll_); }

  // Memory for this task's resulting array. Where the run has prepared the place in the final result, that (strided)
  // view; else a fresh contiguous array.
  NdArray output(DType dtype, const Shape& shape) const;
  // The place in the final result that the run has prepared, which no other task reads; or null.
  const NdArray* destination() const { return destination_; }

 private:
  [[noreturn]] static void throw_cancelled();

  const std::atomic<bool>* cancelled_;
  const NdArray* destination_;
  const std::function<void()>* poll_;
};

// Makes a task known as the one at work on this thread, for code that is far below its kernel; ends with its scope.
class RunningTask {
 public:
  explicit RunningTask(const TaskContext& context);
  ~RunningTask();
  RunningTask(const RunningTask&) = delete;
  RunningTask& operator=(const RunningTask&) = delete;

 private:
  const TaskContext* outer_;
};
// TaskContext::check_cancelled of the task at work on this thread; nothing where none is.
void check_cancelled();

using Inputs = std::span<const Value>;
using ParamsPtr = std::shared_ptr<const void>;

struct Kernel {
  using Run = std::function<Value(Inputs, const void* params, const TaskContext&)>;

  std::string name;
  std::string doc;
  Run run;
  // Empty for a kernel without parameters, and for a local one, which cannot travel.
  void (*encode_params)(Encoder&, const void*) = nullptr;
  ParamsPtr (*decode_params)(Decoder&) = nullptr;
  bool is_local = false;
  // Consecutive tasks of kernels with the same non-null `session` share one session object, made before the first and
  // destroyed after the last: it holds what is dear to take and let go, such as Python's GIL.
  std::shared_ptr<void> (*session)() = nullptr;
};

template <class P>
void encode_params_of(Encoder& to, const void* params) {
  encode(to, *static_cast<const P*>(params));
}
template <class P>
ParamsPtr decode_params_of(Decoder& from) {
  return std::make_shared<const P>(decode<P>(from));
}

// A kernel with parameters P: kernel<ReduceParams>("reduce", "...", [](Inputs, const ReduceParams&, const TaskContext&)
// {...}).
template <class P, class F>
Kernel make_kernel(std::string name, std::string doc, F f) {
  return {.name = std::move(name),
          .doc = std::move(doc),
          .run = [f = std::move(f)](
                     Inputs inputs, const void* params,
                     const TaskContext& context) { return f(inputs, *static_cast<const P*>(params), context); },
          .encode_params = encode_params_of<P>,
          .decode_params = decode_params_of<P>};
}
// A kernel without parameters.
template <class F>
Kernel make_kernel(std::string name, std::string doc, F f) {
  return {
      .name = std::move(name),
      .doc = std::move(doc),
      .run = [f = std::move(f)](Inputs inputs, const void*, const TaskContext& context) { return f(inputs, context); }};
}

// Makes a kernel known by its name for the rest of the program; the same name again is a bug. Returns the kept kernel.
const Kernel* register_kernel(Kernel kernel);
// Throws Error(key) naming near names if there is none.
const Kernel* find_kernel(const std::string& name);
std::vector<const Kernel*> all_kernels();

}  // namespace plait
