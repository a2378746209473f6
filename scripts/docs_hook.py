"""What MkDocs calls while it builds the site: pages that are made, not written by hand."""

import re
import tempfile
from contextlib import chdir
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

import functorch_course as fc
from docsite import dictionary, formulas, lessons, readme, reference

ANCHOR = re.compile(r'\bid="(functorch_course[\w.]*)"')


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Put the lessons and the parts of the library into the navigation."""
    made = {
        "Lessons": [f"lessons/{lesson.path.stem}.md" for lesson in fc.lessons.contents()],
        "Reference": [{_title(part): f"reference/{part}.md"} for part in reference.pages()],
    }
    for section in config.nav or []:
        for name, pages in made.items():
            if name in section:
                section[name] = pages
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages that are made: of the README, the lessons, the reference, the dictionary."""
    made: dict[str, str | bytes] = {
        target: readme.page(name) for name, target in readme.PAGES.items()
    }
    made["benchmarks.md"] = readme.benchmarks()
    made |= {f"reference/{part}.md": text for part, text in reference.pages().items()}
    made |= _lessons()
    stems = {
        Path(name).stem for name in made if name.startswith("lessons/") and name.endswith("md")
    }
    made["dictionary.md"] = dictionary.page(stems)
    for name, content in made.items():
        files.append(File.generated(config, name, content=content))
    return files


def on_page_content(html: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Turn formulas into MathML."""
    del page, config, files
    return formulas.in_mathml(html)


def on_post_build(config: MkDocsConfig) -> None:
    """Refuse a site whose reference lacks a public name."""
    pages = Path(config.site_dir, "reference").rglob("*.html")
    anchors = {name for page in pages for name in ANCHOR.findall(page.read_text(encoding="utf-8"))}
    missing = reference.missing(anchors)
    if missing:
        raise PluginError(f"the reference lacks {', '.join(missing)}")


def _lessons() -> dict[str, str | bytes]:
    """Run all lessons in a folder that is thrown away, and return their pages and pictures."""
    made: dict[str, str | bytes] = {}
    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        for lesson in fc.lessons.contents():
            page = lessons.render(lesson)
            made[f"lessons/{lesson.path.stem}.md"] = page.text
            made |= {f"lessons/{name}": data for name, data in page.pictures.items()}
    return made


def _title(part: str) -> str:
    return "fc" if part == reference.TOP else f"fc.{part}"
