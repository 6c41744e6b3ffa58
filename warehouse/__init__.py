"""Connections and the embedded PostgreSQL.

The only package that knows how to reach a database.
"""
