"""Makes the application for a WSGI server; nothing else."""

from ilacs_app import create_app

app = create_app()
