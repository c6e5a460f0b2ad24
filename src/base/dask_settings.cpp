#include "base/dask_settings.h"

#include <array>

namespace plait::config {
namespace {

constexpr std::array kSettings = {
    Declared{"temporary-directory", "null", "folder of the spill file where spill.directory is not set"},
    Declared{"visualization.engine", "null",
             "what draws graphs: graphviz or plait; null: Graphviz where it is installed"},
    Declared{
        "admin.traceback.shorten",
        R"(["plait/(base|callbacks|errors|graph|local|threaded|multiprocessing)[.]py", "plait/array/_block_call[.]py", "plait/dataframe/_pandas_calls[.]py"])",
        "files whose frames are left out of tracebacks of runs, as regular expressions"},
    Declared{"admin.async-client-fallback", "null", "without effect: of clients of a cluster"},
    Declared{"array.backend", "numpy", "without effect: arrays are the engine's"},
    Declared{"array.query-planning", "null", "without effect: every plan is optimized"},
    Declared{"array.rechunk.method", "null", "without effect: the engine chooses"},
    Declared{"array.rechunk.threshold", "4", "without effect: see array.rechunk.task-size"},
    Declared{"array.slicing.split-large-chunks", "null", "without effect: chunks of an index are those of its array"},
    Declared{"array.svg.size", "120", "without effect: arrays are shown as text"},
    Declared{"dataframe.backend", "pandas", "without effect: partitions are Arrow memory, shown as pandas objects"},
    Declared{"dataframe.convert-string", "null", "without effect: texts are Arrow's"},
    Declared{"dataframe.parquet.metadata-task-size-local", "512", "without effect: files are read in parallel"},
    Declared{"dataframe.parquet.metadata-task-size-remote", "1", "without effect: files are read in parallel"},
    Declared{"dataframe.parquet.minimum-partition-size", "75000000", "without effect: partitions follow memory-budget"},
    Declared{"dataframe.query-planning", "null", "without effect: every plan is optimized"},
    Declared{"dataframe.shuffle.compression", "null", "without effect: the spill file is compressed where that pays"},
    Declared{"dataframe.shuffle.method", "null", "without effect: the engine exchanges rows"},
    Declared{"optimization.annotations.fuse", "true", "without effect: annotations do not stand between operations"},
    Declared{"optimization.tune.active", "true", "without effect: partitions follow memory-budget"},
    Declared{"optimization.fuse.active", "null", "of plait.optimization.fuse, for graphs of tuples"},
    Declared{"optimization.fuse.ave-width", "1", "of plait.optimization.fuse, for graphs of tuples"},
    Declared{"optimization.fuse.max-width", "null", "of plait.optimization.fuse, for graphs of tuples"},
    Declared{"optimization.fuse.max-height", ".inf", "of plait.optimization.fuse, for graphs of tuples"},
    Declared{"optimization.fuse.max-depth-new-edges", "null", "of plait.optimization.fuse, for graphs of tuples"},
    Declared{"optimization.fuse.rename-keys", "true", "of plait.optimization.fuse, for graphs of tuples"},
    Declared{"optimization.fuse.delayed", "false", "of plait.optimization.fuse, for graphs of tuples"},
    Declared{"tokenize.ensure-deterministic", "false", "whether tokenize refuses what has no token that lasts"},
};

}  // namespace

std::span<const Declared> dask_settings() { return kSettings; }

}  // namespace plait::config
