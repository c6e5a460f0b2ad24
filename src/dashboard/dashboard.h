// The page that shows a cluster at work, and what programs read of it: /status, /metrics (Prometheus), /health,
// /json/...
//
// It is served by a thread of its own. Everything but /health wants the token, which the link carries; a browser keeps
// it in the page's address. Nothing is loaded from elsewhere.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "dashboard/http_server.h"
#include "dashboard/snapshot.h"

namespace plait::dashboard {

// Called on the dashboard's thread whenever somebody looks.
using TakeSnapshot = std::function<Snapshot()>;

class Dashboard {
 public:
  // Listens on 127.0.0.1, on another port if `port` is taken. Throws Error(io).
  Dashboard(std::uint16_t port, std::string token, TakeSnapshot take);

  std::uint16_t port() const { return server_.port(); }

 private:
  HttpServer server_;
};

// What it answers.
HttpResponse answer(const HttpRequest& request, const std::string& token, const TakeSnapshot& take);

// The page of /status.
const std::string& status_page();

}  // namespace plait::dashboard
