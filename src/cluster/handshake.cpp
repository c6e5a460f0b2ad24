#include "cluster/handshake.h"

#include <errno.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>

#include "cluster/frame.h"
#include "cluster/mail.h"

namespace plait::cluster {
namespace {

using Clock = std::chrono::steady_clock;

bool send_bytes(int socket, const std::byte* data, std::size_t size) {
  while (size > 0) {
    const ssize_t sent = ::send(socket, data, size, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR) continue;
    if (sent <= 0) return false;
    data += sent;
    size -= static_cast<std::size_t>(sent);
  }
  return true;
}

// One byte after the other, none beyond the frame: what follows belongs to the connection.
std::optional<Frame> receive_frame(int socket, Clock::time_point deadline) {
  FrameDecoder decoder;
  while (true) {
    if (std::optional<Frame> frame = decoder.next()) return frame;
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
    pollfd waiting{socket, POLLIN, 0};
    if (left <= 0 || ::poll(&waiting, 1, static_cast<int>(left)) <= 0) return std::nullopt;
    std::array<std::byte, 1> byte;
    const ssize_t got = ::recv(socket, byte.data(), byte.size(), 0);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) throw io_error("it closed the connection");
    decoder.append(byte);
  }
}

}  // namespace

bool send_frame(int socket, const std::vector<std::byte>& payload) {
  const std::vector<std::byte> header = frame_header(payload, 0);
  return send_bytes(socket, header.data(), header.size()) && send_bytes(socket, payload.data(), payload.size());
}

Admitted knock(const Address& address, const Hello& hello, std::chrono::milliseconds timeout,
               const message::WorkerJoined* joined) {
  const auto deadline = Clock::now() + timeout;
  Admitted admitted{connect_to(address, timeout), {}};
  MailWriter mail(false);
  mail.add(hello);
  if (joined) mail.add(LetterOfWorker(*joined));
  std::optional<Frame> answer;
  try {
    if (!send_frame(admitted.connected.socket.number(), mail.take().payload))
      throw io_error("it closed the connection");
    answer = receive_frame(admitted.connected.socket.number(), deadline);
  } catch (const Error& error) {
    throw io_error(fmt::format("what answers at {} is no scheduler of a Plait cluster that this program can use: {}",
                               address.text(), error.what()));
  }
  if (!answer)
    throw io_error(fmt::format("what listens at {} has not answered within {:.3g} s: is it a scheduler of Plait?",
                               address.text(), static_cast<double>(timeout.count()) / 1000));
  admitted.welcome = MailReader(std::move(*answer), {}).next<Welcome>().first;
  if (!admitted.welcome.ok)
    throw Error(ErrorKind::runtime,
                fmt::format("the scheduler at {} refused the connection: {}", address.text(), admitted.welcome.text));
  return admitted;
}

}  // namespace plait::cluster
