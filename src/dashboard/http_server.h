// A small HTTP server on the loopback address, for pages that one user looks at: one thread, GET requests, one answer a
// connection. What a peer may claim is bounded: a request has 16 KiB and five seconds, and 64 connections are open at a
// time; others wait their turn.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace plait::dashboard {

struct HttpRequest {
  std::string method;
  std::string path;  // decoded, without the query
  std::vector<std::pair<std::string, std::string>> query;
  std::string authorization;  // the header of that name

  // The value of a query's name; empty if it is not there.
  std::string query_value(const std::string& name) const;
};

struct HttpResponse {
  int status = 200;
  std::string content_type = "text/html; charset=utf-8";
  std::string body;
  std::string location;  // of a redirection
};

// Called on the server's thread.
using HttpHandler = std::function<HttpResponse(const HttpRequest&)>;

// The request of the bytes up to the empty line. Throws Error(value) for what is no HTTP.
HttpRequest parse_request(const std::string& head);

class HttpServer {
 public:
  // Listens on 127.0.0.1: on `port`, or on any that is free if that is 0 or taken. Throws Error(io).
  HttpServer(std::uint16_t port, HttpHandler handler);
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;
  // Closes all connections and waits for the thread, which finishes the answer that it is making.
  ~HttpServer();

  std::uint16_t port() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace plait::dashboard
