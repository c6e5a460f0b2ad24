#include "cluster/background_threads.h"

#include <gmock/gmock.h>

#include <future>
#include <vector>

namespace plait::cluster {
namespace {

TEST(BackgroundThreads, DoesJobsInTheOrderInWhichTheyCome) {
  std::promise<void> all_done;
  std::vector<int> done;
  BackgroundThreads threads(1);
  for (int i = 0; i < 5; ++i) threads.submit([&done, i] { done.push_back(i); });
  threads.submit([&] { all_done.set_value(); });
  all_done.get_future().wait();
  EXPECT_THAT(done, testing::ElementsAre(0, 1, 2, 3, 4));
}

TEST(BackgroundThreads, DoesWhatWasSubmittedBeforeItsEnd) {
  std::promise<void> may_go_on;
  std::promise<int> last;
  {
    BackgroundThreads threads(1);
    threads.submit([begin = may_go_on.get_future().share()] { begin.wait(); });
    threads.submit([&] { last.set_value(7); });
  }
  may_go_on.set_value();
  EXPECT_EQ(last.get_future().get(), 7);
}

}  // namespace
}  // namespace plait::cluster
