// NumPy's einsum: subscripts become names of axes, and operands are contracted two at a time.
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <map>

#include "collections/array/contract.h"
#include "collections/array/diagonal.h"
#include "collections/array/elementwise.h"
#include "collections/array/layout.h"
#include "collections/array/reduction.h"

namespace plait {
namespace {

using Names = std::vector<int>;

Error does_not_fit(const std::string& what) { return value_error("einsum: " + what); }

// "ij,jk->ik" as names: letters are their codes, the axes of an ellipsis -1, -2, ... counted from its end.
struct Subscripts {
  std::vector<Names> inputs;
  Names output;
};

Names names_of(const std::string& text, std::int64_t num_hidden) {
  Names names;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (std::isalpha(static_cast<unsigned char>(text[i]))) {
      names.push_back(text[i]);
    } else if (text.compare(i, 3, "...") == 0) {
      for (std::int64_t axis = num_hidden; axis > 0; --axis) names.push_back(static_cast<int>(-axis));
      i += 2;
    } else {
      throw does_not_fit(fmt::format("'{}' holds '{}', expected letters, '...', ',' and '->'", text, text[i]));
    }
  }
  return names;
}

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> parts = {""};
  for (char letter : text) {
    if (letter == ',')
      parts.emplace_back();
    else
      parts.back() += letter;
  }
  return parts;
}

bool has_ellipsis(const std::string& text) { return text.find("...") != std::string::npos; }

Subscripts parse(std::string text, const std::vector<ExprPtr>& operands) {
  std::erase(text, ' ');
  const std::size_t arrow = text.find("->");
  const std::vector<std::string> inputs = split(text.substr(0, arrow));
  if (inputs.size() != operands.size())
    throw does_not_fit(fmt::format("'{}' names {} operands, but {} are given", text, inputs.size(), operands.size()));
  Subscripts found;
  std::int64_t most_hidden = 0;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    const auto ndim = static_cast<std::int64_t>(array_meta(operands[i]).ndim());
    const auto named = static_cast<std::int64_t>(names_of(inputs[i], 0).size());
    const std::int64_t hidden = ndim - named;
    if (hidden < 0 || (hidden > 0 && !has_ellipsis(inputs[i]))) {
      throw does_not_fit(fmt::format("'{}' names {} axes, but operand {} has shape {}", inputs[i], named, i,
                                     to_string(array_meta(operands[i]).shape())));
    }
    most_hidden = std::max(most_hidden, hidden);
    found.inputs.push_back(names_of(inputs[i], hidden));
  }
  if (arrow != std::string::npos) {
    if (most_hidden > 0 && !has_ellipsis(text.substr(arrow)))
      throw does_not_fit(fmt::format("'{}' has axes under '...', but the result does not name them", text));
    found.output = names_of(text.substr(arrow + 2), most_hidden);
    return found;
  }
  // Without an arrow: the ellipsis, and in order every letter that stands once.
  std::map<int, int> counts;
  for (const Names& names : found.inputs) {
    for (int name : names) ++counts[name];
  }
  for (std::int64_t axis = most_hidden; axis > 0; --axis) found.output.push_back(static_cast<int>(-axis));
  for (const auto& [name, count] : counts) {
    if (name > 0 && count == 1) found.output.push_back(name);
  }
  return found;
}

std::string text_of(int name) { return name > 0 ? std::string(1, static_cast<char>(name)) : "..."; }

std::map<int, std::int64_t> extents_of(const std::vector<NamedAxes>& operands) {
  std::map<int, std::int64_t> extents;
  for (const NamedAxes& operand : operands) {
    const Shape& shape = array_meta(operand.array).shape();
    for (std::size_t axis = 0; axis < shape.size(); ++axis) {
      auto [at, is_new] = extents.try_emplace(operand.names[axis], shape[axis]);
      if (at->second == 1) at->second = shape[axis];
      if (shape[axis] != 1 && shape[axis] != at->second) {
        throw does_not_fit(
            fmt::format("axis '{}' has extents {} and {}", text_of(operand.names[axis]), at->second, shape[axis]));
      }
    }
  }
  return extents;
}

void check_output(const Subscripts& subscripts) {
  for (std::size_t i = 0; i < subscripts.output.size(); ++i) {
    const int name = subscripts.output[i];
    const auto holds = [&](const Names& names) { return std::find(names.begin(), names.end(), name) != names.end(); };
    if (std::none_of(subscripts.inputs.begin(), subscripts.inputs.end(), holds))
      throw does_not_fit(fmt::format("axis '{}' of the result is in no operand", text_of(name)));
    if (std::count(subscripts.output.begin(), subscripts.output.end(), name) > 1)
      throw does_not_fit(fmt::format("axis '{}' stands twice in the result", text_of(name)));
  }
}

