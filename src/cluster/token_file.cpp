#include "cluster/token_file.h"

#include <errno.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <filesystem>

#include "base/settings.h"
#include "plait/error.h"
#include "runtime/parcel.h"

namespace plait::cluster {
namespace {

constexpr std::size_t kTokenBytes = 32;
constexpr config::Declared token_file{"cluster.token-file", "null",
                                      "file of the token that opens schedulers; null: in ~/.config/plait"};

[[maybe_unused]] const bool is_declared = [] {
  config::declare(token_file);
  return true;
}();

std::string new_token() {
  unsigned char bytes[kTokenBytes];
  if (::getrandom(bytes, sizeof(bytes), 0) != sizeof(bytes))
    throw io_error("the system gave no random bytes for a token");
  std::string text;
  for (unsigned char byte : bytes) text += fmt::format("{:02x}", byte);
  return text;
}

std::string folder_of_settings() {
  if (const char* folder = std::getenv("XDG_CONFIG_HOME"); folder && *folder) return std::string(folder) + "/plait";
  if (const char* home = std::getenv("HOME"); home && *home) return std::string(home) + "/.config/plait";
  return fmt::format("/tmp/plait-{}", ::getuid());
}

// Empty if there is none.
std::string read_token(const std::string& path) {
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  if (!file && errno == ENOENT) return "";
  struct stat about = {};
  if (!file || ::fstat(file.number(), &about) != 0)
    throw io_error(fmt::format("cannot read the token of the cluster in '{}': {}", path, std::strerror(errno)));
  if ((about.st_mode & 077) != 0 || about.st_uid != ::getuid())
    throw io_error(
        fmt::format("the token of the cluster in '{}' can be read by others: remove the file, or take their "
                    "rights away (chmod 600)",
                    path));
  std::string text(256, '\0');
  const ssize_t got = ::read(file.number(), text.data(), text.size());
  text.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  while (!text.empty() && (text.back() == '\n' || text.back() == ' ')) text.pop_back();
  if (text.size() < kTokenBytes)
    throw io_error(fmt::format("the file '{}' holds no token of a cluster: remove it, and a new one is made", path));
  return text;
}

}  // namespace

std::string token_in(const std::string& path) {
  // Written whole under another name first: who finds the file finds a token in it. Of two that make one, the first
  // wins.
  for (int attempt = 0; attempt < 3; ++attempt) {
    if (std::string token = read_token(path); !token.empty()) return token;
    std::error_code ignored;
    std::filesystem::create_directories(std::filesystem::path(path).parent_path(), ignored);
    const std::string token = new_token() + "\n";
    const std::string temporary = fmt::format("{}.{}", path, ::getpid());
    const FileDescriptor file(::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
    const bool is_written =
        file && ::write(file.number(), token.data(), token.size()) == static_cast<ssize_t>(token.size());
    const bool is_named = is_written && (::link(temporary.c_str(), path.c_str()) == 0 || errno == EEXIST);
    const int error = errno;
    if (file) ::unlink(temporary.c_str());
    if (!is_named)
      throw io_error(
          fmt::format("cannot write the token of the cluster to '{}': {}. Set cluster.token-file to another "
                      "place",
                      path, std::strerror(error)));
  }
  throw io_error(fmt::format("the token of the cluster in '{}' disappears as soon as it is written", path));
}

std::string user_token() {
  const std::string named = config::get_string(token_file);
  return token_in(named.empty() || named == "null" ? folder_of_settings() + "/cluster-token" : named);
}

bool is_same_token(const std::string& shown, const std::string& expected) {
  if (shown.size() != expected.size()) return false;
  unsigned char difference = 0;
  for (std::size_t i = 0; i < shown.size(); ++i)
    difference = static_cast<unsigned char>(difference | (shown[i] ^ expected[i]));
  return difference == 0;
}

}  // namespace plait::cluster
