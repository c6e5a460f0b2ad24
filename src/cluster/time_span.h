// What those who ask for streams of what has happened say, and how workers are called in the answers.
#pragma once

#include <map>
#include <string>

#include "cluster/plain_data.h"
#include "scheduler/scheduler_state.h"

namespace plait::cluster {

// `start` and `stop` of a question, times of the clock; each is without bound where it is not given.
class TimeSpan {
 public:
  explicit TimeSpan(const PlainData& arguments)
      : from_(number_in(arguments, "start", 0)), to_(number_in(arguments, "stop", 1e300)) {}
  bool touches(double start, double stop) const { return stop >= from_ && start <= to_; }

 private:
  static double number_in(const PlainData& arguments, const std::string& name, double otherwise);

  double from_;
  double to_;
};

// The addresses of workers; one that is gone is called by its number.
class AddressBook {
 public:
  explicit AddressBook(const SchedulerState& state);
  std::string of(WorkerNumber worker) const;

 private:
  std::map<WorkerNumber, std::string> addresses_;
};

}  // namespace plait::cluster
