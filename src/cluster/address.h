// Where a scheduler is: "tcp://127.0.0.1:8786". On this machine only. A scheduler listens on that port of the loopback
// address, and on a Unix socket of the same number, over which shared memory passes; that one is tried first.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "runtime/parcel.h"

namespace plait::cluster {

struct Address {
  std::string host = "127.0.0.1";
  std::uint16_t port = 0;

  std::string text() const;
};

// Throws Error(value) for what is no address, and for one that is not on this machine: what was found, what is
// expected.
Address parse_address(const std::string& text);
// Throws Error(value) unless the host is this machine's loopback address; gives its numeric form.
std::string loopback_host(const std::string& host);

struct Connected {
  FileDescriptor socket;
  bool passes_memory = false;
};

// Tries until `timeout` is over. Throws Error(io) that names the address.
Connected connect_to(const Address& address, std::chrono::milliseconds timeout);

// The two sockets of a scheduler.
struct Listening {
  FileDescriptor local;
  FileDescriptor tcp;
  Address address;
  bool has_moved = false;  // the port that was asked for was in use
};
// Port 0: any that is free. Throws Error(io).
Listening listen_at(const std::string& host, std::uint16_t port);

// Whether the process at the other end of a Unix socket belongs to this user.
bool is_same_user(int socket);

}  // namespace plait::cluster
