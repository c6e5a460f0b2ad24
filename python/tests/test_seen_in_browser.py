"""The dashboard and reports as a browser shows them: drawn, readable, with nothing to say on the console and nothing from elsewhere."""

import re

import pytest

import plait.array as da
from browser import look_at, needs_chromium
from distributed_samples import fail, inc, wait_for_file
from plait.distributed import Client, performance_report

pytestmark = needs_chromium

# What is drawn on each canvas, counted by colors, and how much darker or lighter the text is than the paper.
_MEASURE = """<script>
for (const canvas of document.querySelectorAll("canvas")) {
  const {data} = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height), colors = {};
  for (let at = 0; at < data.length; at += 4) if (data[at + 3] === 255) {
    const color = [data[at], data[at + 1], data[at + 2]].join(",");
    colors[color] = (colors[color] || 0) + 1;
  }
  document.body.setAttribute("data-" + canvas.id, Object.entries(colors).sort((a, b) => b[1] - a[1]).map(([color]) => color).slice(0, 40).join(" "));
}
const light = text => text.match(/[0-9]+/g).slice(0, 3).reduce((sum, each) => sum + Number(each), 0);
const style = getComputedStyle(document.body);
document.body.setAttribute("data-contrast", light(style.color) - light(style.backgroundColor));
document.body.setAttribute("data-loaded", performance.getEntriesByType("resource").map(each => each.name).join(" "));
</script></body>"""


@pytest.fixture(scope="module")
def client():
    with Client(n_workers=2, threads_per_worker=1, dashboard_address=":0") as client:
        yield client


def colors_of(legend):
    return [[int(text[at : at + 2], 16) for at in (1, 3, 5)] for text in re.findall(r"background:(#[0-9a-f]{6})", legend)]


def drawn_colors(seen, place):
    return [[int(each) for each in color.split(",")] for color in seen.attribute(f"data-plot{place}").split()]


def are_near(one, other):
    return max(abs(a - b) for a, b in zip(one, other, strict=True)) < 40


@pytest.mark.parametrize("is_dark", [False, True])
def test_a_report_is_drawn(client, tmp_path, is_dark):
    path = tmp_path / "report.html"
    with performance_report(filename=str(path)):
        da.ones((400, 400), chunks=100).sum().compute()
        client.gather(client.map(inc, range(20), pure=False))
    text = path.read_text()
    path.write_text(text.replace("</body>", _MEASURE))
    seen = look_at(f"file://{path}", tmp_path, is_dark=is_dark)
    assert seen.console == []
    assert seen.attribute("data-loaded") == ""
    legend = re.findall(r'<div class="legend">(.*?)</div>', text)
    assert len(legend) == 3
    assert any(color in drawn_colors(seen, 0) for color in colors_of(legend[0]))
    for place in (1, 2):
        assert any(are_near(color, colors_of(legend[place])[0]) for color in drawn_colors(seen, place))
    contrast = int(seen.attribute("data-contrast"))
    assert contrast > 400 if is_dark else contrast < -400


def test_the_dashboard_shows_workers_and_progress(client, tmp_path):
    done = client.map(inc, range(30))
    client.gather(done)
    failed = client.submit(fail, 1)
    failed.exception()
    waits = client.map(wait_for_file, [str(tmp_path / name) for name in "abc"])
    seen = look_at(client.dashboard_link, tmp_path)
    for name in "abc":
        (tmp_path / name).touch()
    client.gather(waits)
    assert seen.console == []
    workers, families = (re.search(rf'<tbody id="{name}">(.*?)</tbody>', seen.dom, re.S)[1] for name in ("workers", "families"))
    assert re.findall(r'<tr><td class="name">(\d)</td>', workers) == ["0", "1"]
    bars = dict(re.findall(r"""<td class="name">(\w+)</td><td><div class="bar">(.*?)</div>""", families))
    assert "width: 100%; background: var(--mem)" in bars["inc"]
    assert "background: var(--err)" in bars["fail"]
    assert "background: var(--run)" in bars["wait_for_file"]
    assert '<div id="gone" role="status"></div>' in seen.dom


def test_without_the_token_the_dashboard_shows_nothing(client, tmp_path):
    seen = look_at(client.dashboard_link.partition("?")[0], tmp_path, milliseconds=500)
    assert '<tbody id="workers">' not in seen.dom
