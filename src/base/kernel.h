// Kernel: a named function (values x parameters -> value) that a task calls. Kernels are data's other half: a task
// names its kernel, so that it can be printed, hashed and sent to another process, where the name is looked up again.
//
// Code refers to a kernel by its handle, a KernelId<P>, which stands beside the parameters P:
//   inline constinit KernelId<HeadParams> head_kernel{"head"};
//   define(head_kernel, "First rows.", [](Inputs inputs, const HeadParams& params, const TaskContext& context) {...});
//   KernelCall call = head_kernel({.n = 5});
// The text serves records and people only. Kernels are defined at start-up by explicit calls; afterwards everything
// here is read only.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/check.h"
#include "base/records.h"
#include "base/value.h"
#include "plait/ndarray.h"

namespace plait {

// What a running kernel may ask of its run. One per running task; used by that task's thread only.
class TaskContext {
 public:
  // `poll`: what the run wants called now and then where the kernel runs on the thread that waits for the run.
  explicit TaskContext(const std::atomic<bool>* cancelled = nullptr, const NdArray* destination = nullptr,
                       const std::function<void()>* poll = nullptr, std::uint32_t block = 0)
      : cancelled_(cancelled), destination_(destination), poll_(poll), block_(block) {}

  // Throws Error(cancelled) once the run has been cancelled. Long kernels call it at least every few milliseconds.
  void check_cancelled() const {
    if (cancelled_ && cancelled_->load(std::memory_order_relaxed)) throw_cancelled();
    if (poll_) (*poll_)();
  }
  const std::atomic<bool>* cancelled() const { return cancelled_; }
  // For a kernel that runs inside another one.
  TaskContext without_destination() const { return TaskContext(cancelled_, nullptr, poll_, block_); }
  // Which block of its layer the task makes.
  std::uint32_t block() const { return block_; }

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
  std::uint32_t block_;
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

// An object that consecutive tasks of a worker share, made before the first and destroyed after the last: it holds what
// is dear to take and let go, such as Python's GIL.
using Session = std::shared_ptr<void> (*)();

struct Kernel {
  using Run = std::function<Value(Inputs, const void* params, const TaskContext&)>;

  std::string name;
  std::string doc;
  Run run;
  // Empty for a kernel without parameters.
  void (*encode_params)(Encoder&, const void*) = nullptr;
  ParamsPtr (*decode_params)(Decoder&) = nullptr;
  // Kernels with the same non-null session share it.
  Session session = nullptr;
};

// A kernel with its parameters: what a task does, and a field of many operations. Made by the kernel's handle.
struct KernelCall {
  const Kernel* kernel = nullptr;
  ParamsPtr params;

  explicit operator bool() const { return kernel != nullptr; }
  Value run(Inputs inputs, const TaskContext& context) const { return kernel->run(inputs, params.get(), context); }
  bool same_as(const KernelCall& other) const { return kernel == other.kernel && params == other.params; }
};
template <>
struct Codec<KernelCall> {
  static void encode(Encoder& to, const KernelCall& call);
  // Throws Error(io) if this program has no kernel of that name.
  static KernelCall decode(Decoder& from);
};

template <class P = void>
class KernelId;
// Makes known what the handle stands for: f(inputs, params, context), or f(inputs, context) without parameters.
template <class P, class F>
void define(KernelId<P>& id, std::string doc, F f, Session session = nullptr);

// The handle of a kernel with parameters P; without P it has none. Usable once the kernel is defined.
template <class P>
class KernelId {
 public:
  constexpr explicit KernelId(const char* name) : name_(name) {}

  KernelCall operator()(P params) const { return {&kernel(), std::make_shared<const P>(std::move(params))}; }
  // The parameters of a call of this kernel; null if it calls another one.
  const P* params_of(const KernelCall& call) const {
    return kernel_ && call.kernel == kernel_ ? static_cast<const P*>(call.params.get()) : nullptr;
  }
  bool is_called_by(const KernelCall& call) const { return kernel_ && call.kernel == kernel_; }
  const Kernel& kernel() const {
    PLAIT_CHECK(kernel_ != nullptr);
    return *kernel_;
  }

 private:
  template <class Q, class F>
  friend void define(KernelId<Q>& id, std::string doc, F f, Session session);

  const char* name_;
  const Kernel* kernel_ = nullptr;
};

template <>
class KernelId<void> {
 public:
  constexpr explicit KernelId(const char* name) : name_(name) {}

  KernelCall operator()() const { return {&kernel(), nullptr}; }
  bool is_called_by(const KernelCall& call) const { return kernel_ && call.kernel == kernel_; }
  const Kernel& kernel() const {
    PLAIT_CHECK(kernel_ != nullptr);
    return *kernel_;
  }

 private:
  template <class Q, class F>
  friend void define(KernelId<Q>& id, std::string doc, F f, Session session);

  const char* name_;
  const Kernel* kernel_ = nullptr;
};

// Makes a kernel known by its name for the rest of the program; the same name again is a bug. Returns the kept kernel.
const Kernel* register_kernel(Kernel kernel);
// Throws Error(key) naming near names if there is none.
const Kernel* find_kernel(const std::string& name);
std::vector<const Kernel*> all_kernels();

template <class P, class F>
void define(KernelId<P>& id, std::string doc, F f, Session session) {
  Kernel kernel{.name = id.name_, .doc = std::move(doc), .session = session};
  if constexpr (std::is_void_v<P>) {
    kernel.run = [f = std::move(f)](Inputs inputs, const void*, const TaskContext& context) {
      return f(inputs, context);
    };
  } else {
    kernel.run = [f = std::move(f)](Inputs inputs, const void* params, const TaskContext& context) {
      return f(inputs, *static_cast<const P*>(params), context);
    };
    kernel.encode_params = [](Encoder& to, const void* params) { encode(to, *static_cast<const P*>(params)); };
    kernel.decode_params = [](Decoder& from) -> ParamsPtr { return std::make_shared<const P>(decode<P>(from)); };
  }
  id.kernel_ = register_kernel(std::move(kernel));
}

}  // namespace plait
