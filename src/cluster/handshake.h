// How a worker or a client comes in: it connects, shows the token, and is told its number.
#pragma once

#include <chrono>
#include <string>

#include "cluster/address.h"
#include "cluster/letters.h"

namespace plait::cluster {

struct Admitted {
  Connected connected;
  Welcome welcome;
};

// Waits for the answer until `timeout` is over. Throws Error(io) if nobody answers in time, Error(runtime) with the
// scheduler's words if it refuses. `joined` is what a worker says of itself.
Admitted knock(const Address& address, const Hello& hello, std::chrono::milliseconds timeout,
               const message::WorkerJoined* joined = nullptr);

// Sends one frame and waits until the socket has taken it; false if the other end is gone.
bool send_frame(int socket, const std::vector<std::byte>& payload);

}  // namespace plait::cluster
