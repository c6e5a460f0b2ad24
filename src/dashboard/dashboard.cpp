#include "dashboard/dashboard.h"

#include <map>

namespace plait::dashboard {
namespace {

constexpr auto kJson = "application/json";
constexpr auto kPlain = "text/plain; charset=utf-8";

// Takes as long for a wrong token as for the right one.
bool is_same(const std::string& a, const std::string& b) {
  if (a.size() != b.size()) return false;
  unsigned difference = 0;
  for (std::size_t i = 0; i < a.size(); ++i) difference |= static_cast<unsigned>(a[i] ^ b[i]);
  return difference == 0;
}

bool has_token(const HttpRequest& request, const std::string& token) {
  const std::string bearer = "Bearer ";
  return is_same(request.query_value("token"), token) || is_same(request.authorization, bearer + token);
}

HttpResponse index() {
  std::string list;
  for (const char* path : {"counts.json", "identity.json", "snapshot.json"})
    list += std::string("<li>") + path + "</li>";
  return {200, "text/html; charset=utf-8", "<!DOCTYPE html><title>JSON</title><ul>" + list + "</ul>", ""};
}

using Answer = HttpResponse (*)(const TakeSnapshot&);

const std::map<std::string, Answer>& routes() {
  static const auto* table = new std::map<std::string, Answer>{
      {"/status", [](const TakeSnapshot&) { return HttpResponse{.body = status_page()}; }},
      {"/metrics",
       [](const TakeSnapshot& take) { return HttpResponse{200, "text/plain; version=0.0.4", as_metrics(take()), ""}; }},
      {"/json/index.html", [](const TakeSnapshot&) { return index(); }},
      {"/json/counts.json", [](const TakeSnapshot& take) { return HttpResponse{200, kJson, counts_json(take()), ""}; }},
      {"/json/identity.json",
       [](const TakeSnapshot& take) { return HttpResponse{200, kJson, identity_json(take()), ""}; }},
      {"/json/snapshot.json", [](const TakeSnapshot& take) { return HttpResponse{200, kJson, as_json(take()), ""}; }},
  };
  return *table;
}

}  // namespace

HttpResponse answer(const HttpRequest& request, const std::string& token, const TakeSnapshot& take) {
  if (request.path == "/health") return {200, kPlain, "ok", ""};
  if (!has_token(request, token))
    return {401, kPlain, "this page wants the token: open the address that client.dashboard_link says\n", ""};
  if (request.path == "/") return {302, kPlain, "", "/status?token=" + token};
  const auto found = routes().find(request.path);
  if (found == routes().end())
    return {404, kPlain, "there is no such page; there are /status, /metrics, /health and /json/index.html\n", ""};
  return found->second(take);
}

Dashboard::Dashboard(std::uint16_t port, std::string token, TakeSnapshot take)
    : server_(port, [token = std::move(token), take = std::move(take)](const HttpRequest& request) {
        return answer(request, token, take);
      }) {}

}  // namespace plait::dashboard
