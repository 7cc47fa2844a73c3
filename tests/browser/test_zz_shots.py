import os, pytest
from tests.browser.states import STATES, PAGES, opened
WANT = os.environ.get("SHOTS", "")
PICK = [s for s in STATES if (s.name in PAGES and s.role == {"my work": "lead", "a board": "programme_manager", "an action": "lead"}.get(s.name, "programme_manager")) or s.name not in PAGES]
PICK += [s for s in STATES if s.name == "my work" and s.role in ("verifier", "chair")]
@pytest.mark.parametrize("state", PICK, ids=str)
def test_shot(enter, site, watch, state):
    if WANT and not any(w in str(state) for w in WANT.split(",")): pytest.skip("x")
    watch.expected.update({401,403,404,409,422,503}); watch.offline = True
    page = enter(state.role, state.address(site))
    if state.then: state.then(page, site)
    for width in (1366, 390):
        page.set_viewport_size({"width": width, "height": 900})
        page.screenshot(path=f"/tmp/b-shots/{str(state)}-{width}.png", full_page=True)
    watch.complaints.clear()
