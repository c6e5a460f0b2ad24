#include "dashboard/dashboard.h"

namespace plait::dashboard {

// Asks for /json/snapshot.json twice a second and draws with elements of the page alone.
const std::string& status_page() {
  static const std::string page = R"html(<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Plait: Status</title>
<link rel="icon" href="data:,">
<style>
:root { color-scheme: light dark; --line: #8884; --dim: #888; --run: #4c78a8; --mem: #54a24b; --wait: #8888; --done: #54a24b70; --err: #e45756; --spill: #b279a2; }
body { font: 14px system-ui, sans-serif; margin: 0 auto; max-width: 1200px; padding: 16px; }
h1 { font-size: 20px; margin: 0; } h2 { font-size: 15px; margin: 24px 0 6px; }
header { display: flex; gap: 24px; align-items: baseline; flex-wrap: wrap; }
#facts span, .dim { color: var(--dim); } #facts b { margin-right: 18px; }
table { border-collapse: collapse; width: 100%; } td, th { text-align: left; padding: 4px 24px 4px 0; border-bottom: 1px solid var(--line); }
th { color: var(--dim); font-weight: normal; } .number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.bar { display: flex; height: 14px; background: #8882; border-radius: 3px; overflow: hidden; min-width: 120px; }
.bar i { height: 100%; } .name { max-width: 320px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.legend i { display: inline-block; width: 10px; height: 10px; margin: 0 5px 0 14px; } .legend i:first-child { margin-left: 0; }
#gone { color: var(--err); }
</style>
</head>
<body>
<header><h1>Plait</h1><div id="facts"></div><div id="gone" role="status"></div></header>
<h2>Workers</h2>
<table><thead><tr><th>worker<th>state<th class="number">threads at work<th>memory<th class="number">of it in results, on disk<th class="number">tasks before it</thead><tbody id="workers"></tbody></table>
<h2>Progress</h2>
<div class="legend dim"><i style="background:var(--mem)"></i>in memory<i style="background:var(--done)"></i>released<i style="background:var(--run)"></i>processing<i
 style="background:var(--wait)"></i>waiting<i style="background:var(--err)"></i>erred</div>
<table><tbody id="families"></tbody></table>
<p class="dim" id="empty"></p>
<script>
"use strict";
const token = new URLSearchParams(location.search).get("token") || "";
const byId = id => document.getElementById(id);
function size(bytes) {
  for (const unit of ["B", "kiB", "MiB", "GiB"]) {
    if (bytes < 1024 * 0.9) return (unit === "B" ? bytes : bytes.toFixed(2)) + " " + unit;
    bytes /= 1024;
  }
  return bytes.toFixed(2) + " TiB";
}
function element(kind, text, className) {
  const made = document.createElement(kind);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
}
function bar(parts, whole) {
  const made = element("div", undefined, "bar");
  for (const [amount, color] of parts) {
    if (!amount) continue;
    const part = element("i");
    part.style.width = 100 * Math.min(1, amount / Math.max(1, whole)) + "%";
    part.style.background = "var(--" + color + ")";
    made.append(part);
  }
  return made;
}
function row(cells) {
  const made = element("tr");
  for (const [content, className] of cells) {
    const cell = element("td", undefined, className);
    cell.append(content);
    made.append(cell);
  }
  return made;
}
function facts(pairs) {
  byId("facts").replaceChildren(...pairs.flatMap(([name, value]) => [element("span", name + " "), element("b", value)]));
}
function sum(counts) { return Object.values(counts).reduce((a, b) => a + b, 0); }
function byName(a, b) { return a.name.localeCompare(b.name, undefined, {numeric: true}); }
function workerRow(worker) {
  const limit = worker.memory_limit || Math.max(worker.memory, 1);
  const memory = element("div");
  memory.append(bar([[worker.managed, "mem"], [Math.max(0, worker.memory - worker.managed), "run"]], limit),
                element("span", size(worker.memory) + (worker.memory_limit ? " of " + size(worker.memory_limit) : ""), "dim"));
  return row([[worker.name, "name"], [worker.status], [worker.executing + " of " + worker.nthreads, "number"], [memory],
              [size(worker.managed) + ", " + size(worker.spilled), "number"], [String(worker.processing), "number"]]);
}
function familyRow({name, tasks}) {
  const whole = sum(tasks), done = tasks.memory + tasks.released;
  const parts = [[tasks.memory, "mem"], [tasks.released, "done"], [tasks.processing, "run"], [tasks.waiting + tasks.queued, "wait"], [tasks.erred, "err"]];
  return row([[name, "name"], [bar(parts, whole)], [done + " of " + whole, "number"]]);
}
function draw(state) {
  const {tasks, workers, families} = state;
  const total = key => workers.reduce((all, worker) => all + worker[key], 0);
  facts([["workers", workers.length], ["threads", total("nthreads")], ["memory", size(total("memory"))], ["processing", tasks.processing],
         ["waiting", tasks.waiting + tasks.queued], ["in memory", tasks.memory], ["erred", tasks.erred]]);
  byId("workers").replaceChildren(...workers.sort(byName).map(workerRow));
  byId("families").replaceChildren(...families.filter(each => sum(each.tasks)).slice(0, 200).map(familyRow));
  byId("empty").textContent = sum(tasks) ? "" : "No tasks now.";
}
async function look() {
  try {
    const answer = await fetch("json/snapshot.json?token=" + encodeURIComponent(token));
    if (!answer.ok) throw new Error(await answer.text());
    draw(await answer.json());
    byId("gone").textContent = "";
  } catch (error) {
    byId("gone").textContent = "The cluster does not answer.";
  }
  setTimeout(look, 500);
}
look();
</script>
</body>
</html>
)html";
  return page;
}

}  // namespace plait::dashboard
