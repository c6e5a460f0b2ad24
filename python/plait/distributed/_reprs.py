"""What clients, clusters and futures look like, as text and in notebooks."""

from __future__ import annotations

import html
from typing import Any

from ..utils import format_bytes, key_split, typename

_DIM = "color: var(--jp-ui-font-color2, gray)"
_COLORS = {"finished": "var(--jp-success-color0, #287a37)", "error": "var(--jp-error-color0, #b3261e)"}


def _type_name(future: Any) -> str:
    kind = future.type
    if kind is None:
        return ""
    return kind if isinstance(kind, str) else typename(kind, short=True)


def future_text(future: Any) -> str:
    """``<Future: finished, type: int, key: inc-...>``"""
    status, kind = future.status, _type_name(future)
    return f"<Future: {status}, {f'type: {kind}, ' if kind else ''}key: {future.key}>"


def future_html(future: Any) -> str:
    """A future's line in a notebook."""
    status, kind = future.status, _type_name(future)
    color = _COLORS.get(status, "inherit")
    parts = [f"<strong>Future: {html.escape(key_split(future.key))}</strong>", f'<span style="{_DIM}"> status: </span>']
    parts.append(f'<span style="color: {color}">{status}</span>,')
    if kind:
        parts.append(f'<span style="{_DIM}"> type:</span> {html.escape(kind)},')
    parts.append(f'<span style="{_DIM}"> key:</span> {html.escape(str(future.key))}')
    return "\n".join(parts)


def sums(info: dict | None) -> tuple[int, int, int]:
    """(workers, threads, bytes of their limits) of a scheduler's information."""
    workers = (info or {}).get("workers", {}).values()
    return len(workers), sum(each["nthreads"] for each in workers), sum(each["memory_limit"] or 0 for each in workers)


def client_text(kind: str, address: str | None, info: dict | None) -> str:
    """``<Client: 'tcp://127.0.0.1:8786' processes=4 threads=8, memory=7.45 GiB>``"""
    if address is None:
        return f"<{kind}: No scheduler connected>"
    workers, threads, memory = sums(info)
    limit = f", memory={format_bytes(memory)}" if memory else ""
    return f"<{kind}: {address!r} processes={workers} threads={threads}{limit}>"


def cluster_text(kind: str, name: Any, address: str, info: dict | None) -> str:
    """``LocalCluster(1a2b3c4d, 'tcp://127.0.0.1:8786', workers=4, threads=8, memory=7.45 GiB)``"""
    workers, threads, memory = sums(info)
    return f"{kind}({name}, {address!r}, workers={workers}, threads={threads}, memory={format_bytes(memory)})"


def _table(rows: list[tuple[str, str, str, str]]) -> str:
    """Pairs of facts, two a row, as cells."""

    def cell(name: str, value: str) -> str:
        return f'<td style="text-align: left;"><strong>{name}:</strong> {value}</td>' if name else "<td></td>"

    lines = "".join(f"<tr>{cell(row[0], row[1])}{cell(row[2], row[3])}</tr>" for row in rows)
    return f'<table style="width: 100%; text-align: left;">{lines}</table>'


def _link(url: str | None) -> str:
    return f'<a href="{html.escape(url)}" target="_blank">{html.escape(url)}</a>' if url else "none"


def _box(color: str, title: str, subtitle: str, body: str) -> str:
    square = f'<div style="width: 24px; height: 24px; background-color: {color}; border: 3px solid #9d9d9d; border-radius: 5px; position: absolute;"></div>'
    return (
        f'<div><div>{square}<div style="margin-left: 48px;"><h3 style="margin-bottom: 0px;">{html.escape(title)}</h3>'
        f'<p style="color: #9d9d9d; margin-bottom: 0px;">{html.escape(subtitle)}</p>{body}</div></div></div>'
    )


def workers_html(info: dict | None) -> str:
    """The workers one by one, folded."""
    items = []
    for address, worker in (info or {}).get("workers", {}).items():
        limit = format_bytes(worker["memory_limit"]) if worker["memory_limit"] else "none"
        rows = [
            ("Comm", html.escape(address), "Total threads", str(worker["nthreads"])),
            ("Memory", limit, "Local directory", html.escape(str(worker["local_directory"]))),
        ]
        items.append(f'<details><summary><h4 style="display: inline;">Worker: {html.escape(str(worker["name"]))}</h4></summary>{_table(rows)}</details>')
    return "".join(items)


def cluster_html(kind: str, name: Any, status: str, link: str | None, info: dict | None) -> str:
    """A cluster in a notebook."""
    workers, threads, memory = sums(info)
    rows = [
        ("Dashboard", _link(link), "Workers", str(workers)),
        ("Total threads", str(threads), "Total memory", format_bytes(memory)),
        ("Status", html.escape(status), "Scheduler", html.escape(str((info or {}).get("address", "none")))),
    ]
    return _box("#e1e1e1", kind, str(name), f'{_table(rows)}<details><summary><h3 style="display: inline;">Workers</h3></summary>{workers_html(info)}</details>')


def client_html(client: Any, info: dict | None, link: str | None, cluster: Any) -> str:
    """A client in a notebook."""
    rows = [("Connection method", "Cluster object" if cluster is not None else "Direct", "Dashboard", _link(link))]
    inner = cluster._repr_html_() if cluster is not None else workers_html(info)
    what = "Cluster Info" if cluster is not None else "Scheduler Info"
    body = f'{_table(rows)}<details><summary><h3 style="display: inline;">{what}</h3></summary>{inner}</details>'
    return _box("#e1e1e1", "Client", client.id, body)
