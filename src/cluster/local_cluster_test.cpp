#include <gmock/gmock.h>
#include <signal.h>
#include <sys/socket.h>

#include <filesystem>
#include <thread>

#include "cluster/address.h"
#include "cluster/client_core.h"
#include "cluster/frame.h"
#include "cluster/token_file.h"
#include "plait/cluster.h"
#include "plait/error.h"
#include "runtime/channel.h"
#include "runtime/open_descriptors.h"

namespace plait {
namespace {

using cluster::ClientCore;
using testing::ElementsAre;
using testing::HasSubstr;

const auto square = register_function<int>("test square", [](int x) { return x * x; });
const auto add = register_function<int, int>("test add", [](int a, int b) { return a + b; });
const auto fail =
    register_function<int>("test fail", [](int x) -> int { throw value_error("no value for " + std::to_string(x)); });
const auto ones =
    register_function<int>("test ones", [](int n) { return std::vector<double>(static_cast<std::size_t>(n), 1.0); });
const auto total = register_function<std::vector<double>>("test total", [](const std::vector<double>& items) {
  double sum = 0;
  for (double item : items) sum += item;
  return sum;
});

template <class F>
std::string message_of(const F& body) {
  try {
    body();
  } catch (const Error& error) {
    return error.what();
  }
  return "no error";
}

class LocalClusterTest : public testing::TestWithParam<bool> {
 protected:
  LocalCluster started(int n_workers = 2) { return LocalCluster({.n_workers = n_workers, .processes = GetParam()}); }
};
INSTANTIATE_TEST_SUITE_P(ProcessesAndThreads, LocalClusterTest, testing::Bool());

TEST_P(LocalClusterTest, CallsFunctionsWithValuesAndFutures) {
  LocalCluster cluster = started();
  Client client(cluster);
  const ClusterFuture<int> nine = client.submit(square, 3);
  const ClusterFuture<int> sum = client.submit(add, nine, client.submit(square, 4));
  EXPECT_EQ(sum.result(), 25);
  EXPECT_EQ(nine.status(), "finished");
}

TEST_P(LocalClusterTest, GathersManyResultsTogether) {
  LocalCluster cluster = started();
  Client client(cluster);
  std::vector<int> numbers(1000);
  for (int i = 0; i < 1000; ++i) numbers[static_cast<std::size_t>(i)] = i;
  const std::vector<int> squares = client.gather(client.map(square, numbers));
  for (int i = 0; i < 1000; ++i) EXPECT_EQ(squares[static_cast<std::size_t>(i)], i * i);
}

TEST_P(LocalClusterTest, PassesLargeValuesBetweenWorkers) {
  LocalCluster cluster = started();
  Client client(cluster);
  const auto many = client.map(ones, std::vector<int>(8, 1'000'000));
  std::vector<ClusterFuture<double>> totals;
  for (const auto& each : many) totals.push_back(client.submit(total, each));
  for (const auto& each : totals) EXPECT_EQ(each.result(), 1e6);
  EXPECT_EQ(many[3].result().size(), 1'000'000U);
}

TEST_P(LocalClusterTest, RethrowsWhatATaskHasThrown) {
  LocalCluster cluster = started();
  Client client(cluster);
  const ClusterFuture<int> failed = client.submit(fail, 7);
  const ClusterFuture<int> after = client.submit(square, failed);
  EXPECT_THAT(message_of([&] { failed.result(); }), HasSubstr("no value for 7"));
  EXPECT_THAT(message_of([&] { after.result(); }), HasSubstr("no value for 7"));
  EXPECT_EQ(client.submit(square, 5).result(), 25);
}

TEST(LocalCluster, StartsAWorkerAgainThatIsKilled) {
  LocalCluster cluster({.n_workers = 2});
  Client client(cluster);
  ASSERT_TRUE(cluster.wait_for_workers(2, 30));
  const auto many = client.map(ones, std::vector<int>(8, 100'000));
  for (const auto& each : many) each.wait();
  const auto before = cluster.worker_processes();
  ::kill(before.begin()->second, SIGKILL);
  for (const auto& each : many) EXPECT_EQ(client.submit(total, each).result(), 1e5);
  ASSERT_TRUE(cluster.wait_for_workers(2, 30));
  EXPECT_NE(cluster.worker_processes(), before);
}

TEST(LocalCluster, LeavesNothingBehind) {
  {
    LocalCluster warm({.n_workers = 1});  // what a program keeps, it has from here on
    Client(warm).submit(square, 1).result();
  }
  const std::size_t descriptors = num_open_descriptors();
  std::map<std::string, int> processes;
  {
    LocalCluster cluster({.n_workers = 2});
    Client client(cluster);
    EXPECT_EQ(client.submit(total, client.submit(ones, 1'000'000)).result(), 1e6);
    processes = cluster.worker_processes();
  }
  EXPECT_EQ(num_open_descriptors(), descriptors);
  for (const auto& [name, id] : processes) EXPECT_NE(::kill(id, 0), 0);
}

TEST(LocalCluster, TellsItsClientsWhenItCloses) {
  auto cluster = std::make_unique<LocalCluster>(ClusterOptions{.n_workers = 1});
  Client client(*cluster);
  const ClusterFuture<int> four = client.submit(square, 2);
  EXPECT_EQ(four.result(), 4);
  cluster->close();
  EXPECT_THAT(message_of([&] { client.submit(square, 3).result(); }), HasSubstr("connection to the scheduler"));
}

// --- Bad input ---

TEST(ClusterClient, NamesAnAddressWhereNobodyAnswers) {
  EXPECT_THAT(message_of([] { Client("tcp://127.0.0.1:1", 0.1); }),
              HasSubstr("no scheduler answers at tcp://127.0.0.1:1"));
}

TEST(ClusterClient, RefusesAddressesThatMakeNoSense) {
  EXPECT_THAT(message_of([] { Client("8786"); }), HasSubstr("looks like 'tcp://127.0.0.1:8786'; found '8786'"));
  EXPECT_THAT(message_of([] { Client("tls://127.0.0.1:8786"); }), HasSubstr("protocol 'tls'"));
  EXPECT_THAT(message_of([] { Client("tcp://10.1.2.3:8786"); }), HasSubstr("stays on one machine"));
}

TEST(ClusterClient, IsRefusedWithAWrongToken) {
  LocalCluster cluster({.n_workers = 1});
  EXPECT_THAT(
      message_of([&] { ClientCore::connect(cluster.address(), std::string(64, '0'), "", std::chrono::seconds(5)); }),
      HasSubstr("refused the connection: the token is not the one"));
}

TEST(LocalCluster, RefusesOptionsThatMakeNoSense) {
  EXPECT_THAT(message_of([] { LocalCluster({.n_workers = -1}); }), HasSubstr("n_workers must be between 0 and"));
  EXPECT_THAT(message_of([] { LocalCluster({.memory_limit_bytes = 1000}); }), HasSubstr("memory_limit"));
  EXPECT_THAT(message_of([] { LocalCluster({.host = "0.0.0.0"}); }), HasSubstr("loopback address only"));
}

TEST(LocalCluster, TakesAnotherPortWhenItsOwnIsInUse) {
  LocalCluster first({.n_workers = 1});
  LocalCluster second({.n_workers = 1, .port = cluster::parse_address(first.address()).port});
  EXPECT_TRUE(second.has_moved());
  EXPECT_NE(first.address(), second.address());
}

TEST(LocalCluster, WorksOnWhoeverSendsGarbage) {
  LocalCluster cluster({.n_workers = 1});
  Client client(cluster);
  const cluster::Address address = cluster::parse_address(cluster.address());
  std::vector<cluster::Connected> peers;
  for (const std::string garbage : {"GET / HTTP/1.1\r\n\r\n", "", "PLIT\x01", "\xff\xff\xff\xff"}) {
    peers.push_back(cluster::connect_to(address, std::chrono::seconds(1)));
    ::send(peers.back().socket.number(), garbage.data(), garbage.size(), MSG_NOSIGNAL);
  }
  EXPECT_EQ(client.submit(square, 6).result(), 36);
}

TEST(TokenFile, MakesATokenThatOnlyTheUserCanRead) {
  const std::string folder = testing::TempDir() + "/plait-token-test";
  std::filesystem::remove_all(folder);
  const std::string path = folder + "/token";
  const std::string token = cluster::token_in(path);
  EXPECT_EQ(token.size(), 64U);
  EXPECT_EQ(cluster::token_in(path), token);
  EXPECT_EQ(std::filesystem::status(path).permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  std::filesystem::permissions(path, std::filesystem::perms::others_read, std::filesystem::perm_options::add);
  EXPECT_THAT(message_of([&] { cluster::token_in(path); }), HasSubstr("can be read by others"));
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace plait
