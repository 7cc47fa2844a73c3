"""The auditor itself can fail: each of these is a fault that it must find."""

from __future__ import annotations

import pytest

from tests.auditor import _drafts, _html, _refused_reading, read

FRAME = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
    '<title>Plan</title></head><body><a href="#main">Skip</a><main id="main">'
    '<div id="status" role="status"></div><h1>Plan</h1>{}</main></body></html>'
)
GOOD = (
    '<form method="post" action="/actions/1/notes"><input type="hidden" name="csrf_token" value="x">'
    '<input type="hidden" name="once" value="x"><input type="hidden" name="view" value="work">'
    '<label for="did">What we did</label><textarea id="did" name="did"></textarea><button>Save</button></form>'
)
FAULTS = {
    "another h1": "<h1>Two</h1>",
    "the same id twice": '<p id="a">1</p><p id="a">2</p>',
    "a field without label": '<input name="q">',
    "a label without words": '<label for="q"></label><input id="q" name="q">',
    "a form without token": GOOD.replace("csrf_token", "other"),
    "a form without once": GOOD.replace('"once"', '"twice"'),
    "a form without view": GOOD.replace('"view"', '"other"'),
    "a style": '<p style="color: red">1</p>',
    "a handler": '<p onclick="x()">1</p>',
    "a handler of htmx": '<p hx-on:click="x()">1</p>',
    "a script in the page": "<script>x()</script>",
    "a script from elsewhere": '<script src="https://cdn.example/x.js"></script>',
    "a style sheet in the page": "<style>p {}</style>",
    "a polite word": "<p>Please try again.</p>",
    "a cheer": "<p>Success! It is saved.</p>",
    "a description that is not there": '<p aria-describedby="gone">1</p>',
    "a heading that is not there": '<section aria-labelledby="gone"><p>1</p></section>',
    "a link without words": '<a href="/"></a>',
    "a link to nowhere": '<a href="#gone">There</a>',
    "a script as address": '<a href="javascript:x()">There</a>',
    "an open tag": "<div><p>1</div>",
    "a table without caption": "<table><tr><td>1</td></tr></table>",
    "a second status region": '<p role="status">Saved</p>',
    "a level of heading left out": "<h3>Three</h3>",
    "a form in a form": GOOD.replace("</form>", GOOD + "</form>"),
    "errors in another order than their fields": '<div data-error-summary><a href="#did">2</a><a href="#q">1</a></div>'
    '<label for="q">Q</label><input id="q" name="q">' + GOOD,
    "a drawing that is not there": '<svg aria-hidden="true"><use href="#shape-gone"/></svg>',
}


def test_the_auditor_is_content_with_a_good_page():
    assert list(_html(FRAME.format(GOOD))) == []
    assert list(_html(GOOD)) == []


@pytest.mark.parametrize("fault", FAULTS)
def test_the_auditor_finds(fault):
    assert list(_html(FRAME.format(FAULTS[fault])))


def test_the_auditor_finds_a_form_that_forgets_what_is_typed():
    assert list(_drafts(read(GOOD)))
    assert not list(
        _drafts(read(GOOD.replace("<button>", '<span hx-post="/drafts?of=/actions/1/notes"></span><button>')))
    )


@pytest.mark.parametrize("part", ['lang="en"', "<title>Plan</title>", "<h1>Plan</h1>", 'role="status"'])
def test_the_auditor_misses_what_each_page_needs(part):
    assert list(_html(FRAME.format("").replace(part, "")))


def test_the_reader_gives_text_to_the_letter():
    tree = read("<textarea id='a'>\nOne\n  two &amp; three</textarea>")
    assert tree.one("textarea", id="a").whole_text == "One\n  two & three"


@pytest.mark.parametrize("heading", ["You cannot change this", "Not saved"])
def test_the_auditor_finds_a_reader_who_is_refused_a_change_that_they_did_not_ask_for(heading):
    assert list(_refused_reading(read(f"<h1>{heading}</h1>")))
    assert not list(_refused_reading(read("<h1>You cannot open this</h1><p>Only the chair can change this.</p>")))
