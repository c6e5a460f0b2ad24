// What a client asks its cluster, what programs share there, and what workers call beside their tasks.
#include <fmt/format.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include "cluster/failures.h"
#include "cluster_calls.h"
#include "cluster_client.h"
#include "gil.h"
#include "plain_data.h"
#include "task_call.h"
#include "values.h"

namespace plait::python {
namespace {

std::uint64_t number_in(const cluster::PlainData& arguments, const std::string& name, std::uint64_t otherwise) {
  const auto* number = std::get_if<std::int64_t>(&cluster::entry(arguments, name).held);
  return number ? static_cast<std::uint64_t>(*number) : otherwise;
}

// Questions that the state machine answers when it has done something.
std::optional<message::FromClient> request_of(const std::string& what, const cluster::PlainData& arguments) {
  const Keys keys = cluster::texts_of(cluster::entry(arguments, "keys"));
  const Keys workers = cluster::texts_of(cluster::entry(arguments, "workers"));
  if (what == "replicate")
    return message::Replicate{0, keys, static_cast<std::uint32_t>(number_in(arguments, "n", 0)), workers};
  if (what == "rebalance") return message::Rebalance{0, keys, workers};
  if (what == "retire") {
    const auto* close = std::get_if<bool>(&cluster::entry(arguments, "close").held);
    return message::Retire{0, workers, !close || *close};
  }
  if (what == "restart") return message::Restart{0};
  return std::nullopt;
}

template <class E>
E enumerator_named(const char* what, const std::string& name, std::initializer_list<const char*> names) {
  std::size_t place = 0;
  for (const char* each : names) {
    if (name == each) return static_cast<E>(place);
    ++place;
  }
  throw value_error(fmt::format("a cluster knows no {} '{}'", what, name));
}

KernelCall one_call(nb::handle function, const nb::tuple& arguments, const nb::dict& kwargs) {
  nb::list calls;
  calls.append(arguments);
  return python_calls({Shared<TravellingFunction>(TravellingFunction::of(function)), Shared<PyRef>(PyRef(kwargs)),
                       PyRef(calls), 0, false});
}

}  // namespace

nb::object ask(PythonClient& client, const std::string& what, const nb::object& arguments) {
  const cluster::PlainData told = plain_from_python(arguments);
  cluster::PlainData answer;
  {
    const NoGil no_gil;
    if (const auto request = request_of(what, told)) {
      const message::Done done = (*client).request(*request, check_signals);
      if (!done.ok) throw value_error(done.text);
      answer = cluster::list_of(done.names);
    } else {
      answer = (*client).ask(what, told, check_signals);
    }
  }
  return plain_to_python(answer);
}

nb::tuple share(PythonClient& client, const std::string& kind, const std::string& action, const Keys& names,
                std::uint32_t limit, std::uint32_t count, std::optional<double> timeout, std::uint64_t owner,
                const nb::bytes& data, const Keys& keys) {
  message::ObjectRequest request{
      .kind = enumerator_named<message::ObjectKind>("shared object", kind,
                                                    {"lock", "semaphore", "event", "queue", "variable", "dataset"}),
      .action = enumerator_named<message::ObjectAction>("action", action,
                                                        {"acquire", "release", "get", "put", "remove", "info"}),
      .names = names,
      .limit = limit,
      .count = count,
      .timeout_ns = timeout ? static_cast<Time>(*timeout * 1e9) : -1,
      .owner = owner,
      .item = {{reinterpret_cast<const std::uint8_t*>(data.c_str()),
                reinterpret_cast<const std::uint8_t*>(data.c_str()) + data.size()},
               keys}};
  message::ObjectReply reply;
  {
    const NoGil no_gil;
    reply = (*client).request_object(std::move(request), check_signals);
  }
  nb::list items;
  for (const message::Item& item : reply.items)
    items.append(nb::make_tuple(nb::bytes(reinterpret_cast<const char*>(item.bytes.data()), item.bytes.size()),
                                nb::cast(item.keys)));
  return nb::make_tuple(reply.ok, reply.number, items, nb::cast(reply.names));
}

void greet(PythonClient& client, const std::string& name, nb::handle function, const nb::tuple& arguments) {
  std::optional<KernelCall> call;
  if (!function.is_none()) call = one_call(function, arguments, nb::dict());
  const NoGil no_gil;
  (*client).greet(name, call, check_signals);
}

nb::dict run(PythonClient& client, nb::handle function, const nb::tuple& arguments, const nb::dict& kwargs,
             const std::optional<std::vector<std::string>>& workers) {
  const KernelCall call = one_call(function, arguments, kwargs);
  std::vector<cluster::WorkerAnswer> answers;
  {
    const NoGil no_gil;
    answers = (*client).call(call, workers, check_signals);
  }
  nb::dict results;
  for (const cluster::WorkerAnswer& answer : answers) {
    results[answer.worker.c_str()] = answer.ok ? nb::make_tuple(true, to_python(answer.parcel.value()))
                                               : nb::make_tuple(false, exception_of(cluster::fault_in(answer.parcel)));
  }
  return results;
}

}  // namespace plait::python
