// What a peer of a cluster may send: frames, and the letters inside them. Whatever comes, the answer is a value or
// Error(io); nothing else is thrown, nothing is read beyond the end, and memory is taken only for what has arrived.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <vector>

#include "cluster/letters.h"
#include "cluster/mail.h"
#include "plait/error.h"

namespace {

using namespace plait;
using namespace plait::cluster;

template <class Letter>
void read_letters(std::span<const std::byte> payload) {
  MailReader mail(Frame{{payload.begin(), payload.end()}, 0}, {});
  while (mail.has_more()) mail.next<Letter>();
}

template <class F>
void allowing_io_errors(const F& body) {
  try {
    body();
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::io) std::abort();
  }
}

void read_all_letters(std::span<const std::byte> payload) {
  allowing_io_errors([&] { read_letters<Hello>(payload); });
  allowing_io_errors([&] { read_letters<Welcome>(payload); });
  allowing_io_errors([&] { read_letters<Heartbeat>(payload); });
  allowing_io_errors([&] { read_letters<LetterOfWorker>(payload); });
  allowing_io_errors([&] { read_letters<LetterOfClient>(payload); });
  allowing_io_errors([&] { read_letters<WorkerLetter>(payload); });
  allowing_io_errors([&] { read_letters<ClientLetter>(payload); });
}

void read_frames(std::span<const std::byte> bytes, std::size_t piece_bytes) {
  FrameDecoder decoder;
  allowing_io_errors([&] {
    while (!bytes.empty()) {
      const auto piece = bytes.first(std::min(piece_bytes, bytes.size()));
      decoder.append(piece);
      bytes = bytes.subspan(piece.size());
      while (const auto frame = decoder.next()) read_all_letters(frame->payload);
    }
  });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto bytes = std::as_bytes(std::span(data, size));
  read_all_letters(bytes);
  if (size == 0) return 0;
  const std::size_t piece_bytes = 1 + data[0] % 64;
  read_frames(bytes, piece_bytes);
  // Checksums keep nearly all mutations out: the same as the payload of a good frame.
  std::vector<std::byte> frame = frame_header(bytes, 0);
  frame.insert(frame.end(), bytes.begin(), bytes.end());
  read_frames(frame, piece_bytes);
  return 0;
}
