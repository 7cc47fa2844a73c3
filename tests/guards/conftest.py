"""Every answer here goes through the auditor."""

import pytest

from tests.auditor import AuditedClient


@pytest.fixture(autouse=True)
def audited(request: pytest.FixtureRequest) -> None:
    if "app" in request.fixturenames:
        request.getfixturevalue("app").test_client_class = AuditedClient