// A name that stands twice is a diagonal; an axis of extent one that others have longer says nothing.
NamedAxes simplified(NamedAxes operand, const std::map<int, std::int64_t>& extents) {
  for (std::size_t i = 0; i < operand.names.size();) {
    const auto twin =
        std::find(operand.names.begin() + static_cast<std::ptrdiff_t>(i) + 1, operand.names.end(), operand.names[i]);
    if (twin == operand.names.end()) {
      ++i;
      continue;
    }
    const int name = operand.names[i];
    const auto second = static_cast<int>(twin - operand.names.begin());
    const Shape& shape = array_meta(operand.array).shape();
    if (shape[i] != shape[static_cast<std::size_t>(second)])
      throw does_not_fit(fmt::format("axis '{}' stands for extents {} and {} of one operand", text_of(name), shape[i],
                                     shape[static_cast<std::size_t>(second)]));
    operand.array = diagonal(std::move(operand.array), 0, static_cast<int>(i), second);
    operand.names.erase(operand.names.begin() + second);
    operand.names.erase(operand.names.begin() + static_cast<std::ptrdiff_t>(i));
    operand.names.push_back(name);
  }
  Axes dropped;
  Names kept;
  for (std::size_t axis = 0; axis < operand.names.size(); ++axis) {
    const bool says_nothing = array_meta(operand.array).shape()[axis] == 1 && extents.at(operand.names[axis]) != 1;
    if (says_nothing)
      dropped.push_back(static_cast<int>(axis));
    else
      kept.push_back(operand.names[axis]);
  }
  if (!dropped.empty()) operand.array = squeeze(std::move(operand.array), dropped);
  operand.names = std::move(kept);
  return operand;
}

// The names of a pair that the other operands or the result want, in the order of the pair.
Names wanted_of(const std::vector<NamedAxes>& operands, std::size_t i, std::size_t j, const Names& output) {
  Names others = output;
  for (std::size_t k = 0; k < operands.size(); ++k) {
    if (k != i && k != j) others.insert(others.end(), operands[k].names.begin(), operands[k].names.end());
  }
  Names wanted;
  for (const std::size_t k : {i, j}) {
    for (int name : operands[k].names) {
      const bool is_wanted = std::find(others.begin(), others.end(), name) != others.end();
      const bool is_new = std::find(wanted.begin(), wanted.end(), name) == wanted.end();
      if (is_wanted && is_new) wanted.push_back(name);
    }
  }
  return wanted;
}

// The pair whose product leaves least to those that remain.
std::pair<std::size_t, std::size_t> cheapest_pair(const std::vector<NamedAxes>& operands, const Names& output,
                                                  const std::map<int, std::int64_t>& extents) {
  const auto size_of = [&](const Names& names) {
    double size = 1;
    for (int name : names) size *= static_cast<double>(extents.at(name));
    return size;
  };
  std::pair<std::size_t, std::size_t> best = {0, 1};
  double least = 0;
  for (std::size_t i = 0; i < operands.size(); ++i) {
    for (std::size_t j = i + 1; j < operands.size(); ++j) {
      const double change =
          size_of(wanted_of(operands, i, j, output)) - size_of(operands[i].names) - size_of(operands[j].names);
      if ((i == 0 && j == 1) || change < least) {
        least = change;
        best = {i, j};
      }
    }
  }
  return best;
}

// One operand: what the result does not name is added up.
ExprPtr finished(NamedAxes operand, const Names& output) {
  Axes axes;
  Names kept;
  for (std::size_t axis = 0; axis < operand.names.size(); ++axis) {
    if (std::find(output.begin(), output.end(), operand.names[axis]) == output.end())
      axes.push_back(static_cast<int>(axis));
    else
      kept.push_back(operand.names[axis]);
  }
  if (!axes.empty()) {
    const DType dtype = array_meta(operand.array).dtype();
    operand.array = is_bool(dtype) ? reduce(ReduceOp::any, std::move(operand.array), {.axes = axes})
                                   : reduce(ReduceOp::sum, std::move(operand.array), {.axes = axes, .dtype = dtype});
  }
  Axes order;
  for (int name : output) order.push_back(static_cast<int>(std::find(kept.begin(), kept.end(), name) - kept.begin()));
  return transpose(std::move(operand.array), order);
}

}  // namespace

ExprPtr einsum(const std::string& text, const std::vector<ExprPtr>& arrays, std::optional<DType> dtype, bool optimize) {
  if (arrays.empty()) throw does_not_fit("no operands are given; give at least one");
  const Subscripts subscripts = parse(text, arrays);
  check_output(subscripts);
  DType common = array_meta(arrays[0]).dtype();
  for (const ExprPtr& array : arrays) common = promote(common, array_meta(array).dtype());
  std::vector<NamedAxes> operands;
  for (std::size_t i = 0; i < arrays.size(); ++i)
    operands.push_back({astype(arrays[i], dtype.value_or(common)), subscripts.inputs[i]});
  const std::map<int, std::int64_t> extents = extents_of(operands);
  for (NamedAxes& operand : operands) operand = simplified(std::move(operand), extents);
  while (operands.size() > 1) {
    const auto [i, j] =
        optimize ? cheapest_pair(operands, subscripts.output, extents) : std::pair<std::size_t, std::size_t>{0, 1};
    const Names wanted = wanted_of(operands, i, j, subscripts.output);
    NamedAxes product = contract(std::move(operands[i]), std::move(operands[j]), wanted);
    operands.erase(operands.begin() + static_cast<std::ptrdiff_t>(j));
    operands[i] = std::move(product);
  }
  return finished(std::move(operands[0]), subscripts.output);
}

}  // namespace plait
