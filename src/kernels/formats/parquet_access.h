// The Parquet library behind our readers: files opened, and its errors as ours. Include only in .cpp files.
//
// The library throws exceptions of several kinds and returns statuses; with `parquet_call` each becomes an Error(io)
// that names the file.
#pragma once

#include <arrow/result.h>
#include <parquet/file_reader.h>

#include <memory>
#include <new>
#include <string>
#include <utility>

#include "plait/error.h"

namespace plait {

[[noreturn]] void throw_unreadable_parquet(const std::string& path, const std::string& reason);

// What `call` returns: a plain value, or the one in an arrow::Result.
template <class Call>
auto parquet_call(const std::string& path, const Call& call) {
  try {
    auto result = call();
    if constexpr (requires { result.ValueUnsafe(); }) {
      if (!result.ok()) throw_unreadable_parquet(path, result.status().message());
      return std::move(result).ValueUnsafe();
    } else {
      return result;
    }
  } catch (const Error&) {
    throw;
  } catch (const std::bad_alloc&) {
    throw;
  } catch (const std::exception& error) {
    throw_unreadable_parquet(path, error.what());
  }
}

std::unique_ptr<parquet::ParquetFileReader> open_parquet(const std::string& path);

}  // namespace plait
