#include "plait/config.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "base/settings.h"
#include "plait/error.h"

namespace plait::config {
namespace {

// Settings from a folder of this test only.
class Config : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::path(testing::TempDir()) / "plait_config_test";
    std::filesystem::create_directories(folder_);
    std::ofstream(folder_ / "a.yaml") << "spill:\n  directory: /from/file\nmemory_budget: 2 GiB\nlist: [1, 2]\n";
    ::setenv("PLAIT_CONFIG", folder_.c_str(), 1);
    refresh();
  }
  void TearDown() override {
    ::unsetenv("PLAIT_CONFIG");
    ::unsetenv("PLAIT_SPILL__DIRECTORY");
    refresh();
    std::filesystem::remove_all(folder_);
  }
  std::filesystem::path folder_;
};

TEST_F(Config, ReadsFiles) {
  EXPECT_EQ(get_string("spill.directory", ""), "/from/file");
  EXPECT_EQ(get_bytes("memory-budget", 0), std::int64_t{2} << 30);
  EXPECT_EQ(get("list"), "[1, 2]");
  EXPECT_EQ(get("no.such.name"), std::nullopt);
}

TEST_F(Config, TheEnvironmentGoesBeforeFiles) {
  ::setenv("PLAIT_SPILL__DIRECTORY", "/from/environment", 1);
  refresh();
  EXPECT_EQ(get_string("spill.directory", ""), "/from/environment");
}

TEST_F(Config, AScopeRestoresWhatWasThere) {
  {
    const std::map<std::string, std::string> settings = {{"spill.directory", "/from/scope"}, {"scheduler", "sync"}};
    const Scope scope(settings);
    EXPECT_EQ(get_string("spill.directory", ""), "/from/scope");
    EXPECT_EQ(get("scheduler"), "sync");
  }
  EXPECT_EQ(get_string("spill.directory", ""), "/from/file");
  EXPECT_EQ(get("scheduler"), std::nullopt);
}

TEST_F(Config, HyphensAndUnderscoresAreTheSame) { EXPECT_EQ(get("memory_budget"), get("memory-budget")); }

TEST_F(Config, ValuesOfTheWrongKindAreRefused) {
  const Scope scope("num-workers", "many");
  EXPECT_THROW(get_int("num-workers", 1), Error);
  EXPECT_THROW(get_bool("num-workers", true), Error);
}

TEST_F(Config, NullMeansThatPlaitFindsTheValue) {
  const Scope scope("num-workers", "null");
  EXPECT_EQ(get_int("num-workers", 3), 3);
}

Entry entry(const std::string& name) {
  for (Entry& each : entries()) {
    if (each.name == name) return each;
  }
  return {};
}

TEST_F(Config, EveryDeclaredSettingIsListedWithWhereItCameFrom) {
  ::setenv("PLAIT_SCHEDULER", "sync", 1);
  refresh();
  const Scope scope("split-every", "8");
  EXPECT_EQ(entry("memory-budget").source, (folder_ / "a.yaml").string());
  EXPECT_EQ(entry("scheduler").value, "sync");
  EXPECT_EQ(entry("scheduler").source, "PLAIT_SCHEDULER");
  EXPECT_EQ(entry("split-every").source, "the program");
  EXPECT_EQ(entry("array.chunk-size").source, "default");
  EXPECT_EQ(entry("array.chunk-size").value, setting::chunk_size.otherwise);
  EXPECT_NE(entry("array.chunk-size").meaning, "");
  EXPECT_EQ(entry("list").meaning, "");
  ::unsetenv("PLAIT_SCHEDULER");
}

TEST_F(Config, DeclaredDefaultsHaveTheirTypes) {
  EXPECT_EQ(get_int(setting::split_every), 4);
  EXPECT_EQ(get_bytes(setting::chunk_size), std::int64_t{128} << 20);
  EXPECT_EQ(get_bytes(setting::rechunk_task_size, 1000), 250);
  EXPECT_EQ(get_string(setting::scheduler), "threads");
}

TEST_F(Config, ASizeOfTheWrongKindIsRefusedByTheSettingsName) {
  for (const char* size : {"a lot", "-5 MB", "1e30 PB"}) {
    const Scope scope("memory-budget", size);
    try {
      get_bytes("memory-budget", 0);
      ADD_FAILURE() << size;
    } catch (const Error& error) {
      EXPECT_EQ(error.what(),
                fmt::format("config: memory-budget is '{}', expected a size such as '128 MiB' or '10MB'", size));
    }
  }
}

TEST_F(Config, AFileWhoseAliasesHaveNoEndIsAnErrorThatNamesIt) {
  std::ofstream(folder_ / "endless.yaml") << "a: &x\n  b: *x\n";
  try {
    refresh();
    get("scheduler");
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_NE(std::string(error.what()).find("endless.yaml"), std::string::npos);
    EXPECT_NE(std::string(error.what()).find("holds itself"), std::string::npos);
  }
  std::filesystem::remove(folder_ / "endless.yaml");
}

TEST_F(Config, AFractionIsOfTheWhole) {
  const Scope scope("memory-budget", "0.5");
  EXPECT_EQ(get_bytes("memory-budget", 0, 1000), 500);
}

}  // namespace
}  // namespace plait::config
