def test_it(enter, site):
    page = enter("lead")
    print(page.title(), page.inner_text("main"))
    print(site.actions)
