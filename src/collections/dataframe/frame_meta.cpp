#include "collections/dataframe/frame_meta.h"

#include <fmt/format.h>

#include <algorithm>

namespace plait {
namespace {

std::string describe_columns(const Schema& schema) {
  std::string text;
  for (const Field& field : schema.columns) {
    if (text.size() > 80) return text + ", ...";
    text += fmt::format("{}{}: {}", text.empty() ? "" : ", ", field.name, name(field.type));
  }
  return text;
}

std::string_view form_name(TableForm form) {
  switch (form) {
    case TableForm::frame:
      return "frame";
    case TableForm::series:
      return "series";
    case TableForm::index:
      return "index";
    case TableForm::scalar:
      break;
  }
  return "scalar";
}

}  // namespace

FrameMeta::FrameMeta(Table empty, std::int64_t npartitions, Divisions divisions, std::uint64_t estimated_bytes)
    : empty_(std::move(empty)),
      npartitions_(npartitions),
      divisions_(std::move(divisions)),
      estimated_bytes_(estimated_bytes) {
  PLAIT_CHECK(divisions_.empty() || static_cast<std::int64_t>(divisions_.size()) == npartitions_ + 1);
}

std::string FrameMeta::describe() const {
  if (form() == TableForm::scalar) return fmt::format("scalar {}", describe_columns(schema()));
  return fmt::format("{} ({}) in {} partition{}", form_name(form()), describe_columns(schema()), npartitions_,
                     npartitions_ == 1 ? "" : "s");
}

void FrameMeta::encode_fields(Encoder& to) const {
  encode(to, empty_);
  encode(to, npartitions_);
  encode(to, divisions_);
  encode(to, estimated_bytes_);
}
MetaPtr FrameMeta::read(Decoder& from) {
  auto empty = decode<Table>(from);
  const auto npartitions = decode<std::int64_t>(from);
  auto divisions = decode<Divisions>(from);
  return make_frame_meta(std::move(empty), npartitions, std::move(divisions), decode<std::uint64_t>(from));
}

Value FrameMeta::assemble(std::vector<Value> blocks) const {
  if (blocks.size() == 1) return blocks.front();
  std::vector<Table> tables;
  for (const Value& block : blocks) {
    // A partition that is no table (a Python object) cannot be put together here: the caller does it.
    const auto* table = block.get_if<Table>();
    if (!table) return Value::of(Sequence{std::move(blocks)});
    tables.push_back(*table);
  }
  return Value::of(concat(tables, partition_concat(form())));
}

ConcatParams partition_concat(TableForm form) {
  return {.ignore_index = form == TableForm::index, .are_partitions = true};
}

const FrameMeta& frame_meta(const ExprPtr& expr) {
  const auto* meta = dynamic_cast<const FrameMeta*>(&expr->meta());
  PLAIT_CHECK(meta != nullptr);
  return *meta;
}

bool is_frame(const Expr& expr) { return dynamic_cast<const FrameMeta*>(&expr.meta()) != nullptr; }

MetaPtr make_frame_meta(Table empty, std::int64_t npartitions, Divisions divisions, std::uint64_t estimated_bytes) {
  return std::make_shared<FrameMeta>(std::move(empty), npartitions, std::move(divisions), estimated_bytes);
}

MetaPtr with_schema(const FrameMeta& meta, Table empty) {
  const auto before = static_cast<double>(std::max<std::uint64_t>(1, bytes_per_row(meta.schema())));
  const double share = static_cast<double>(bytes_per_row(empty.schema())) / before;
  // What is known stays known: 0 would say that nothing is.
  const auto num_bytes =
      meta.estimated_bytes() == 0
          ? 0
          : std::max<std::uint64_t>(1, static_cast<std::uint64_t>(share * static_cast<double>(meta.estimated_bytes())));
  return make_frame_meta(std::move(empty), meta.npartitions(), meta.divisions(), num_bytes);
}

bool has_categories(const ExprPtr& expr) {
  const auto& columns = frame_meta(expr).schema().columns;
  return std::any_of(columns.begin(), columns.end(),
                     [](const Field& field) { return field.type.kind == TypeKind::category; });
}

bool finds_categories(const ExprPtr& expr) {
  const auto operands = expr->operands();
  return has_categories(expr) && std::ranges::none_of(operands, [](const ExprPtr& operand) {
           return is_frame(*operand) && has_categories(operand);
         });
}

std::uint64_t bytes_of_value(TypeKind kind) {
  switch (kind) {
    case TypeKind::bool_:
    case TypeKind::int8:
    case TypeKind::uint8:
      return 1;
    case TypeKind::int16:
    case TypeKind::uint16:
      return 2;
    case TypeKind::int32:
    case TypeKind::uint32:
    case TypeKind::float32:
    case TypeKind::date:
    case TypeKind::category:
      return 4;
    case TypeKind::string:
    case TypeKind::other:
      return 24;
    default:
      return 8;
  }
}

std::uint64_t bytes_per_row(const Schema& schema) {
  std::uint64_t num_bytes = 0;
  for (const Field& field : schema.columns) num_bytes += bytes_of_value(field.type.kind);
  return num_bytes;
}

}  // namespace plait
