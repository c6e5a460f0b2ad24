// What the caller's language has around the call that started a run (RunOptions::surroundings), for the tasks of that
// run on other threads of this process.
#pragma once

namespace plait {

// Of the tasks that this thread runs until its end; null for none.
class Surroundings {
 public:
  explicit Surroundings(const void* surroundings);
  ~Surroundings();
  Surroundings(const Surroundings&) = delete;
  Surroundings& operator=(const Surroundings&) = delete;

 private:
  const void* const outer_;
};

const void* surroundings_of_tasks();

}  // namespace plait
