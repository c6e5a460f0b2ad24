#include "base/kernel.h"

#include <map>
#include <mutex>

#include "base/text.h"

namespace plait {
namespace {

struct KernelRegistry {
  std::mutex mutex;
  std::map<std::string, std::unique_ptr<Kernel>> by_name;
};

KernelRegistry& registry() {
  static auto* instance = new KernelRegistry;
  return *instance;
}

thread_local const TaskContext* running_task = nullptr;

const Kernel* kernel_in_record(const std::string& name) {
  try {
    return find_kernel(name);
  } catch (const Error& error) {
    throw io_error(std::string("a record names a kernel that this program does not have: ") + error.what());
  }
}

}  // namespace

void TaskContext::throw_cancelled() { throw Error(ErrorKind::cancelled, "the run was cancelled"); }

RunningTask::RunningTask(const TaskContext& context) : outer_(running_task) { running_task = &context; }
RunningTask::~RunningTask() { running_task = outer_; }

void check_cancelled() {
  if (running_task) running_task->check_cancelled();
}

NdArray TaskContext::output(DType dtype, const Shape& shape) const {
  if (destination_ && destination_->dtype() == dtype && destination_->shape() == shape) return *destination_;
  return NdArray::empty(dtype, shape);
}

const Kernel* register_kernel(Kernel kernel) {
  KernelRegistry& kernels = registry();
  std::lock_guard lock(kernels.mutex);
  auto& slot = kernels.by_name[kernel.name];
  PLAIT_CHECK(slot == nullptr);
  slot = std::make_unique<Kernel>(std::move(kernel));
  return slot.get();
}

const Kernel* find_kernel(const std::string& name) {
  KernelRegistry& kernels = registry();
  std::lock_guard lock(kernels.mutex);
  const auto found = kernels.by_name.find(name);
  if (found != kernels.by_name.end()) return found->second.get();
  std::vector<std::string> names;
  for (const auto& [known, kernel] : kernels.by_name) names.push_back(known);
  throw key_error("there is no kernel named '" + name + "'" + did_you_mean(name, names));
}

void Codec<KernelCall>::encode(Encoder& to, const KernelCall& call) {
  plait::encode<std::string>(to, call.kernel ? call.kernel->name : "");
  if (!call.kernel || !call.kernel->encode_params) return;
  PLAIT_CHECK(call.params != nullptr);
  call.kernel->encode_params(to, call.params.get());
}

KernelCall Codec<KernelCall>::decode(Decoder& from) {
  const auto name = plait::decode<std::string>(from);
  if (name.empty()) return {};
  KernelCall call{.kernel = kernel_in_record(name)};
  if (call.kernel->decode_params) call.params = call.kernel->decode_params(from);
  return call;
}

std::vector<const Kernel*> all_kernels() {
  KernelRegistry& kernels = registry();
  std::lock_guard lock(kernels.mutex);
  std::vector<const Kernel*> all;
  for (const auto& [name, kernel] : kernels.by_name) all.push_back(kernel.get());
  return all;
}

}  // namespace plait
