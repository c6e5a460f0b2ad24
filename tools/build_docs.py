"""Turn the pages of docs/ and the public headers into HTML: `tools/build_docs.py build/docs`.

A link to another page that does not exist fails the build.
"""

import pathlib
import re
import sys

import markdown
import pygments
import pygments.formatters
import pygments.lexers

ROOT = pathlib.Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
HEADERS = sorted((ROOT / "include" / "plait").glob("*.h"))
EXTENSIONS = ["tables", "fenced_code", "codehilite", "toc"]

PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title} - Plait</title>
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: auto; padding: 0 1rem 4rem }}
pre {{ overflow-x: auto; padding: .6rem; background: #f6f6f4 }} code {{ font-size: .9em }}
table {{ border-collapse: collapse; display: block; overflow-x: auto }} td, th {{ border: 1px solid #ddd; padding: .2rem .6rem; text-align: left }}
img {{ max-width: 100% }} nav a {{ margin-right: 1rem }}
{highlighting}
</style>
<nav>{navigation}</nav>
{body}
</html>
"""


def title_of(page: pathlib.Path) -> str:
    if page.suffix == ".h":
        return f"plait/{page.name}"
    return next(line.lstrip("# ") for line in page.read_text().splitlines() if line.startswith("#"))


def output_name(page: pathlib.Path) -> str:
    return "index.html" if page.name == "README.md" else f"{page.stem}{'-h' if page.suffix == '.h' else ''}.html"


def body_of(page: pathlib.Path) -> str:
    if page.suffix == ".h":
        lexer, formatter = pygments.lexers.CppLexer(), pygments.formatters.HtmlFormatter()
        return f"<h1>plait/{page.name}</h1>" + pygments.highlight(page.read_text(), lexer, formatter)
    html = markdown.markdown(page.read_text(), extensions=EXTENSIONS)
    return re.sub(r'(href|src)="([^":#]+)(#[^"]*)?"', lambda link: relinked(page, link), html)


def relinked(page: pathlib.Path, link: re.Match) -> str:
    """A link to a page or header as a link to its HTML; a link to anything else in the repository stays."""
    target = (page.parent / link[2]).resolve()
    if not target.exists():
        sys.exit(f"{page.relative_to(ROOT)}: links to {link[2]}, which does not exist")
    name = output_name(target) if target in PAGES + HEADERS else str(target.relative_to(ROOT))
    return f'{link[1]}="{name}{link[3] or ""}"'


def copy_images(output: pathlib.Path) -> None:
    for image in (ROOT / "docs" / "images").glob("*"):
        copy = output / image.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(image.read_bytes())


def main() -> None:
    output = pathlib.Path(sys.argv[1])
    output.mkdir(parents=True, exist_ok=True)
    pages = PAGES + HEADERS
    navigation = " ".join(f'<a href="{output_name(page)}">{title_of(page)}</a>' for page in pages)
    highlighting = pygments.formatters.HtmlFormatter().get_style_defs()
    for page in pages:
        text = PAGE.format(title=title_of(page), navigation=navigation, highlighting=highlighting, body=body_of(page))
        (output / output_name(page)).write_text(text)
    copy_images(output)
    print(f"{len(pages)} pages: {output / 'index.html'}")


if __name__ == "__main__":
    main()
