// What a scheduler answers to questions about itself: workers, who holds what, the story of a task.
#pragma once

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
  const double started_;  // on the clock
  PlainData::Dict metadata_;
  PlainData::Dict events_;  // topic -> list of [time, event]
};

}  // namespace plait::cluster
