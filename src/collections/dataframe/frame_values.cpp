#include "collections/dataframe/frame_values.h"

#include <fmt/format.h>

#include <cstring>
#include <optional>

#include "collections/source_line.h"
#include "plait/frame_values.h"

namespace plait {
namespace {

struct ValuesParams {
  DType dtype = DType::float64;
  std::int64_t columns = 0;  // 0: one axis
  std::int64_t rows = kUnknownExtent;
  static constexpr auto fields = std::tuple{&ValuesParams::dtype, &ValuesParams::columns, &ValuesParams::rows};
};
constinit KernelId<ValuesParams> values_kernel{"frame_values"};

// Elements of `from`, one a row, `bytes_apart` in `to`.
template <class T>
void copy_apart(const NdArray& from, std::byte* to, std::size_t bytes_apart) {
  const std::byte* values = from.bytes();
  for (std::int64_t i = 0; i < from.size(); ++i)
    std::memcpy(to + static_cast<std::size_t>(i) * bytes_apart, values + static_cast<std::size_t>(i) * sizeof(T),
                sizeof(T));
}

void copy_column(const NdArray& from, std::byte* to, std::size_t bytes_apart) {
  switch (item_size(from.dtype())) {
    case 1:
      return copy_apart<std::uint8_t>(from, to, bytes_apart);
    case 2:
      return copy_apart<std::uint16_t>(from, to, bytes_apart);
    case 4:
      return copy_apart<std::uint32_t>(from, to, bytes_apart);
    default:
      return copy_apart<std::uint64_t>(from, to, bytes_apart);
  }
}

Value values_of_partition(Inputs inputs, const ValuesParams& params, const TaskContext& context) {
  const Table& table = inputs[0].as<Table>();
  const std::int64_t rows = table.num_rows();
  if (params.rows != kUnknownExtent && rows != params.rows)
    throw value_error(
        fmt::format("to_dask_array: partition {} has {} rows, but lengths say {}", context.block(), rows, params.rows));
  const auto values = [&](const std::string& name) {
    return table.column(name).as_ndarray().astype(params.dtype).contiguous();
  };
  const std::vector<std::string> names = table.names();
  if (params.columns == 0) return Value::of(values(names.at(0)));
  NdArray out = NdArray::empty(params.dtype, {rows, params.columns});
  const std::size_t item = item_size(params.dtype);
  for (std::size_t j = 0; j < names.size(); ++j)
    copy_column(values(names[j]), out.mutable_bytes() + j * item, names.size() * item);
  return Value::of(out);
}

// The type that all columns go into; none where one has another form.
std::optional<DType> common_dtype(const Schema& schema) {
  std::optional<DType> common;
  bool is_first = true, are_truths = false;
  for (const std::string& name : schema.names()) {
    const ColumnType& type = schema.field(name).type;
    const bool is_truth = type.kind == TypeKind::bool_;
    if (type.family != TypeFamily::numpy || !(is_truth || is_numeric(type.kind))) return std::nullopt;
    if (!is_first && is_truth != are_truths) return std::nullopt;
    const DType own = numpy_dtype(type);
    common = is_first ? own : promote(*common, own);
    are_truths = is_truth;
    is_first = false;
  }
  return common;
}

}  // namespace

MetaPtr FrameValues::infer_meta() const {
  const FrameMeta& meta = frame_meta(frame);
  const std::optional<DType> dtype = common_dtype(meta.schema());
  if (!dtype) throw NoNativeForm("the values of columns that are no numbers of NumPy's types");
  if (static_cast<std::int64_t>(lengths.size()) != meta.npartitions())
    throw value_error(fmt::format("to_dask_array: {} lengths are given, but there are {} partitions", lengths.size(),
                                  meta.npartitions()));
  Chunks chunks{lengths};
  if (meta.form() == TableForm::frame) chunks.push_back({static_cast<std::int64_t>(meta.schema().names().size())});
  return make_array_meta(*dtype, std::move(chunks));
}

BlockTask FrameValues::block_task(std::int64_t block) const {
  const auto& known = static_cast<const ArrayMeta&>(meta());
  const std::int64_t columns = known.ndim() == 1 ? 0 : known.shape()[1];
  return {.call = values_kernel({known.dtype(), columns, lengths[static_cast<std::size_t>(block)]}),
          .inputs = {{0, block}},
          .output_bytes = known.block_bytes(block)};
}

Array values_of(const FrameBase& frame, const std::vector<std::int64_t>& lengths, Location where) {
  const SourceScope scope = source_scope(where);
  std::vector<std::int64_t> known = lengths;
  if (known.empty()) known.assign(static_cast<std::size_t>(frame.npartitions()), kUnknownExtent);
  return Array(make_expr<FrameValues>(frame.expr(), std::move(known)));
}

void register_frame_values_kernel() { define(values_kernel, "The values of a partition.", values_of_partition); }

}  // namespace plait
