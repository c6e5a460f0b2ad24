#include "dashboard/http_server.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <thread>

#include "plait/error.h"
#include "runtime/parcel.h"

namespace plait::dashboard {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::size_t kMaxRequestBytes = 16 << 10;
constexpr std::size_t kMaxConnections = 64;
constexpr auto kPatience = std::chrono::seconds(5);

struct Connection {
  FileDescriptor socket;
  Clock::time_point deadline;
  std::string received;
  std::string answer;
  std::size_t num_sent = 0;
  bool is_over = false;
};

const char* reason_of(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 302:
      return "Found";
    case 401:
      return "Unauthorized";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    default:
      return status < 500 ? "Bad Request" : "Internal Server Error";
  }
}

std::string text_of(const HttpResponse& response, bool has_body) {
  std::string head = fmt::format(
      "HTTP/1.1 {} {}\r\nContent-Type: {}\r\nContent-Length: {}\r\nConnection: close\r\nCache-Control: no-store\r\n"
      "Referrer-Policy: no-referrer\r\nX-Content-Type-Options: nosniff\r\n"
      "Content-Security-Policy: default-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'self'\r\n",
      response.status, reason_of(response.status), response.content_type, response.body.size());
  if (!response.location.empty()) head += fmt::format("Location: {}\r\n", response.location);
  return head + "\r\n" + (has_body ? response.body : "");
}

// A socket that listens on the port; an invalid one if the port is taken.
FileDescriptor listen_on(std::uint16_t port) {
  FileDescriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
  if (socket.number() < 0) throw io_error(fmt::format("the dashboard got no socket: {}", std::strerror(errno)));
  const int yes = 1;
  ::setsockopt(socket.number(), SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::bind(socket.number(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
      ::listen(socket.number(), 64) != 0)
    return FileDescriptor();
  return socket;
}

std::uint16_t port_of(int socket) {
  sockaddr_in address{};
  socklen_t size = sizeof address;
  ::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size);
  return ntohs(address.sin_port);
}

}  // namespace

struct HttpServer::Impl {
  Impl(std::uint16_t wanted, HttpHandler given)
      : handler(std::move(given)), listener(listen_on(wanted)), stop(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (listener.number() < 0 && wanted != 0) listener = listen_on(0);
    if (listener.number() < 0) throw io_error("the dashboard found no port that is free on 127.0.0.1");
    if (stop.number() < 0) throw io_error(fmt::format("the dashboard got no descriptor: {}", std::strerror(errno)));
    port = port_of(listener.number());
    thread = std::thread([this] { serve(); });
  }
  ~Impl() {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(stop.number(), &one, sizeof one);
    thread.join();
  }

  void serve() {
    while (true) {
      std::vector<pollfd> polled = {{stop.number(), POLLIN, 0},
                                    {listener.number(), static_cast<short>(is_full() ? 0 : POLLIN), 0}};
      for (const Connection& each : connections)
        polled.push_back({each.socket.number(), static_cast<short>(each.answer.empty() ? POLLIN : POLLOUT), 0});
      ::poll(polled.data(), polled.size(), milliseconds_to_next_deadline());
      if (polled[0].revents != 0) return;
      for (std::size_t i = 0; i < connections.size(); ++i) {
        if (polled[i + 2].revents != 0) go_on(connections[i]);
      }
      const auto now = Clock::now();
      std::erase_if(connections, [&](const Connection& each) { return each.is_over || each.deadline < now; });
      if (polled[1].revents != 0) accept();
    }
  }

  bool is_full() const { return connections.size() >= kMaxConnections; }

  int milliseconds_to_next_deadline() const {
    if (connections.empty()) return -1;
    auto next = connections[0].deadline;
    for (const Connection& each : connections) next = std::min(next, each.deadline);
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(next - Clock::now()).count();
    return static_cast<int>(std::max<std::int64_t>(0, left + 1));
  }

  void accept() {
    while (!is_full()) {
      FileDescriptor socket(::accept4(listener.number(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
      if (socket.number() < 0) return;
      connections.push_back({std::move(socket), Clock::now() + kPatience, {}, {}, 0, false});
    }
  }

  void go_on(Connection& connection) {
    if (connection.answer.empty()) receive(connection);
    if (!connection.answer.empty()) send(connection);
  }

  void receive(Connection& connection) {
    char bytes[4096];
    const auto count = ::recv(connection.socket.number(), bytes, sizeof bytes, 0);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (count <= 0) {
      connection.is_over = true;
      return;
    }
    connection.received.append(bytes, static_cast<std::size_t>(count));
    const std::size_t end = connection.received.find("\r\n\r\n");
    if (end != std::string::npos) {
      connection.answer = answer_to(connection.received.substr(0, end));
      connection.deadline = Clock::now() + kPatience;
    } else if (connection.received.size() > kMaxRequestBytes) {
      connection.answer = text_of({431, "text/plain", "the request is too long\n", ""}, true);
    }
  }

  std::string answer_to(const std::string& head) {
    HttpRequest request;
    try {
      request = parse_request(head);
    } catch (const Error& error) {
      return text_of({400, "text/plain", std::string(error.what()) + "\n", ""}, true);
    }
    if (request.method != "GET" && request.method != "HEAD")
      return text_of({405, "text/plain", "only GET is answered\n", ""}, true);
    try {
      return text_of(handler(request), request.method == "GET");
    } catch (const std::exception& error) {
      return text_of({500, "text/plain", std::string(error.what()) + "\n", ""}, true);
    }
  }

  void send(Connection& connection) {
    const std::string& answer = connection.answer;
    const auto count = ::send(connection.socket.number(), answer.data() + connection.num_sent,
                              answer.size() - connection.num_sent, MSG_NOSIGNAL);
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (count > 0) connection.num_sent += static_cast<std::size_t>(count);
    connection.is_over = count <= 0 || connection.num_sent == answer.size();
  }

  const HttpHandler handler;
  FileDescriptor listener;
  FileDescriptor stop;
  std::uint16_t port = 0;
  std::vector<Connection> connections;  // of the thread alone
  std::thread thread;
};

HttpServer::HttpServer(std::uint16_t port, HttpHandler handler)
    : impl_(std::make_unique<Impl>(port, std::move(handler))) {}
HttpServer::~HttpServer() = default;

std::uint16_t HttpServer::port() const { return impl_->port; }

}  // namespace plait::dashboard
