#include "cluster/scheduler_answers.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <utility>

#include "base/text.h"

namespace plait::cluster {
namespace {

constexpr std::size_t kMaxEvents = 100'000;

double seconds(Time time) { return static_cast<double>(time) / 1e9; }

double clock_time() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

std::string state_name(SchedulerTaskState state) {
  switch (state) {
    case SchedulerTaskState::released:
      return "released";
    case SchedulerTaskState::waiting:
      return "waiting";
    case SchedulerTaskState::ready:
      return "queued";
    case SchedulerTaskState::processing:
      return "processing";
    case SchedulerTaskState::in_memory:
      return "memory";
    case SchedulerTaskState::erred:
      return "erred";
  }
  return "";
}

// The key where a client has named the task, else its family and number.
std::string name_of(const SchedulerState& state, TaskNumber task) {
  std::string key = state.key_of(task);
  if (!key.empty()) return key;
  const auto info = state.task(task);
  return fmt::format("{}-{}-{}", info ? info->family : "task", graph_of(task), index_of(task));
}

std::string address_of(const SchedulerState& state, WorkerNumber worker) {
  for (const WorkerInfo& info : state.workers()) {
    if (info.worker == worker) return info.address;
  }
  return "";
}

PlainData about_worker(const SchedulerState& state, const WorkerInfo& worker, Time now) {
  PlainData::Dict resources;
  for (const auto& [name, amount] : worker.resources) resources[name] = amount;
  PlainData::Dict used;
  for (const auto& [name, amount] : worker.used_resources) used[name] = amount;
  PlainData::List executing;
  for (TaskNumber task : worker.status.executing) executing.emplace_back(name_of(state, task));
  return PlainData::Dict{
      {"type", "Worker"},
      {"number", worker.worker},
      {"name", worker.name},
      {"address", worker.address},
      {"nthreads", worker.nthreads},
      {"memory_limit", worker.memory_limit_bytes},
      {"resources", std::move(resources)},
      {"used_resources", std::move(used)},
      {"held_bytes", worker.held_bytes},
      {"num_held", worker.num_held},
      {"num_processing", worker.processing.size()},
      {"occupancy", seconds(worker.occupancy_ns)},
      {"status", worker.is_paused     ? "paused"
                 : worker.is_retiring ? "closing_gracefully"
                                      : "running"},
      {"is_silent", worker.is_silent},
      {"last_seen", clock_time() - seconds(now - worker.last_seen)},
      {"memory", worker.status.process_bytes},
      {"managed_bytes", worker.status.managed_bytes},
      {"spilled_bytes", worker.status.spilled_bytes},
      {"executing", std::move(executing)},
  };
}

PlainData about_cluster(const SchedulerState& state, const AboutScheduler& about) {
  PlainData::List workers;
  for (const WorkerInfo& worker : state.workers()) workers.push_back(about_worker(state, worker, about.now));
  return PlainData::Dict{{"type", "Scheduler"},
                         {"id", about.id},
                         {"address", about.address},
                         {"desired_workers", state.adaptive_target()},
                         {"workers", std::move(workers)}};
}

PlainData of_counts(const Counts& counts) {
  return PlainData::Dict{{"tasks", counts.num_tasks}, {"released", counts.released},     {"waiting", counts.waiting},
                         {"queued", counts.ready},    {"processing", counts.processing}, {"memory", counts.in_memory},
                         {"erred", counts.erred}};
}

// Of the keys that were asked for, or of all.
std::vector<std::string> asked_keys(const SchedulerState& state, const PlainData& arguments) {
  const PlainData& keys = entry(arguments, "keys");
  return std::holds_alternative<std::monostate>(keys.held) ? state.keys() : texts_of(keys);
}

PlainData who_has(const SchedulerState& state, const PlainData& arguments) {
  PlainData::Dict holders;
  for (const std::string& key : asked_keys(state, arguments)) {
    PlainData::List addresses;
    if (const auto info = state.task(key)) {
      for (WorkerNumber worker : info->holders) addresses.emplace_back(address_of(state, worker));
    }
    holders[key] = std::move(addresses);
  }
  return holders;
}

PlainData has_what(const SchedulerState& state, const PlainData&) {
  PlainData::Dict held;
  for (const WorkerInfo& worker : state.workers()) {
    PlainData::List keys;
    for (TaskNumber task : state.held_by(worker.worker)) keys.emplace_back(name_of(state, task));
    held[worker.address] = std::move(keys);
  }
  return held;
}

PlainData num_bytes(const SchedulerState& state, const PlainData& arguments) {
  PlainData::Dict sizes;
  for (const std::string& key : asked_keys(state, arguments)) {
    const auto info = state.task(key);
    if (info && info->state == SchedulerTaskState::in_memory) sizes[key] = info->num_bytes;
  }
  return sizes;
}

PlainData processing(const SchedulerState& state, const PlainData&) {
  PlainData::Dict at_work;
  for (const WorkerInfo& worker : state.workers()) {
    PlainData::List keys;
    for (TaskNumber task : worker.processing) keys.emplace_back(name_of(state, task));
    at_work[worker.address] = std::move(keys);
  }
  return at_work;
}

PlainData tasks(const SchedulerState& state, const PlainData& arguments) {
  PlainData::Dict all;
  for (const std::string& key : asked_keys(state, arguments)) {
    const auto info = state.task(key);
    if (!info) continue;
    all[key] =
        PlainData::Dict{{"state", state_name(info->state)}, {"family", info->family},     {"nbytes", info->num_bytes},
                        {"type", info->type_name},          {"attempts", info->attempts}, {"deaths", info->num_deaths}};
  }
  return all;
}

PlainData story(const SchedulerState& state, const PlainData& arguments) {
  PlainData::Dict stories;
  for (const std::string& key : asked_keys(state, arguments)) {
    if (const auto info = state.task(key)) stories[key] = list_of(state.story(info->task));
  }
  return stories;
}

PlainData progress(const SchedulerState& state, const PlainData&) {
  PlainData::Dict families;
  for (const auto& [family, counts] : state.counts_by_family()) families[family] = of_counts(counts);
  return families;
}

using AnswerOf = PlainData (*)(const SchedulerState&, const PlainData&);

const std::map<std::string, AnswerOf>& answers() {
  static const auto* table = new std::map<std::string, AnswerOf>{
      {"who_has", who_has},
      {"has_what", has_what},
      {"nbytes", num_bytes},
      {"processing", processing},
      {"tasks", tasks},
      {"story", story},
      {"progress", progress},
      {"counts", [](const SchedulerState& state, const PlainData&) { return of_counts(state.counts()); }},
      {"keys", [](const SchedulerState& state, const PlainData&) { return list_of(state.keys()); }},
      {"what_blocks", [](const SchedulerState& state, const PlainData&) { return list_of(state.what_blocks()); }},
  };
  return *table;
}

std::string topic_of(const PlainData& arguments) {
  const std::vector<std::string> topic = texts_of(entry(arguments, "topic"));
  return topic.empty() ? "all" : topic[0];
}

}  // namespace

SchedulerAnswers::SchedulerAnswers() : started_(clock_time()) {}

void SchedulerAnswers::Topic::add(PlainData event) {
  if (events.size() >= kMaxEvents) {
    events.erase(events.begin(), events.begin() + kMaxEvents / 2);
    num_forgotten += kMaxEvents / 2;
  }
  events.push_back(std::move(event));
}

PlainData SchedulerAnswers::events(const PlainData& arguments) const {
  if (std::holds_alternative<std::monostate>(entry(arguments, "topic").held)) {
    PlainData::Dict all;
    for (const auto& [name, topic] : topics_) all[name] = topic.events;
    return all;
  }
  static const Topic kNothing;
  const auto found = topics_.find(topic_of(arguments));
  const Topic& topic = found == topics_.end() ? kNothing : found->second;
  const auto* first = std::get_if<std::int64_t>(&entry(arguments, "first").held);
  if (!first) return topic.events;
  const std::int64_t next = topic.num_forgotten + std::ssize(topic.events);
  const std::int64_t skipped = std::clamp<std::int64_t>(*first - topic.num_forgotten, 0, std::ssize(topic.events));
  return PlainData::Dict{{"next", next},
                         {"events", PlainData::List(topic.events.begin() + skipped, topic.events.end())}};
}

PlainData SchedulerAnswers::answer(const SchedulerState& state, const AboutScheduler& about, const std::string& what,
                                   const PlainData& arguments) {
  if (what == "info") {
    PlainData info = about_cluster(state, about);
    std::get<PlainData::Dict>(info.held)["started"] = started_;
    return info;
  }
  if (what == "log_event") {
    topics_[topic_of(arguments)].add(PlainData::List{clock_time(), entry(arguments, "event")});
    return {};
  }
  if (what == "events") return events(arguments);
  if (what == "metadata_set") {
    for (const std::string& name : texts_of(entry(arguments, "name"))) metadata_[name] = entry(arguments, "value");
    return {};
  }
  if (what == "metadata_get") return metadata_;
  const auto found = answers().find(what);
  if (found != answers().end()) return found->second(state, arguments);
  std::vector<std::string> known = {"info",         "log_event", "events",      "metadata_set",
                                    "metadata_get", "call",      "task_stream", "transfers"};
  for (const auto& [name, unused] : answers()) known.push_back(name);
  throw value_error(fmt::format("a scheduler knows no question '{}'{}", what, did_you_mean(what, known)));
}

}  // namespace plait::cluster
