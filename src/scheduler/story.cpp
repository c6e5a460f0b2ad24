#include "scheduler/story.h"

#include <fmt/format.h>

namespace plait {

std::vector<std::string> Story::of(TaskNumber task) const {
  std::vector<std::string> told;
  const std::size_t oldest = entries_.size() < capacity_ ? 0 : next_;
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    const Entry& entry = entries_[(oldest + i) % entries_.size()];
    if (entry.task != task) continue;
    std::string what = entry.what;
    if (const auto at = what.find('%'); at != std::string::npos)
      what.replace(at, 1, "worker " + std::to_string(entry.worker));
    told.push_back(fmt::format("{:.6f} s: {}", static_cast<double>(entry.now) * 1e-9, what));
  }
  return told;
}

}  // namespace plait
