// KeyColumn: the values of one key column as codes 1, 2, 3, ...; 0 stands for a missing value (unless it is kept as a
// key) or for a value that find() does not know. Grows batch by batch. One thread adds; many may find.
#pragma once

#include <arrow/type_fwd.h>

#include <cstdint>
#include <memory>

namespace plait {

class KeyColumn {
 public:
  virtual ~KeyColumn() = default;

  // So many rows are to come, most of them with a key of their own.
  virtual void expect(std::int64_t /*num_rows*/) {}
  // These values are to come: there is room for all of them at once.
  virtual void make_room(const arrow::Array& /*values*/) {}
  virtual void add(const arrow::Array& values, std::uint32_t* codes) = 0;
  virtual void find(const arrow::Array& values, std::uint32_t* codes) const = 0;
  virtual std::uint32_t num_codes() const = 0;
  // Row c - 1 holds the value of code c; null for the missing key.
  virtual std::shared_ptr<arrow::Array> values() const = 0;
  // Whether every code has occurred in a row; categories have codes before they occur.
  virtual bool is_dense() const { return true; }
};

// For columns of this type: numbers, bools, dates and times, text, and dictionaries of those. Throws a type error else.
std::unique_ptr<KeyColumn> make_key_column(const std::shared_ptr<arrow::DataType>& type, bool keep_missing);

}  // namespace plait
