#include "graph/inputs_first.h"

#include <fmt/format.h>

#include "base/text.h"
#include "plait/error.h"

namespace plait {
namespace {

enum class Mark : std::uint8_t { untouched, on_the_way, done };

struct Step {
  std::uint32_t item;
  std::uint32_t next_need;
};

[[noreturn]] void throw_cycle(const std::vector<Step>& path, std::uint32_t repeated,
                              const std::function<std::string(std::uint32_t)>& key) {
  std::size_t start = 0;
  while (path[start].item != repeated) ++start;
  std::string text;
  for (std::size_t i = start; i < path.size(); ++i) text += key(path[i].item) + " -> ";
  throw Error(ErrorKind::runtime,
              fmt::format("the graph has a cycle: {}{}; a task cannot need its own result", text, key(repeated)));
}

}  // namespace

std::vector<std::uint32_t> inputs_first(const std::vector<std::vector<std::uint32_t>>& needs,
                                        const std::function<std::string(std::uint32_t)>& key) {
  std::vector<std::uint32_t> ordered;
  ordered.reserve(needs.size());
  std::vector<Mark> marks(needs.size(), Mark::untouched);
  std::vector<Step> path;
  for (std::uint32_t root = 0; root < needs.size(); ++root) {
    if (marks[root] != Mark::untouched) continue;
    marks[root] = Mark::on_the_way;
    path.push_back({root, 0});
    while (!path.empty()) {
      Step& step = path.back();
      if (step.next_need == needs[step.item].size()) {
        marks[step.item] = Mark::done;
        ordered.push_back(step.item);
        path.pop_back();
        continue;
      }
      const std::uint32_t need = needs[step.item][step.next_need++];
      if (marks[need] == Mark::on_the_way) throw_cycle(path, need, key);
      if (marks[need] == Mark::done) continue;
      marks[need] = Mark::on_the_way;
      path.push_back({need, 0});
    }
  }
  return ordered;
}

void throw_missing_key(const std::string& missing, const std::string& dependent, const std::vector<std::string>& keys) {
  throw key_error(
      fmt::format("the graph has no task '{}', which '{}' needs{}", missing, dependent, did_you_mean(missing, keys)));
}

}  // namespace plait
