// Draws the plots of a profile, each on a canvas of its own, along one axis of time: the wheel zooms, dragging moves, a double
// click shows all again.
const TOP = 8, BOTTOM = 28, FONT = "11px system-ui, sans-serif";
const LEFT = Math.min(260, Math.max(70, ...plots.flatMap(plot => plot.rows || []).map(widthOf)) + 16);
const RIGHT = plots.some(plot => plot.kind === "lines" && plot.series.length > 1) ? 60 : 20;
const end = Math.max(1e-9, ...plots.map(plot => plot.end));
let from = 0, to = end;

function widthOf(text) {
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = FONT;
  return pen.measureText(text).width;
}

function ink() {
  return getComputedStyle(document.body).getPropertyValue("--dim") || "#555";
}

function plotHeight(plot) {
  return plot.kind === "tasks" ? TOP + BOTTOM + Math.max(2, plot.rows.length) * 26 : 240;
}

function ticks(low, high, count) {
  const rough = (high - low) / count, power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map(each => each * power).find(each => each >= rough);
  const list = [];
  for (let at = Math.ceil(low / step) * step; at <= high; at += step) list.push(Number(at.toPrecision(12)));
  return list;
}

function view(canvas, plot) {
  const width = canvas.clientWidth, height = plotHeight(plot), ratio = window.devicePixelRatio || 1;
  canvas.width = width * ratio;
  canvas.height = height * ratio;
  canvas.style.height = height + "px";
  const pen = canvas.getContext("2d");
  pen.scale(ratio, ratio);
  pen.font = FONT;
  const inner = width - LEFT - RIGHT;
  return {pen, width, height, x: time => LEFT + (time - from) / (to - from) * inner,
          time: x => from + (x - LEFT) / inner * (to - from)};
}

function drawAxis({pen, width, height, x}) {
  pen.fillStyle = pen.strokeStyle = ink();
  pen.textAlign = "center";
  for (const at of ticks(from, to, 10)) {
    pen.fillText(at + " s", x(at), height - 10);
    pen.fillRect(x(at), height - BOTTOM, 1, 4);
  }
  pen.strokeRect(LEFT, TOP, width - LEFT - RIGHT, height - TOP - BOTTOM);
}

function drawTasks(area, plot) {
  const {pen, x, width} = area;
  pen.textAlign = "right";
  plot.rows.forEach((row, place) => { pen.fillStyle = ink(); pen.fillText(row, LEFT - 8, TOP + place * 26 + 17); });
  pen.save();
  pen.beginPath();
  pen.rect(LEFT, 0, width - LEFT - RIGHT, area.height);
  pen.clip();
  for (const [start, seconds, row, name] of plot.tasks) {
    pen.fillStyle = plot.colors[name];
    const left = Math.round(x(start));  // whole pixels: a short task would be a shade of its color else
    pen.fillRect(left, TOP + row * 26 + 3, Math.max(1, Math.round(x(start + seconds)) - left), 20);
  }
  pen.restore();
}

function drawLines(area, plot) {
  const {pen, x, width, height} = area;
  plot.series.forEach((series, place) => {
    const most = Math.max(1e-9, ...series.points.map(point => point[1]));
    const y = value => height - BOTTOM - value / most * (height - TOP - BOTTOM - 10);
    pen.fillStyle = pen.strokeStyle = series.color;
    pen.textAlign = place === 0 ? "right" : "left";
    for (const at of ticks(0, most, 4)) pen.fillText(at, place === 0 ? LEFT - 8 : width - RIGHT + 8, y(at) + 4);
    pen.save();
    pen.beginPath();
    pen.rect(LEFT, 0, width - LEFT - RIGHT, height);
    pen.clip();
    pen.beginPath();
    series.points.forEach(([time, value], at) => {
      if (series.steps && at > 0) pen.lineTo(x(time), y(series.points[at - 1][1]));
      pen.lineTo(x(time), y(value));
    });
    pen.lineWidth = 1.5;
    pen.stroke();
    pen.restore();
  });
}

function taskAt(area, plot, px, py) {
  const row = Math.floor((py - TOP) / 26), time = area.time(px);
  return plot.tasks.find(task => task[2] === row && task[0] <= time && time <= task[0] + task[1]);
}

const areas = [];
function drawAll() {
  plots.forEach((plot, place) => {
    const area = areas[place] = view(document.getElementById("plot" + place), plot);
    if (plot.kind === "tasks") drawTasks(area, plot); else drawLines(area, plot);
    drawAxis(area);
  });
}

function move(low, high) {
  from = Math.max(0, low);
  to = Math.min(end, Math.max(high, from + 1e-6));
  drawAll();
}

plots.forEach((plot, place) => {
  const canvas = document.getElementById("plot" + place), tip = document.getElementById("tip");
  let held = null;
  canvas.addEventListener("wheel", event => {
    event.preventDefault();
    const at = areas[place].time(event.offsetX), scale = event.deltaY > 0 ? 1.25 : 0.8;
    move(at - (at - from) * scale, at + (to - at) * scale);
  });
  canvas.addEventListener("mousedown", event => { held = event.offsetX; });
  window.addEventListener("mouseup", () => { held = null; });
  canvas.addEventListener("dblclick", () => move(0, end));
  canvas.addEventListener("mousemove", event => {
    if (held !== null) {
      const shift = areas[place].time(held) - areas[place].time(event.offsetX);
      held = event.offsetX;
      if (from + shift >= 0 && to + shift <= end) move(from + shift, to + shift);
      return;
    }
    const task = plot.kind === "tasks" && taskAt(areas[place], plot, event.offsetX, event.offsetY);
    tip.style.display = task ? "block" : "none";
    if (!task) return;
    tip.textContent = `${plot.names[task[3]]}  ${task[4]}  ${(task[1] * 1000).toPrecision(4)} ms`;
    tip.style.left = event.pageX + 12 + "px";
    tip.style.top = event.pageY + 12 + "px";
  });
});
window.addEventListener("resize", drawAll);
window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
drawAll();
