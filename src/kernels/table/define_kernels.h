// How functions on tables become kernels: for the .cpp files that define some.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "base/kernel.h"
#include "kernels/table/table_value.h"

namespace plait::table_kernels {

inline const Table& table_at(Inputs inputs, std::size_t i) {
  if (i >= inputs.size())
    throw type_error("a table kernel got " + std::to_string(inputs.size()) + " inputs; expected more");
  const Table* table = inputs[i].get_if<Table>();
  if (!table)
    throw type_error(
        "a partition is a " + inputs[i].describe() +
        " with values that have no native type, but the plan expected native ones: the function that made it "
        "gave another type than its meta= (or than its result for made-up rows) says; say meta=, or convert "
        "the result with astype");
  return *table;
}

// Inputs from `first` on; a Sequence stands for its items, so that shuffled parts can be given whole.
inline std::vector<Table> tables_from(Inputs inputs, std::size_t first = 0) {
  std::vector<Table> tables;
  for (std::size_t i = first; i < inputs.size(); ++i) {
    if (const auto* sequence = inputs[i].get_if<Sequence>()) {
      for (const Value& item : sequence->items) tables.push_back(item.as<Table>());
    } else {
      tables.push_back(table_at(inputs, i));
    }
  }
  return tables;
}

inline Value sequence_of(std::vector<Table> tables) {
  Sequence sequence;
  for (Table& table : tables) sequence.items.push_back(Value::of(std::move(table)));
  return Value::of(std::move(sequence));
}

// One table in, one out.
template <class P>
void one(KernelId<P>& id, const char* doc, Table (*f)(const Table&, const P&)) {
  define(id, doc, [f](Inputs inputs, const P& params, const TaskContext& context) {
    context.check_cancelled();
    return Value::of(f(table_at(inputs, 0), params));
  });
}
inline void plain(KernelId<>& id, const char* doc, Table (*f)(const Table&)) {
  define(id, doc, [f](Inputs inputs, const TaskContext& context) {
    context.check_cancelled();
    return Value::of(f(table_at(inputs, 0)));
  });
}
// Two tables in.
template <class P>
void two(KernelId<P>& id, const char* doc, Table (*f)(const Table&, const Table&, const P&)) {
  define(id, doc, [f](Inputs inputs, const P& params, const TaskContext& context) {
    context.check_cancelled();
    return Value::of(f(table_at(inputs, 0), table_at(inputs, 1), params));
  });
}
// Any number of tables in.
template <class P>
void many(KernelId<P>& id, const char* doc, Table (*f)(const std::vector<Table>&, const P&)) {
  define(id, doc, [f](Inputs inputs, const P& params, const TaskContext& context) {
    context.check_cancelled();
    return Value::of(f(tables_from(inputs), params));
  });
}
// One table in, several out.
template <class P>
void split(KernelId<P>& id, const char* doc, std::vector<Table> (*f)(const Table&, const P&)) {
  define(id, doc, [f](Inputs inputs, const P& params, const TaskContext& context) {
    context.check_cancelled();
    return sequence_of(f(table_at(inputs, 0), params));
  });
}

}  // namespace plait::table_kernels
