#include <algorithm>
#include <cctype>

#include "dashboard/http_server.h"
#include "plait/error.h"

namespace plait::dashboard {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

std::string url_decoded(const std::string& text) {
  std::string decoded;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 && hex_digit(text[i + 2]) >= 0) {
      decoded += static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
      i += 2;
    } else {
      decoded += text[i] == '+' ? ' ' : text[i];
    }
  }
  return decoded;
}

std::vector<std::pair<std::string, std::string>> query_of(const std::string& text) {
  std::vector<std::pair<std::string, std::string>> pairs;
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = std::min(text.find('&', start), text.size());
    const std::string item = text.substr(start, end - start);
    const std::size_t equals = item.find('=');
    pairs.emplace_back(url_decoded(item.substr(0, equals)),
                       equals == std::string::npos ? "" : url_decoded(item.substr(equals + 1)));
    start = end + 1;
  }
  return pairs;
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  return text;
}

// The value of a header; empty if it is not there.
std::string header(const std::string& head, const std::string& name) {
  for (std::size_t start = head.find("\r\n"); start != std::string::npos; start = head.find("\r\n", start)) {
    start += 2;
    const std::size_t end = std::min(head.find("\r\n", start), head.size());
    const std::string line = head.substr(start, end - start);
    const std::size_t colon = line.find(':');
    if (colon == std::string::npos || lower(line.substr(0, colon)) != name) continue;
    const std::size_t value = line.find_first_not_of(" \t", colon + 1);
    return value == std::string::npos ? "" : line.substr(value);
  }
  return "";
}

}  // namespace

std::string HttpRequest::query_value(const std::string& name) const {
  for (const auto& [each, value] : query) {
    if (each == name) return value;
  }
  return "";
}

HttpRequest parse_request(const std::string& head) {
  const std::string line = head.substr(0, head.find("\r\n"));
  const std::size_t first = line.find(' ');
  const std::size_t last = line.rfind(' ');
  if (first == std::string::npos || last == first || line.compare(last + 1, 5, "HTTP/") != 0 || line[first + 1] != '/')
    throw value_error("this is no HTTP request");
  const std::string target = line.substr(first + 1, last - first - 1);
  const std::size_t question = target.find('?');
  HttpRequest request;
  request.method = line.substr(0, first);
  request.path = url_decoded(target.substr(0, question));
  if (question != std::string::npos) request.query = query_of(target.substr(question + 1));
  request.authorization = header(head, "authorization");
  return request;
}

}  // namespace plait::dashboard
