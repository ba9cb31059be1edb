"""The web server: ASGI front, Flask application, errors, operations, access log."""
