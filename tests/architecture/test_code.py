"""House rules that a machine can hold."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted(
    path
    for part in ("portal", "search", "seed_data")
    for path in (ROOT / part).rglob("*.py")
    if "node_modules" not in path.parts
)
TEMPLATES = sorted(ROOT.glob("portal/**/templates/**/*.html"))
SQL = re.compile(r"^\s*(SELECT|INSERT|UPDATE|DELETE|WITH|CREATE|DROP|ALTER|ATTACH|PRAGMA)\s")
DRAWERS = {"utils", "util", "helpers", "common", "misc", "core", "base", "shared", "manager"}


def _parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", SOURCES, ids=_name)
def test_no_sql_is_made_with_an_f_string(path: Path) -> None:
    for node in ast.walk(_parsed(path)):
        if isinstance(node, ast.JoinedStr):
            text = "".join(str(p.value) for p in node.values if isinstance(p, ast.Constant))
            assert not SQL.match(text), f"{path}:{node.lineno}"


@pytest.mark.parametrize("path", SOURCES, ids=_name)
def test_files_and_functions_stay_small(path: Path) -> None:
    assert path.read_text(encoding="utf-8").count("\n") <= 300
    for node in ast.walk(_parsed(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno <= 40, f"{path}: {node.name}"


@pytest.mark.parametrize("path", SOURCES, ids=_name)
def test_every_module_says_what_it_promises(path: Path) -> None:
    assert path.stem not in DRAWERS
    if path.read_text(encoding="utf-8").strip():
        assert ast.get_docstring(_parsed(path)), path


@pytest.mark.parametrize("path", TEMPLATES, ids=_name)
def test_templates_hold_no_script_and_no_style(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle=|\son[a-z]+=|<style|hx-on|javascript:", text)
    assert not re.search(r"<script(?![^>]*\bsrc=)", text)
    assert "| safe" not in text
    assert "|safe" not in text
    assert text.count("\n") <= 120


def _page_calls() -> list[tuple[str, str, str]]:
    found = []
    for path in SOURCES:
        for node in ast.walk(_parsed(path)):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "page":
                template = next(a.value for a in node.args if isinstance(a, ast.Constant))
                block = next((k.value.value for k in node.keywords if k.arg == "block"), "results")
                found.append((_name(path), template, block))
    return found


@pytest.mark.parametrize(("source", "template", "block"), _page_calls())
def test_every_block_that_a_page_answers_exists(source: str, template: str, block: str) -> None:
    (path,) = [
        each for each in TEMPLATES if each.name == template and "datasette" not in each.parts
    ]
    assert f"{{% block {block} %}}" in path.read_text(encoding="utf-8"), source


# who may decide, or must read what a definition says of itself; all others ask `indicators.sight`
SPEAKS_OF_PEOPLE = {
    *("indicators", "defining", "approvals", "transfer", "explaining", "i18n"),
    "compiling",  # what it reads leaves it through disclosure control alone
}


@pytest.mark.parametrize("path", [p for p in SOURCES if "portal" in p.parts], ids=_name)
def test_who_sees_a_figure_is_decided_at_one_gate(path: Path) -> None:
    if path == ROOT / "portal/indicators/sight.py":
        return
    room = path.relative_to(ROOT).parts[1]
    for node in ast.walk(_parsed(path)):
        name = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
        if isinstance(node, ast.ImportFrom):
            name = " ".join(each.name for each in node.names)
        assert "may_see" not in name.split(), f"{path}:{getattr(node, 'lineno', 0)}"
        if name == "counts_people":
            assert room in SPEAKS_OF_PEOPLE, f"{path}:{getattr(node, 'lineno', 0)}"
        if "find_targets" in name.split():
            assert room in {"indicators", "defining"}, f"{path}: baselines are figures"
