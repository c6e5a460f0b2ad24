#include "dashboard/dashboard.h"

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "dashboard/cluster_snapshot.h"
#include "plait/error.h"

namespace plait::dashboard {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

Snapshot two_workers() {
  Snapshot snapshot;
  snapshot.scheduler_id = "Scheduler-1";
  snapshot.address = "tcp://127.0.0.1:8786";
  snapshot.num_desired_workers = 3;
  snapshot.tasks = {.processing = 5, .memory = 2, .erred = 1};
  snapshot.workers = {{.name = "0",
                       .address = "unix:0",
                       .num_threads = 2,
                       .num_executing = 2,
                       .num_processing = 5,
                       .memory_limit_bytes = 1000,
                       .process_bytes = 300,
                       .managed_bytes = 100},
                      {.name = "<b>\"1\"", .address = "unix:1", .status = "paused", .num_threads = 1}};
  snapshot.families = {{"sum", {.processing = 5, .memory = 2, .erred = 1}}};
  return snapshot;
}

HttpResponse get(const std::string& target) {
  return answer(parse_request("GET " + target + " HTTP/1.1\r\nHost: localhost"), "secret", two_workers);
}

TEST(Request, IsTakenApart) {
  const HttpRequest request = parse_request("GET /json/a%20b?token=x%2By&q= HTTP/1.1\r\nAuthorization:  Bearer me");
  EXPECT_EQ(request.method, "GET");
  EXPECT_EQ(request.path, "/json/a b");
  EXPECT_EQ(request.query_value("token"), "x+y");
  EXPECT_EQ(request.query_value("none"), "");
  EXPECT_EQ(request.authorization, "Bearer me");
}

TEST(Request, ThatIsNoHttpIsRefused) {
  for (const char* text : {"", "GET", "GET /", "GET  HTTP/1.1", "hello world how are you", "GET status HTTP/1.1"})
    EXPECT_THROW(parse_request(text), Error) << text;
}

TEST(Dashboard, WantsTheTokenForEverythingButHealth) {
  EXPECT_EQ(get("/health").body, "ok");
  for (const char* path : {"/", "/status", "/metrics", "/json/counts.json", "/nothing", "/status?token=secre",
                           "/status?token=", "/status?token=secret1"})
    EXPECT_EQ(get(path).status, 401) << path;
  EXPECT_EQ(get("/status?token=secret").status, 200);
  EXPECT_EQ(
      answer(parse_request("GET /metrics HTTP/1.1\r\nAuthorization: Bearer secret"), "secret", two_workers).status,
      200);
}

TEST(Dashboard, SaysWhichPagesThereAre) {
  EXPECT_EQ(get("/?token=secret").location, "/status?token=secret");
  const HttpResponse response = get("/nothing?token=secret");
  EXPECT_EQ(response.status, 404);
  EXPECT_THAT(response.body, HasSubstr("/status"));
}

TEST(Dashboard, ThePageLoadsNothingFromElsewhere) {
  EXPECT_THAT(status_page(), Not(HasSubstr("http://")));
  EXPECT_THAT(status_page(), Not(HasSubstr("https://")));
  EXPECT_THAT(status_page(), Not(HasSubstr("src=")));
}

TEST(Metrics, HaveDasksNames) {
  const std::string text = get("/metrics?token=secret").body;
  EXPECT_THAT(text, HasSubstr("dask_scheduler_desired_workers 3\n"));
  EXPECT_THAT(text, HasSubstr("dask_scheduler_workers{state=\"saturated\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("dask_scheduler_workers{state=\"paused\"} 1\n"));
  EXPECT_THAT(text, HasSubstr("dask_scheduler_tasks{state=\"processing\"} 5\n"));
  EXPECT_THAT(text, HasSubstr("dask_scheduler_prefix_state_totals{task_prefix_name=\"sum\",state=\"memory\"} 2\n"));
  EXPECT_THAT(text, HasSubstr("dask_worker_memory_bytes{worker=\"0\",type=\"unmanaged\"} 200\n"));
  EXPECT_THAT(text, HasSubstr("worker=\"<b>\\\"1\\\"\""));
}

TEST(Json, IsSafeInAScript) {
  EXPECT_EQ(json_text("a\"b\\\n<"), R"("a\"b\\\u000a\u003c")");
  EXPECT_THAT(get("/json/snapshot.json?token=secret").body, Not(HasSubstr("<b>")));
  EXPECT_THAT(get("/json/counts.json?token=secret").body, HasSubstr(R"("processing":5)"));
  EXPECT_THAT(get("/json/identity.json?token=secret").body, StartsWith(R"({"type":"Scheduler")"));
}

TEST(Snapshot, IsWhatAClusterAnswers) {
  using cluster::PlainData;
  const PlainData worker = PlainData::Dict{
      {"name", "a"},         {"address", "unix:a"}, {"status", "paused"},   {"nthreads", 2},
      {"num_processing", 3}, {"memory", 500},       {"managed_bytes", 100}, {"executing", PlainData::List{"x", "y"}}};
  const PlainData info = PlainData::Dict{{"id", "Scheduler-7"}, {"workers", PlainData::List{worker}}};
  const PlainData counts = PlainData::Dict{{"queued", 4}, {"memory", 1}};
  const Snapshot snapshot = snapshot_of(info, counts, PlainData::Dict{{"sum", counts}});
  EXPECT_EQ(snapshot.scheduler_id, "Scheduler-7");
  ASSERT_EQ(snapshot.workers.size(), 1U);
  EXPECT_EQ(snapshot.workers[0].num_executing, 2U);
  EXPECT_EQ(snapshot.workers[0].process_bytes, 500U);
  EXPECT_EQ(snapshot.tasks.sum(), 5U);
  ASSERT_EQ(snapshot.families.size(), 1U);
  EXPECT_EQ(snapshot.families[0].tasks.queued, 4U);
}

TEST(Snapshot, OfAnswersThatSayNothingIsEmpty) { EXPECT_EQ(snapshot_of({}, {}, {}).workers.size(), 0U); }

// What a server sends to somebody who writes `text` and then listens.
std::string exchange(std::uint16_t port, const std::string& text) {
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  EXPECT_EQ(::connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  EXPECT_EQ(::send(socket, text.data(), text.size(), MSG_NOSIGNAL), static_cast<ssize_t>(text.size()));
  std::string received;
  char bytes[4096];
  for (ssize_t count = 1; count > 0;) {
    count = ::recv(socket, bytes, sizeof bytes, 0);
    if (count > 0) received.append(bytes, static_cast<std::size_t>(count));
  }
  ::close(socket);
  return received;
}

TEST(Server, AnswersOverASocket) {
  const Dashboard dashboard(0, "secret", two_workers);
  EXPECT_THAT(exchange(dashboard.port(), "GET /status?token=secret HTTP/1.1\r\n\r\n"), HasSubstr("Plait: Status"));
  EXPECT_THAT(exchange(dashboard.port(), "POST /status?token=secret HTTP/1.1\r\n\r\n"), StartsWith("HTTP/1.1 405"));
  EXPECT_THAT(exchange(dashboard.port(), "nonsense\r\n\r\n"), StartsWith("HTTP/1.1 400"));
  EXPECT_THAT(exchange(dashboard.port(), "GET /" + std::string(17 << 10, 'a')), StartsWith("HTTP/1.1 431"));
}

TEST(Server, TakesAnotherPortIfItsOwnIsTaken) {
  const Dashboard first(0, "secret", two_workers);
  const Dashboard second(first.port(), "secret", two_workers);
  EXPECT_NE(second.port(), first.port());
  EXPECT_THAT(exchange(second.port(), "GET /health HTTP/1.1\r\n\r\n"), HasSubstr("ok"));
}

TEST(Server, AFailingSnapshotIsAnAnswer) {
  const Dashboard dashboard(0, "secret", []() -> Snapshot { throw io_error("the cluster is gone"); });
  const std::string received = exchange(dashboard.port(), "GET /metrics?token=secret HTTP/1.1\r\n\r\n");
  EXPECT_THAT(received, StartsWith("HTTP/1.1 500"));
  EXPECT_THAT(received, HasSubstr("the cluster is gone"));
}

TEST(Server, EndsWhileSomebodyIsConnected) {
  int socket = -1;
  {
    const Dashboard dashboard(0, "secret", two_workers);
    socket = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(dashboard.port());
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ASSERT_EQ(::connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    exchange(dashboard.port(), "GET /health HTTP/1.1\r\n\r\n");
  }
  char byte = 0;
  EXPECT_LE(::recv(socket, &byte, 1, 0), 0);
  ::close(socket);
}

}  // namespace
}  // namespace plait::dashboard
