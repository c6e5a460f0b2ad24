#include "collections/dataframe/read_csv.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <set>
#include <thread>

#include "base/text.h"

namespace plait {
namespace {

std::string files_text(const CsvScan& scan) {
  if (scan.files.size() == 1) return scan.files.front();
  return fmt::format("{} files", scan.files.size());
}

// Scans by the token of what the user asked for, with the widest types found so far.
class LatestScans {
 public:
  static LatestScans& instance() {
    static auto* latest = new LatestScans;
    return *latest;
  }

  void put(const Token& asked, CsvScanPtr scan) {
    std::lock_guard lock(mutex_);
    by_request_[asked] = std::move(scan);
  }
  CsvScanPtr get(const Token& asked) {
    std::lock_guard lock(mutex_);
    const auto found = by_request_.find(asked);
    return found == by_request_.end() ? CsvScanPtr() : found->second;
  }
  bool is_empty() {
    std::lock_guard lock(mutex_);
    return by_request_.empty();
  }

 private:
  std::mutex mutex_;
  std::map<Token, CsvScanPtr> by_request_;
};

// Names the files and options, whatever the blocks and what was learnt of the types.
Token request_token(const CsvScan& scan) {
  CsvOptions options = scan.options;
  options.exact_split = false;
  Encoder to;
  encode(to, options);
  encode(to, scan.files);
  encode(to, scan.stamps);
  return hash_record(to.take());
}

ExprPtr with_scan(const ReadCsv& reader, CsvScan scan) {
  return make_expr<ReadCsv>(CsvScanPtr(std::move(scan)), reader.columns, reader.encoded);
}

bool has_file(const CsvScan& scan, const std::string& path) {
  return std::find(scan.files.begin(), scan.files.end(), path) != scan.files.end();
}

// An integer beyond 64 bits is one of Python's to pandas. As text it would pass for something else.
bool is_beyond(const CsvColumn& column) {
  const std::uint32_t kinds = column.evidence.kinds;
  return !column.given && !column.parse_date && (kinds & CsvEvidence::beyond_uint64) != 0 &&
         (kinds & (CsvEvidence::text | CsvEvidence::truth)) == 0;
}

void require_held(const CsvColumn& column, const std::string& files) {
  if (!is_beyond(column)) return;
  throw value_error(
      fmt::format("read_csv: column '{0}' of {1} has an integer beyond 64 bits; say what it is to be: dtype={{'{0}': "
                  "'str'}} or dtype={{'{0}': 'float64'}}",
                  column.name, files));
}

// What the failed run has shown, added to `scan`; nothing if the failure says nothing of these files.
std::optional<CsvScan> mended(const CsvScan& scan, const Fault& fault) {
  if (const auto* widening = fault.detail.get_if<SchemaWidening>(); widening && has_file(scan, widening->path)) {
    CsvScan better = scan;
    better.schema.widen(widening->column, widening->evidence);
    // No type holds it: the error of the run names the place.
    if (is_beyond(better.schema.columns[better.schema.index_of(widening->column)])) return std::nullopt;
    return better;
  }
  if (const auto* wrong = fault.detail.get_if<WrongCsvSplit>(); wrong && has_file(scan, wrong->path)) {
    if (!scan.options.exact_split) return with_exact_split(scan);
  }
  return std::nullopt;
}

bool is_same(const CsvScan& a, const CsvScan& b) { return tokenize("scan", a) == tokenize("scan", b); }

Value read_block(Inputs, const CsvBlockRead& params, const TaskContext&) {
  return Value::of(read_csv_block(*params.scan, params.block, params.columns, params.encoded));
}

}  // namespace

std::string ReadCsv::describe() const { return fmt::format("{}, columns={}", files_text(*scan), columns); }

MetaPtr ReadCsv::infer_meta() const {
  const auto npartitions = std::max<std::int64_t>(1, static_cast<std::int64_t>(scan->split.blocks.size()));
  const Schema schema = csv_table_schema(*scan, columns);
  const auto of_all = std::max<std::uint64_t>(1, bytes_per_row(csv_table_schema(*scan, scan->split.names)));
  const double share = static_cast<double>(bytes_per_row(schema)) / static_cast<double>(of_all);
  const double num_bytes = share * static_cast<double>(csv_bytes(*this));
  return make_frame_meta(Table::empty(schema), npartitions, {}, static_cast<std::uint64_t>(num_bytes) + 1);
}

BlockTask ReadCsv::block_task(std::int64_t block) const {
  // Files without a row have no block, yet the frame has a partition.
  if (scan->split.blocks.empty()) {
    return {.call = literal_kernel(Value::of(Table::empty(csv_table_schema(*scan, columns))))};
  }
  return {.call = read_csv_block_kernel({scan, scan->split.blocks[static_cast<std::size_t>(block)], columns, encoded})};
}

ExprPtr ReadCsv::narrowed(const Wanted& wanted) const {
  if (wanted.all_columns) return nullptr;
  std::vector<std::string> kept;
  for (const std::string& column : columns) {
    if (wanted.has(column)) kept.push_back(column);
  }
  return kept.size() == columns.size() ? nullptr : make_expr<ReadCsv>(scan, kept);
}

void register_read_csv_kernels() {
  register_csv_details();
  define(read_csv_block_kernel, "The rows of one block of a CSV file.", read_block);
}

std::int64_t default_csv_blocksize() {
  const auto memory = static_cast<std::int64_t>(::sysconf(_SC_PHYS_PAGES)) * ::sysconf(_SC_PAGE_SIZE);
  const auto cores = std::max<std::int64_t>(1, std::thread::hardware_concurrency());
  return std::min<std::int64_t>(memory / cores / 10, 64'000'000);
}

ExprPtr read_csv_expr(const std::vector<std::string>& paths, const CsvOptions& options, std::int64_t blocksize,
                      const std::vector<std::string>& columns) {
  CsvScan scan = scan_csv(paths, options, blocksize);
  if (const CsvScanPtr latest = LatestScans::instance().get(request_token(scan))) scan.schema = latest->schema;
  const std::vector<std::string> names = scan.split.names;
  std::vector<std::string> kept = columns.empty() ? names : std::vector<std::string>{};
  const std::set<std::string> known(names.begin(), names.end());
  const std::set<std::string> wanted(columns.begin(), columns.end());
  for (const std::string& column : columns) {
    if (!known.contains(column)) {
      throw value_error(fmt::format("read_csv: usecols names the column '{}', which {} does not have{}", column,
                                    files_text(scan), did_you_mean(column, names)));
    }
  }
  // As in pandas: the order of the file, not that of usecols.
  for (const std::string& name : names) {
    if (wanted.contains(name)) kept.push_back(name);
  }
  for (const std::string& name : kept) require_held(scan.schema.columns[scan.schema.index_of(name)], files_text(scan));
  return make_expr<ReadCsv>(CsvScanPtr(std::move(scan)), std::move(kept));
}

std::int64_t csv_bytes(const ReadCsv& reader) {
  std::int64_t bytes = 0;
  for (std::size_t i = 0; i < reader.scan->stamps.size(); i += 2) bytes += reader.scan->stamps[i];
  return bytes;
}

ExprPtr with_blocksize(const ReadCsv& reader, std::int64_t blocksize) {
  return with_scan(reader, with_blocksize(*reader.scan, blocksize));
}

ExprPtr with_latest_schemas(const ExprPtr& expr) {
  if (LatestScans::instance().is_empty()) return expr;
  return rewrite({expr},
                 [](const ExprPtr& node) -> ExprPtr {
                   const auto* reader = dynamic_cast<const ReadCsv*>(node.get());
                   if (!reader) return node;
                   const CsvScanPtr latest = LatestScans::instance().get(request_token(*reader->scan));
                   if (!latest) return node;
                   CsvScan renewed = *reader->scan;
                   renewed.schema = latest->schema;
                   if (latest->options.exact_split && !renewed.options.exact_split) renewed = with_exact_split(renewed);
                   return is_same(renewed, *reader->scan) ? node : with_scan(*reader, std::move(renewed));
                 })
      .front();
}

std::optional<Roots> repair_csv(const Fault& fault, const Roots& roots) {
  bool changed = false;
  Roots better = rewrite(roots, [&](const ExprPtr& node) -> ExprPtr {
    const auto* reader = dynamic_cast<const ReadCsv*>(node.get());
    if (!reader) return node;
    CsvScan scan = *reader->scan;
    // Another reader of the same files may have been mended by an earlier failure.
    if (const CsvScanPtr latest = LatestScans::instance().get(request_token(scan))) scan.schema.merge(latest->schema);
    std::optional<CsvScan> renewed = mended(scan, fault);
    if (!renewed || is_same(*renewed, *reader->scan)) return node;
    changed = true;
    LatestScans::instance().put(request_token(*renewed), CsvScanPtr(*renewed));
    return with_scan(*reader, std::move(*renewed));
  });
  if (!changed) return std::nullopt;
  return better;
}

}  // namespace plait
