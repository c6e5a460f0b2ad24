// Frames of partitions that exist already, and functions of another language on partitions.
#pragma once

#include <string>
#include <vector>

#include "plait/dataframe.h"

namespace plait {

// Partitions are tables, or objects of another language where columns have no native form; `meta` is a table without
// rows that says what they hold.
PLAIT_API AnyFrame from_partitions(std::vector<Value> partitions, const Table& meta,
                                   std::vector<Literal> divisions = {}, Location where = Location::current());

// The rows of a frame, series or index, cut into partitions (plait/row_cuts.h).
PLAIT_API AnyFrame from_table(const Table& table, const CutOptions& how = {}, Location where = Location::current());

// The same rows cut at labels: partition i holds those from divisions[i] up to divisions[i + 1], the last one with its
// end. With `force` they may begin before and end behind the frame's own. Throws Error(value) where the frame's
// divisions are not known, or the given ones are in no order or leave rows out.
PLAIT_API AnyFrame repartition_at(const FrameBase& frame, const std::vector<Literal>& divisions, bool force = false,
                                  Location where = Location::current());

// The same rows in partitions of at most `limit` bytes, where each partition has so many: larger ones are cut evenly,
// neighbours that are smaller are put together.
PLAIT_API AnyFrame repartition_by_size(const FrameBase& frame, const std::vector<double>& bytes, double limit,
                                       Location where = Location::current());

struct ForeignCall {
  std::string label;
  bool is_pandas = false;  // pandas does an operation of ours; else it is the user's own function
  bool keeps_divisions = true;
  bool takes_everything = false;  // one call with all partitions, frame after frame; else one a partition
  bool aligns = false;            // partitions of the same number hold the same labels
  std::string reason;             // why there is no native form; explain() shows it
};
// `function` is a value of the other language. Frames of one partition serve every call.
PLAIT_API AnyFrame call_foreign(const std::vector<FrameBase>& inputs, const Value& function, const Table& meta,
                                const ForeignCall& how, Location where = Location::current());

}  // namespace plait
