#include "dashboard/dashboard.h"

#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>

#include <optional>

#include "cluster.h"
#include "cluster/token_file.h"
#include "dashboard/cluster_snapshot.h"
#include "gil.h"

namespace plait::python {
namespace {

namespace nb = nanobind;

constexpr auto kTimeout = std::chrono::seconds(30);

// A client of its own asks the scheduler, so that who looks holds nobody up.
class ClusterDashboard {
 public:
  ClusterDashboard(const std::string& address, const std::optional<std::string>& token_file, std::uint16_t port,
                   const std::string& token) {
    const NoGil no_gil;
    client_ = cluster::ClientCore::connect(address, token_file ? cluster::token_in(*token_file) : cluster::user_token(),
                                           "dashboard", kTimeout);
    dashboard_.emplace(port, token, [client = client_] { return dashboard::snapshot_of(*client); });
    port_ = dashboard_->port();
  }
  ~ClusterDashboard() { close(); }

  void close() {
    const NoGil no_gil;
    client_->close();
    dashboard_.reset();
  }
  std::uint16_t port() const { return port_; }

 private:
  cluster::ClientPtr client_;
  std::optional<dashboard::Dashboard> dashboard_;
  std::uint16_t port_ = 0;
};

}  // namespace

void bind_dashboard(nb::module_& m) {
  nb::class_<ClusterDashboard>(m, "Dashboard", "The page that shows a cluster at work.")
      .def(nb::init<const std::string&, const std::optional<std::string>&, std::uint16_t, const std::string&>(),
           nb::arg("address"), nb::arg("token_file").none(), nb::arg("port"), nb::arg("token"))
      .def_prop_ro("port", &ClusterDashboard::port)
      .def("close", &ClusterDashboard::close);
}

}  // namespace plait::python
