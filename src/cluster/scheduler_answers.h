// What a scheduler answers to questions about itself: workers, who holds what, the story of a task.
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "cluster/plain_data.h"
#include "scheduler/scheduler_state.h"

namespace plait::cluster {

struct AboutScheduler {
  std::string id;
  std::string address;
  Time now = 0;
};

class SchedulerAnswers {
 public:
  SchedulerAnswers();
  // Throws Error(value) with the questions that there are for an unknown one, Error(key) for a key that is not there.
  PlainData answer(const SchedulerState& state, const AboutScheduler& about, const std::string& what,
                   const PlainData& arguments);

 private:
  // What was noted under one name: a list of [time, event].
  struct Topic {
    PlainData::List events;
    std::int64_t num_forgotten = 0;  // before them
    void add(PlainData event);
  };
  // Those of a topic, or of all; with `first` those from that number on, and the number of the next one.
  PlainData events(const PlainData& arguments) const;

  const double started_;  // on the clock
  PlainData::Dict metadata_;
  std::map<std::string, Topic> topics_;
};

}  // namespace plait::cluster
