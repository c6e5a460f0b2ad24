#include "cluster/scheduler.h"

#include <gmock/gmock.h>
#include <poll.h>
#include <sys/socket.h>

#include "cluster/handshake.h"
#include "cluster/mail.h"
#include "plait/error.h"

namespace plait::cluster {
namespace {

using testing::HasSubstr;

constexpr auto kPatience = std::chrono::seconds(10);

// Whether the scheduler has closed the connection.
bool is_cut_off(int socket) {
  pollfd waiting{socket, POLLIN, 0};
  while (::poll(&waiting, 1, 10'000) > 0) {
    char bytes[256];
    if (::recv(socket, bytes, sizeof(bytes), 0) <= 0) return true;
  }
  return false;
}

Hello as_client(const std::string& token) { return {token, PeerRole::client, "test", 0, 0}; }

TEST(Scheduler, CutsOffWhoeverHasNotShownTheTokenInTime) {
  Scheduler scheduler({.token = "secret", .time_to_knock = std::chrono::milliseconds(20)});
  const Address address = parse_address(scheduler.address());
  const Connected silent = connect_to(address, kPatience);
  const Connected slow = connect_to(address, kPatience);
  ::send(slow.socket.number(), "PLIT", 4, MSG_NOSIGNAL);
  EXPECT_TRUE(is_cut_off(silent.socket.number()));
  EXPECT_TRUE(is_cut_off(slow.socket.number()));
}

TEST(Scheduler, CutsOffWhoeverSpeaksAnotherProtocol) {
  Scheduler scheduler({.token = "secret"});
  const Connected browser = connect_to(parse_address(scheduler.address()), kPatience);
  const std::string request = "GET /status HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/html\r\n\r\n";
  ::send(browser.socket.number(), request.data(), request.size(), MSG_NOSIGNAL);
  EXPECT_TRUE(is_cut_off(browser.socket.number()));
}

TEST(Scheduler, CutsOffAClientWhoseLettersAreDamagedAndServesTheOthers) {
  Scheduler scheduler({.token = "secret"});
  const Address address = parse_address(scheduler.address());
  const Admitted bad = knock(address, as_client("secret"), kPatience);
  ASSERT_TRUE(send_frame(bad.connected.socket.number(), std::vector<std::byte>(100, std::byte{0xff})));
  EXPECT_TRUE(is_cut_off(bad.connected.socket.number()));
  EXPECT_TRUE(knock(address, as_client("secret"), kPatience).welcome.ok);
}

TEST(Scheduler, TellsWhomItRefuses) {
  Scheduler scheduler({.token = "secret"});
  try {
    knock(parse_address(scheduler.address()), as_client("guess"), kPatience);
    FAIL() << "admitted";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("refused the connection: the token is not the one of this scheduler"));
  }
}

}  // namespace
}  // namespace plait::cluster
