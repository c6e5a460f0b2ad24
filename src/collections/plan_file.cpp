#include "plait/plan_file.h"

#include <errno.h>
#include <fmt/format.h>

#include <cstring>
#include <fstream>

#include "collections/array/array_meta.h"
#include "collections/dataframe/frame_meta.h"
#include "collections/start.h"
#include "expr/plan_codec.h"

namespace plait {
namespace {

[[noreturn]] void throw_other(const char* expected, const Expr& plan) {
  throw value_error(fmt::format("load_plan: expected the plan of {}, found {}", expected, plan.meta().describe()));
}

bool has_form(const Expr& plan, bool is_frame_wanted) {
  return is_frame(plan) && (static_cast<const FrameMeta&>(plan.meta()).form() == TableForm::frame) == is_frame_wanted;
}

}  // namespace

void write_plan_file(const std::string& path, const std::vector<ExprPtr>& roots) {
  const Record record = encode_plan(roots);
  const FramePieces pieces = frame_pieces(record);
  std::ofstream file(path, std::ios::binary);
  const auto write = [&](const std::byte* data, std::size_t size) {
    file.write(reinterpret_cast<const char*>(data), static_cast<std::streamsize>(size));
  };
  write(pieces.start.data(), pieces.start.size());
  for (const auto& blob : pieces.blobs) {
    constexpr std::byte kPadding[64] = {};
    write(blob.data(), blob.size());
    write(kPadding, (64 - blob.size() % 64) % 64);
  }
  file.close();
  if (!file) throw io_error(fmt::format("cannot write {}: {}", path, std::strerror(errno)));
}

std::vector<ExprPtr> read_plan_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw Error(ErrorKind::file_not_found, fmt::format("cannot read {}: {}", path, std::strerror(errno)));
  file.seekg(0, std::ios::end);
  const auto frame = std::make_shared<std::vector<std::byte>>(static_cast<std::size_t>(file.tellg()));
  file.seekg(0);
  file.read(reinterpret_cast<char*>(frame->data()), static_cast<std::streamsize>(frame->size()));
  if (!file) throw io_error(fmt::format("cannot read {}: {}", path, std::strerror(errno)));
  return decode_plan(read_frame(*frame, frame));
}

void detail::write_plans(const std::string& path, const Plans& plans) {
  start();
  write_plan_file(path, plans);
}

detail::Plans detail::read_plans(const std::string& path, std::size_t count) {
  start();
  Plans plans = read_plan_file(path);
  if (plans.size() != count)
    throw value_error(fmt::format("load_plan: {} holds {} collections, expected {}", path, plans.size(), count));
  return plans;
}

void detail::expect_plan_of(const Array*, const Expr& plan) {
  if (!dynamic_cast<const ArrayMeta*>(&plan.meta())) throw_other("an array", plan);
}
void detail::expect_plan_of(const DataFrame*, const Expr& plan) {
  if (!has_form(plan, true)) throw_other("a frame", plan);
}
void detail::expect_plan_of(const Series*, const Expr& plan) {
  if (!has_form(plan, false)) throw_other("a series", plan);
}

}  // namespace plait
