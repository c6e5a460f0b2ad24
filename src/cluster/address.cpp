#include "cluster/address.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <charconv>
#include <cstddef>
#include <cstring>
#include <thread>

#include "plait/error.h"

namespace plait::cluster {
namespace {

constexpr int kMaxWaiting = 128;
constexpr int kMaxPortsTried = 20;
constexpr auto kPause = std::chrono::milliseconds(20);

// An abstract name: it is gone with its last holder, and no folder keeps it.
struct LocalName {
  explicit LocalName(std::uint16_t port) {
    const std::string name = fmt::format("plait-{}-{}", ::getuid(), port);
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path + 1, name.data(), name.size());
    size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + name.size());
  }
  sockaddr_un address = {};
  socklen_t size = 0;
};

sockaddr_in tcp_address(const std::string& host, std::uint16_t port) {
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  ::inet_pton(AF_INET, host.c_str(), &address.sin_addr);
  return address;
}

template <class Address>
bool bound(int socket, const Address& address, socklen_t size) {
  return ::bind(socket, reinterpret_cast<const sockaddr*>(&address), size) == 0 && ::listen(socket, kMaxWaiting) == 0;
}

std::uint16_t port_of(int socket) {
  sockaddr_in address = {};
  socklen_t size = sizeof(address);
  ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size);
  return ntohs(address.sin_port);
}

// Both, or nothing if one of them is in use.
bool listen_on(Listening& listening, const std::string& host, std::uint16_t port) {
  listening.tcp = FileDescriptor(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  listening.local = FileDescriptor(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
  if (!listening.tcp || !listening.local)
    throw io_error(std::string("a scheduler cannot listen: ") + std::strerror(errno));
  const int on = 1;
  ::setsockopt(listening.tcp.number(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  if (!bound(listening.tcp.number(), tcp_address(host, port), sizeof(sockaddr_in))) return false;
  listening.address = {host, port_of(listening.tcp.number())};
  const LocalName name(listening.address.port);
  return bound(listening.local.number(), name.address, name.size);
}

// Who speaks first is the peer that has connected, so that waiting a little for room is all there is to do.
FileDescriptor connected_local(std::uint16_t port) {
  FileDescriptor socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const LocalName name(port);
  if (!socket || ::connect(socket.number(), reinterpret_cast<const sockaddr*>(&name.address), name.size) != 0)
    return FileDescriptor();
  return socket;
}

FileDescriptor connected_tcp(const Address& address) {
  FileDescriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  const sockaddr_in target = tcp_address(address.host, address.port);
  if (!socket || ::connect(socket.number(), reinterpret_cast<const sockaddr*>(&target), sizeof(target)) != 0)
    return FileDescriptor();
  const int on = 1;
  ::setsockopt(socket.number(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  return socket;
}

}  // namespace

std::string Address::text() const { return fmt::format("tcp://{}:{}", host, port); }

std::string loopback_host(const std::string& host) {
  if (host.empty() || host == "localhost") return "127.0.0.1";
  in_addr parsed = {};
  if (::inet_pton(AF_INET, host.c_str(), &parsed) == 1 && (ntohl(parsed.s_addr) >> 24) == 127) return host;
  throw value_error(fmt::format(
      "a cluster of Plait stays on one machine and listens on its loopback address only; found the host '{}', "
      "expected 'localhost' or '127.0.0.1'. To use several machines, hand the graph to an engine that "
      "does (a Ray or Dask cluster)",
      host));
}

Address parse_address(const std::string& text) {
  std::string_view rest = text;
  if (const auto scheme = rest.find("://"); scheme != std::string_view::npos) {
    if (rest.substr(0, scheme) != "tcp")
      throw value_error(
          fmt::format("an address of a scheduler looks like 'tcp://127.0.0.1:8786'; found '{}', whose "
                      "protocol '{}' a cluster on one machine does not speak",
                      text, rest.substr(0, scheme)));
    rest.remove_prefix(scheme + 3);
  }
  const auto colon = rest.rfind(':');
  int port = 0;
  const char* end = rest.data() + rest.size();
  const bool has_port = colon != std::string_view::npos;
  const auto parsed = has_port ? std::from_chars(rest.data() + colon + 1, end, port) : std::from_chars_result{};
  if (!has_port || parsed.ec != std::errc() || parsed.ptr != end || port <= 0 || port > 65535)
    throw value_error(fmt::format("an address of a scheduler looks like 'tcp://127.0.0.1:8786'; found '{}'", text));
  return {loopback_host(std::string(rest.substr(0, colon))), static_cast<std::uint16_t>(port)};
}

Connected connect_to(const Address& address, std::chrono::milliseconds timeout) {
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  while (true) {
    if (FileDescriptor socket = connected_local(address.port)) return {std::move(socket), true};
    if (FileDescriptor socket = connected_tcp(address)) return {std::move(socket), false};
    const int error = errno;
    if (std::chrono::steady_clock::now() + kPause > deadline)
      throw io_error(
          fmt::format("no scheduler answers at {} ({}), tried for {:.3g} s: is it running, and is the "
                      "address right?",
                      address.text(), std::strerror(error), static_cast<double>(timeout.count()) / 1000));
    std::this_thread::sleep_for(kPause);
  }
}

Listening listen_at(const std::string& host, std::uint16_t port) {
  const std::string numeric = loopback_host(host);
  Listening listening;
  if (port != 0) {
    if (listen_on(listening, numeric, port)) return listening;
    listening.has_moved = true;
  }
  for (int i = 0; i < kMaxPortsTried; ++i) {
    if (listen_on(listening, numeric, 0)) return listening;
  }
  throw io_error(fmt::format("a scheduler found no free port at {}: {}", numeric, std::strerror(errno)));
}

bool is_same_user(int socket) {
  ucred peer = {};
  socklen_t size = sizeof(peer);
  return ::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && peer.uid == ::getuid();
}

}  // namespace plait::cluster
