// Connection: frames with shared memory over one socket, inside an event loop. Nothing here waits: what cannot be sent
// at once is kept and follows when the socket takes it. Belongs to the loop's thread.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "cluster/event_loop.h"
#include "cluster/frame.h"

namespace plait::cluster {

class Connection : public std::enable_shared_from_this<Connection> {
 public:
  // `memory`: the descriptors that came with the frame.
  using OnFrame = std::function<void(Frame frame, std::vector<FileDescriptor> memory)>;
  // Once, unless this side closes. `why` is empty if the peer has just gone.
  using OnClosed = std::function<void(const std::string& why)>;

  // `passes_memory`: the peer is on this machine's side of a Unix socket.
  Connection(EventLoop& loop, FileDescriptor socket, bool passes_memory);
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;
  ~Connection();

  void start(OnFrame on_frame, OnClosed on_closed);
  void trust() { decoder_.trust(); }
  // No more than kMaxDescriptors parcels, none if memory does not pass.
  void send(std::vector<std::byte> payload, std::vector<Parcel> memory);
  void close();
  // ... once all is sent, or after a moment.
  void close_when_sent();

  bool passes_memory() const { return passes_memory_; }
  bool is_open() const { return static_cast<bool>(socket_); }

 private:
  struct Outgoing {
    std::vector<std::byte> header;
    std::vector<std::byte> payload;
    std::vector<Parcel> memory;
    std::size_t num_sent = 0;
  };

  void handle(std::uint32_t events);
  void receive();
  void take_frames();
  void send_waiting();
  bool send_some(Outgoing& one);
  void fail(const std::string& why);
  void wait_for_room(bool waits);

  EventLoop& loop_;
  FileDescriptor socket_;
  const bool passes_memory_;
  OnFrame on_frame_;
  OnClosed on_closed_;
  FrameDecoder decoder_;
  std::deque<FileDescriptor> received_memory_;
  std::deque<Outgoing> outgoing_;
  bool waits_for_room_ = false;
  bool closes_when_sent_ = false;
};

}  // namespace plait::cluster
