#include "plait/partitions.h"

#include "collections/dataframe/align.h"
#include "collections/dataframe/api/building.h"
#include "collections/dataframe/python_call.h"
#include "collections/dataframe/repartition.h"
#include "collections/dataframe/sources.h"
#include "collections/start.h"

namespace plait {

AnyFrame from_partitions(std::vector<Value> partitions, const Table& meta, std::vector<Literal> divisions,
                         Location where) {
  start();
  const SourceScope scope = source_scope(where);
  return any_frame(make_expr<FromTables>(std::move(partitions), meta, std::move(divisions)));
}

AnyFrame from_table(const Table& table, const CutOptions& how, Location where) {
  start();
  const SourceScope scope = source_scope(where);
  return any_frame(from_table_expr(table, how));
}

AnyFrame repartition_at(const FrameBase& frame, const std::vector<Literal>& divisions, bool force, Location where) {
  const SourceScope scope = source_scope(where);
  require_native({frame.meta()});
  return any_frame(repartition_at_expr(frame.expr(), divisions, force));
}

AnyFrame repartition_by_size(const FrameBase& frame, const std::vector<double>& bytes, double limit, Location where) {
  const SourceScope scope = source_scope(where);
  require_native({frame.meta()});
  return any_frame(repartition_by_size_expr(frame.expr(), bytes, limit));
}

AnyFrame call_foreign(const std::vector<FrameBase>& inputs, const Value& function, const Table& meta,
                      const ForeignCall& how, Location where) {
  const SourceScope scope = source_scope(where);
  std::vector<ExprPtr> exprs;
  for (const FrameBase& input : inputs) exprs.push_back(input.expr());
  if (how.aligns) exprs = cut_alike(std::move(exprs), how.label);
  const Shared<Value> called(function);
  if (how.takes_everything)
    return any_frame(make_expr<PythonWhole>(std::move(exprs), called, meta, how.label, how.reason));
  return any_frame(
      make_expr<PythonCall>(std::move(exprs), called, meta, how.label, how.is_pandas, how.keeps_divisions, how.reason));
}

}  // namespace plait
