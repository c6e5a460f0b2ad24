#include "runtime/machine.h"

#include <linux/magic.h>
#include <sched.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

#include "base/settings.h"

namespace plait {
namespace {

// The path of this process's cgroup for `controller` (empty: cgroup v2), "" if there is none.
std::string cgroup_path(const std::string& controller) {
  std::ifstream groups("/proc/self/cgroup");
  for (std::string line; std::getline(groups, line);) {
    const std::size_t first = line.find(':');
    const std::size_t second = line.find(':', first + 1);
    if (second == std::string::npos) continue;
    const std::string controllers = "," + line.substr(first + 1, second - first - 1) + ",";
    if (controller.empty() ? controllers == ",," : controllers.find("," + controller + ",") != std::string::npos) {
      return line.substr(second + 1);
    }
  }
  return "";
}

// The first number in a file of the group or of one of its parents; 0 if there is none ("max").
std::uint64_t smallest_limit(const std::string& root, std::string group, const std::string& file) {
  std::uint64_t smallest = 0;
  while (true) {
    std::uint64_t limit = 0;
    if (std::ifstream in(root + group + "/" + file); in >> limit && limit > 0)
      smallest = smallest == 0 ? limit : std::min(smallest, limit);
    if (group.empty() || group == "/") return smallest;
    group.erase(group.rfind('/'));
  }
}

int cores_of_cpu_quota(int cores) {
  std::ifstream in("/sys/fs/cgroup" + cgroup_path("") + "/cpu.max");
  double quota = 0;
  double period = 0;
  if (in >> quota >> period && quota > 0 && period > 0)
    return std::min(cores, std::max(1, static_cast<int>(std::ceil(quota / period))));
  return cores;
}

thread_local std::uint64_t budget_of_thread = 0;

}  // namespace

int num_usable_cores() {
  static const int cores = [] {
    cpu_set_t set;
    CPU_ZERO(&set);
    int count = sched_getaffinity(0, sizeof(set), &set) == 0 ? CPU_COUNT(&set)
                                                             : static_cast<int>(sysconf(_SC_NPROCESSORS_ONLN));
    return cores_of_cpu_quota(std::max(1, count));
  }();
  return cores;
}

std::uint64_t usable_memory_bytes() {
  std::uint64_t bytes =
      static_cast<std::uint64_t>(sysconf(_SC_PHYS_PAGES)) * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
  for (const std::uint64_t limit :
       {smallest_limit("/sys/fs/cgroup", cgroup_path(""), "memory.max"),
        smallest_limit("/sys/fs/cgroup/memory", cgroup_path("memory"), "memory.limit_in_bytes")}) {
    if (limit > 0) bytes = std::min(bytes, limit);
  }
  return bytes;
}

std::uint64_t memory_budget_bytes() {
  if (budget_of_thread > 0) return budget_of_thread;
  static const std::uint64_t usable = usable_memory_bytes();
  const auto whole = static_cast<std::int64_t>(usable);
  return static_cast<std::uint64_t>(config::get_bytes(config::setting::memory_budget, whole));
}

BudgetScope::BudgetScope(std::uint64_t budget_bytes) : outer_bytes_(budget_of_thread) {
  if (budget_bytes > 0) budget_of_thread = budget_bytes;
}

BudgetScope::~BudgetScope() { budget_of_thread = outer_bytes_; }

std::string default_spill_directory() {
  for (const std::string_view name : {config::setting::spill_directory.name, std::string_view("temporary-directory")}) {
    if (auto set = config::get_string(name, ""); !set.empty()) return set;
  }
  if (const char* temporary = std::getenv("TMPDIR"); temporary && *temporary) return temporary;
  struct statfs info;
  struct stat status;
  if (statfs("/tmp", &info) == 0 && info.f_type == TMPFS_MAGIC && stat("/var/tmp", &status) == 0) return "/var/tmp";
  return "/tmp";
}

}  // namespace plait
