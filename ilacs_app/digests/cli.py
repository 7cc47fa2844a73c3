import click
@click.group()
def digests() -> None:
    """Letters."""
