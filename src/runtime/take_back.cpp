#include "runtime/take_back.h"

#include <unordered_map>
#include <utility>

namespace plait {
namespace {

std::unordered_map<const Kernel*, TakeBack>& registered() {
  static std::unordered_map<const Kernel*, TakeBack> all;
  return all;
}

}  // namespace

void register_take_back(const Kernel& kernel, TakeBack take_back) { registered()[&kernel] = std::move(take_back); }

void take_back(const Graph& graph) {
  for (const KernelCall& call : graph.calls()) {
    const auto found = registered().find(call.kernel);
    if (found != registered().end()) found->second(call.params.get());
  }
}

}  // namespace plait
