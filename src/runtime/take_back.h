// What a run that ends without success takes back: files that were only to be seen once all of it was done.
#pragma once

#include <functional>

#include "graph/graph.h"

namespace plait {

using TakeBack = std::function<void(const void* params)>;
void register_take_back(const Kernel& kernel, TakeBack take_back);

// Where a run that calls the kernel fails or is cancelled, `undo` is called once nothing of it runs any more, with the
// parameters of the call, in the process that waits for the run. It must not throw. At start-up.
template <class P>
void take_back_by(const KernelId<P>& kernel, void (*undo)(const P&)) {
  register_take_back(kernel.kernel(), [undo](const void* params) { undo(*static_cast<const P*>(params)); });
}

// Everything that calls of this graph have left.
void take_back(const Graph& graph);

}  // namespace plait
