"""The ``ilacs`` command, with a group for each feature.

Exit codes: 0 done, 1 refused or failed with nothing changed, 2 wrong usage.
"""

from __future__ import annotations

import click

from ilacs_app.garbage import without_collecting


def main() -> None:
    """Run the command line."""
    _commands()(prog_name="ilacs")


@without_collecting()
def _commands() -> click.Group:
    from ilacs_app.as_at.cli import history
    from ilacs_app.console import CommandGroup
    from ilacs_app.demo.cli import demo, sample
    from ilacs_app.digests.cli import digests
    from ilacs_app.intake.cli import plan_import
    from ilacs_app.people.cli import people
    from ilacs_app.reporting.export.cli import plan_check, plan_export
    from ilacs_app.serving.cli import database, routes, serve
    from ilacs_app.serving.stored_files.cli import evidence

    ilacs = CommandGroup(
        "ilacs",
        help="Manage a council's improvement plan for children's services.",
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    click.version_option(package_name="ilacs-app", message="%(version)s")(ilacs)
    plan = click.Group("plan", help="Import, export and check plans.")
    plan.add_command(plan_import)
    plan.add_command(plan_export)
    plan.add_command(plan_check)
    for command in (demo, sample, serve, database, routes, people, plan, digests, evidence, history):
        ilacs.add_command(command)
    return ilacs


if __name__ == "__main__":
    main()
