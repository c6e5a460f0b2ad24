#include "cluster/executing_page.h"

#include <sys/mman.h>
#include <unistd.h>

#include "plait/error.h"

namespace plait::cluster {
namespace {

constexpr std::size_t kBytes = (ExecutingPage::kNumThreads + 1) * sizeof(std::atomic<TaskNumber>);

}  // namespace

ExecutingPage::ExecutingPage() : memory_(::memfd_create("plait-executing", MFD_CLOEXEC)) {
  if (!memory_ || ::ftruncate(memory_.number(), kBytes) != 0)
    throw Error(ErrorKind::memory, "cannot make memory that a worker shares with its nanny");
  map();
}

ExecutingPage::ExecutingPage(FileDescriptor memory) : memory_(std::move(memory)) { map(); }

ExecutingPage::~ExecutingPage() { ::munmap(static_cast<void*>(places_), kBytes); }

void ExecutingPage::map() {
  void* mapped = ::mmap(nullptr, kBytes, PROT_READ | PROT_WRITE, MAP_SHARED, memory_.number(), 0);
  if (mapped == MAP_FAILED) throw Error(ErrorKind::memory, "cannot map the memory that a worker shares with its nanny");
  places_ = static_cast<std::atomic<TaskNumber>*>(mapped);
}

std::size_t ExecutingPage::take_place() {
  const std::size_t place = num_taken_++;
  return place < kNumThreads ? place : kNowhere;
}

std::vector<TaskNumber> ExecutingPage::tasks() const {
  std::vector<TaskNumber> all;
  for (std::size_t place = 0; place < kNumThreads; ++place) {
    if (const TaskNumber task = places_[place].load(std::memory_order_relaxed); task != kNothing) all.push_back(task);
  }
  return all;
}

}  // namespace plait::cluster
